import ValenceCore

/// What the first bytes of a file tell of one that is not what its name says.
enum FileBeginning: Hashable {
  case empty, gitPointer, webPage, zip, safetensors, oldPickle, pickle, hdf5, other

  /// Looks at a file.
  init(_ file: ByteFile) throws(ByteFault) {
    self.init(try file.bytes(0..<min(file.count, 64)))
  }

  init(_ bytes: [UInt8]) {
    // The number that PyTorch's format before 1.6 begins with, pickled.
    let old: [UInt8] = [
      0x80, 0x02, 0x8A, 0x0A, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19,
    ]
    if bytes.isEmpty {
      self = .empty
    } else if bytes.starts(with: "version https://git-lfs".utf8) {
      self = .gitPointer
    } else if bytes.starts(with: "<!".utf8) || bytes.starts(with: "<html".utf8) {
      self = .webPage
    } else if bytes.starts(with: "PK".utf8) {
      self = .zip
    } else if bytes.starts(with: old) {
      self = .oldPickle
    } else if bytes.starts(with: [0x89] + "HDF".utf8) {
      self = .hdf5
    } else if bytes.count > 8, bytes[8] == UInt8(ascii: "{"), bytes[5..<8].allSatisfy({ $0 == 0 }) {
      self = .safetensors
    } else if bytes[0] == 0x80, bytes.count > 1, bytes[1] <= 5 {
      self = .pickle
    } else {
      self = .other
    }
  }

  /// The sentence on what is no file of weights by any name.
  var fault: WeightFault? {
    switch self {
    case .empty: WeightFault(reason: "this file is empty; fetch it again.")
    case .gitPointer:
      WeightFault(
        reason: "this is a pointer of Git LFS in the place of the file; fetch the file itself by "
          + "'git lfs pull' in its folder.")
    case .webPage:
      WeightFault(reason: "this is a web page and no file of weights; fetch the file itself.")
    default: nil
    }
  }
}
