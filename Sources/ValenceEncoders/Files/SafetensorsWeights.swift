import Foundation
import ValenceCore

/// The arrays of a `model.safetensors`.
struct SafetensorsWeights: WeightFile {
  private let file: SafetensorsFile
  private let path: String
  let shapes: [String: [Int]]

  init(contentsOf url: URL) throws(EncoderError) {
    path = url.path
    do {
      switch try FileBeginning(ByteFile(url)) {
      case .zip:
        throw WeightFault(
          reason: "this is a zip archive, as PyTorch writes them; name it \(WeightFiles.pickled).")
      case let beginning: if let fault = beginning.fault { throw fault }
      }
      file = try SafetensorsFile(contentsOf: url, name: path)
      shapes = try Self.shapes(file)
    } catch {
      throw EncoderError(file: url.path, reason: Self.reason(error))
    }
  }

  func values(of name: String) throws(EncoderError) -> [Float] {
    do {
      try WeightFiles.refuseLarge(shapes[name] ?? [], of: name)
      if let type = file.type(of: name), NumberFormat(rawValue: type) == nil {
        throw WeightFault(
          reason:
            "its array \(name) has numbers of type \(type.shown), where weights are F32, F16 or BF16."
        )
      }
      return try file.values(of: name)
    } catch {
      throw EncoderError(file: path, reason: Self.reason(error))
    }
  }

  private static func shapes(_ file: SafetensorsFile) throws(WeightFault) -> [String: [Int]] {
    var shapes: [String: [Int]] = [:]
    for name in file.names {
      guard name.utf8.allSatisfy({ (0x20..<0x7F).contains($0) }) else {
        throw WeightFault(
          reason:
            "the name of its array \(name.shown) is not ASCII, as those of every known encoder are."
        )
      }
      shapes[name] = file.shape(of: name)
    }
    return shapes
  }

  private static func reason(_ error: any Error) -> String {
    switch error {
    case let fault as WeightFault: fault.reason
    case let fault as ByteFault: WeightFault(fault).reason
    case let error as SafetensorsError: WeightFault.damaged(error.reason).reason
    default: "\(error)"
    }
  }
}
