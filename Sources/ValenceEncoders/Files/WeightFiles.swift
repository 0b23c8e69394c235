package import Foundation
import ValenceCore

/// The file of weights in a folder as Hugging Face's repositories are laid out.
package enum WeightFiles {
  static let safetensors = "model.safetensors"
  static let pickled = "pytorch_model.bin"

  /// The largest number of values of an array that is read: far above any published encoder's, and below
  /// what would take all memory at once.
  private static let largestArray = 1 << 29

  /// Refuses an array that would take gigabytes before anyone could say that its shape is wrong.
  static func refuseLarge(_ shape: [Int], of name: String) throws(WeightFault) {
    guard shape.reduce(1, *) <= largestArray else {
      throw WeightFault(
        reason: "its array \(name) of shape \(shape) is larger than any of a known encoder's.")
    }
  }

  /// Opens a folder's `model.safetensors` or else its `pytorch_model.bin`; no array is read yet.
  ///
  /// - Throws: `EncoderError` that names the file and says what is wrong with it.
  package static func open(in folder: URL) throws(EncoderError) -> any WeightFile {
    guard PathKind(folder) == .folder else {
      throw EncoderError(
        file: folder.path,
        reason: "this is no folder; it should hold an encoder's config.json and weights.")
    }
    let preferred = folder.appending(path: safetensors)
    if PathKind(preferred) != .missing { return try SafetensorsWeights(contentsOf: preferred) }
    let other = folder.appending(path: pickled)
    if PathKind(other) != .missing { return try PickledWeights(contentsOf: other) }
    try refuseShards(in: folder)
    throw EncoderError(
      file: folder.path,
      reason:
        "there is neither \(safetensors) nor \(pickled) in this folder; one of them should hold "
        + "the encoder's weights.")
  }

  /// Weights in several files are of models larger than any encoder that is known here.
  private static func refuseShards(in folder: URL) throws(EncoderError) {
    for (name, conversion) in [
      (safetensors, Conversion.ofShards), (pickled, Conversion.ofPickledShards),
    ] where PathKind(folder.appending(path: name + ".index.json")) != .missing {
      throw EncoderError(
        file: folder.appending(path: name + ".index.json").path,
        reason:
          "these weights lie in several files, which are not read; join them, in their folder, by: "
          + conversion)
    }
  }
}

/// Lines for a shell that write `model.safetensors` beside files that are not read.
///
/// They load tensors only.
enum Conversion {
  /// Of a `pytorch_model.bin` of any age.
  static let ofPickle = python(
    "import torch,safetensors.torch as s; s.save_file({k:v.contiguous().clone() for k,v in "
      + "torch.load('pytorch_model.bin',map_location='cpu',weights_only=True).items()},"
      + "'model.safetensors')")
  /// Of several files in safetensors' format.
  static let ofShards = python(
    "import glob,safetensors.torch as s; s.save_file({k:v for f in "
      + "glob.glob('model-*.safetensors') for k,v in s.load_file(f).items()},'model.safetensors')")
  /// Of several files of PyTorch's.
  static let ofPickledShards = python(
    "import glob,torch,safetensors.torch as s; s.save_file({k:v.contiguous().clone() for f in "
      + "glob.glob('pytorch_model-*.bin') for k,v in "
      + "torch.load(f,map_location='cpu',weights_only=True).items()},'model.safetensors')")

  private static func python(_ program: String) -> String { "python -c \"\(program)\"" }
}

/// Why a file of weights cannot be read, in a sentence to stand behind the file's name.
struct WeightFault: Error, Hashable {
  let reason: String

  init(reason: String) { self.reason = reason }

  /// A file that cannot be read, or ends too early.
  init(_ fault: ByteFault) {
    self = fault == .cut ? .damaged(fault.reason) : WeightFault(reason: fault.reason + ".")
  }

  /// A file that is not as its writer left it.
  static func damaged(_ clause: String) -> WeightFault {
    WeightFault(reason: "this is no whole file of weights: \(clause); fetch it again.")
  }

  /// A file that holds something else than a model's weights, or more.
  static func mixed(_ clause: String) -> WeightFault {
    WeightFault(reason: "\(clause); save the model's state_dict alone, by torch.save.")
  }

  /// A file whose arrays PyTorch can write in a form that is read.
  static func foreign(_ clause: String) -> WeightFault {
    WeightFault(
      reason: "\(clause); write it as \(WeightFiles.safetensors), in its folder, by: "
        + Conversion.ofPickle)
  }
}
