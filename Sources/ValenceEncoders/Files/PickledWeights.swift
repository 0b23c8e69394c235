import Foundation
import Synchronization
import ValenceCore

/// The arrays of a `pytorch_model.bin` as PyTorch has written them since 1.6: a zip archive with a pickle
/// that describes the tensors and an entry of plain numbers for each storage.
final class PickledWeights: WeightFile {
  /// Where the numbers of an array lie.
  private struct Place {
    var format: NumberFormat
    var shape: [Int]
    var count: Int
    /// The first byte, from the beginning of the file.
    var start: Int
    var entry: StoredZip.Entry
  }

  let shapes: [String: [Int]]
  private let path: String
  private let file: ByteFile
  private let places: [String: Place]
  /// The entries whose checksums were found right.
  private let checked = Mutex<Set<String>>([])

  /// The longest pickle that is read, some twenty times that of the largest published model.
  private static let longestPickle = 1 << 22

  init(contentsOf url: URL) throws(EncoderError) {
    path = url.path
    do {
      file = try ByteFile(url)
      try Self.refuseOtherFormats(file)
      places = try Self.places(file)
      shapes = places.mapValues(\.shape)
    } catch {
      throw EncoderError(file: url.path, reason: Self.reason(error))
    }
  }

  func values(of name: String) throws(EncoderError) -> [Float] {
    do {
      guard let place = places[name] else {
        throw WeightFault.damaged("it has no array \(name)")
      }
      try WeightFiles.refuseLarge(place.shape, of: name)
      // Several tensors may be parts of one storage.
      if !checked.withLock({ $0.contains(place.entry.name) }) {
        try StoredZip.check(place.entry, file)
        checked.withLock { _ = $0.insert(place.entry.name) }
      }
      return try place.format.floats(place.count, of: file, at: place.start)
    } catch {
      throw EncoderError(file: path, reason: Self.reason(error))
    }
  }

  private static func refuseOtherFormats(_ file: ByteFile) throws {
    let beginning = try FileBeginning(file)
    if let fault = beginning.fault { throw fault }
    switch beginning {
    case .zip: break
    case .oldPickle:
      throw WeightFault.foreign("this is the format of PyTorch before 1.6, which is not read")
    case .pickle:
      throw WeightFault.mixed("this is a bare pickle, which is not read and never executed")
    case .safetensors:
      throw WeightFault(
        reason: "this is a safetensors file by its content; name it \(WeightFiles.safetensors).")
    case .hdf5:
      throw WeightFault(
        reason:
          "this is an HDF5 file, as TensorFlow's weights are; take the repository's weights for "
          + "PyTorch.")
    default: throw WeightFault.damaged("it does not begin as a file of PyTorch's does")
    }
  }

  private static func places(_ file: ByteFile) throws -> [String: Place] {
    let zip = try StoredZip(file)
    let pickles = zip.entries.keys.filter {
      $0.hasSuffix("/data.pkl")
        && $0.split(separator: "/", omittingEmptySubsequences: false).count == 2
    }
    guard let name = pickles.first, pickles.count == 1, let pickle = zip.entries[name] else {
      throw WeightFault(
        reason:
          "this zip archive should hold one folder with a data.pkl, as PyTorch writes it, and "
          + "holds \(pickles.count).")
    }
    guard pickle.size <= longestPickle else {
      throw WeightFault.mixed(
        "its data.pkl of \(pickle.size) bytes describes more than a model's tensors")
    }
    let folder = String(name.dropLast("data.pkl".count))
    if let order = zip.entries[folder + "byteorder"] {
      guard try content(order, file, upTo: 16).elementsEqual("little".utf8) else {
        throw WeightFault.foreign("its byteorder is not 'little'")
      }
    }
    var places: [String: Place] = [:]
    for (name, tensor) in try TensorPickle.tensors(content(pickle, file, upTo: longestPickle)) {
      guard name.utf8.allSatisfy({ (0x20..<0x7F).contains($0) }) else {
        throw WeightFault(
          reason:
            "the name of its tensor \(name.shown) is not ASCII, as those of every known encoder are."
        )
      }
      let entry = zip.entries[folder + "data/" + tensor.storage.key]
      guard places.updateValue(try place(tensor, name.shown, entry), forKey: name) == nil else {
        throw WeightFault.damaged("its tensor \(name.shown) stands in it twice")
      }
    }
    return places
  }

  /// Finds a tensor's numbers in its storage's entry.
  private static func place(
    _ tensor: TensorPickle.Tensor, _ name: String, _ entry: StoredZip.Entry?
  ) throws -> Place {
    let storage = tensor.storage
    guard let entry else {
      throw WeightFault.damaged("the storage \(storage.key.shown) of its \(name) is missing")
    }
    let (size, overflows) = storage.count.multipliedReportingOverflow(by: storage.format.size)
    guard !overflows, size == entry.size else {
      throw WeightFault.damaged(
        "the storage of its \(name) should have \(storage.count) numbers of \(storage.format.size) "
          + "bytes, but its entry has \(entry.size) bytes")
    }
    let count = try count(tensor, name)
    guard tensor.offset <= storage.count, count <= storage.count - tensor.offset else {
      throw WeightFault.damaged("its \(name) reaches beyond its storage")
    }
    return Place(
      format: storage.format, shape: tensor.shape, count: count,
      start: entry.start + tensor.offset * storage.format.size, entry: entry)
  }

  /// The number of values of a tensor whose numbers lie in row-major order without gaps.
  private static func count(_ tensor: TensorPickle.Tensor, _ name: String) throws -> Int {
    if tensor.shape.contains(0) { return 0 }
    var count = 1
    for (extent, stride) in zip(tensor.shape, tensor.strides).reversed() where extent != 1 {
      guard stride == count else {
        throw WeightFault.foreign("the numbers of its \(name) do not lie in the order of its rows")
      }
      let (product, overflows) = count.multipliedReportingOverflow(by: extent)
      guard !overflows else { throw WeightFault.damaged("its \(name) has an impossible shape") }
      count = product
    }
    return count
  }

  /// A small entry's bytes, held against their checksum.
  private static func content(
    _ entry: StoredZip.Entry, _ file: ByteFile, upTo most: Int
  ) throws -> [UInt8] {
    guard entry.size <= most else {
      throw WeightFault.damaged("its entry \(entry.name) is too long")
    }
    try StoredZip.check(entry, file)
    return try file.bytes(entry.start..<(entry.start + entry.size))
  }

  private static func reason(_ error: any Error) -> String {
    switch error {
    case let fault as WeightFault: fault.reason
    case let fault as ByteFault: WeightFault(fault).reason
    case is ByteReader.Cut: WeightFault.damaged("a record of it ends too early").reason
    default: "\(error)"
    }
  }
}
