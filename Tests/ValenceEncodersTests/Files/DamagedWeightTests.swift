import Foundation
import Testing
import ValenceCore
import ValenceTestSupport

@testable import ValenceEncoders

@Suite("Damaged and foreign files of weights")
struct DamagedWeightTests {
  typealias P = PickleBytes

  /// A file and why it is refused.
  struct Case: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let bytes: [UInt8]
    let sentence: String

    init(_ title: String, _ bytes: [UInt8], _ sentence: String) {
      (testDescription, self.bytes, self.sentence) = (title, bytes, sentence)
    }
  }

  private static let conversion =
    "; write it as model.safetensors, in its folder, by: python -c \"import torch,safetensors.torch as s; "
    + "s.save_file({k:v.contiguous().clone() for k,v in torch.load('pytorch_model.bin',"
    + "map_location='cpu',weights_only=True).items()},'model.safetensors')\""

  /// The sentence on a file that is not as its writer left it.
  private static func damaged(_ clause: String) -> String {
    "this is no whole file of weights: \(clause); fetch it again."
  }

  private func expect(_ cases: [Case]) throws {
    for one in cases {
      let refusal = try WeightFolder(pickled: one.bytes).refusal()
      #expect(refusal == "FOLDER/pytorch_model.bin: \(one.sentence)", "\(one.testDescription)")
    }
  }

  /// Eight floats.
  private static let numbers = (0..<8).flatMap { number in
    withUnsafeBytes(of: Float(number)) { Array($0) }
  }

  /// A whole file: `a`, two rows of four.
  private static let whole = ArchiveBytes(
    pickle: P.one(P.tensor(P.storage(count: 8), shape: [2, 4], strides: [4, 1])),
    storages: ["0": numbers])

  @Test("the file that the others are made from is whole")
  func wholeFile() throws {
    let values = try WeightFolder(pickled: Self.whole.bytes).values()
    #expect(values == ["a": [0, 1, 2, 3, 4, 5, 6, 7]])
  }

  @Test(
    "what PyTorch writes and a dictionary of tensors does not need is named, and nothing is executed",
    arguments: [
      ("command", "posix.system"), ("numpy", "numpy.core.multiarray.scalar"),
      ("module", "torch.nn.modules.linear.Linear"),
    ])
  func otherNames(file: String, name: String) throws {
    let folder = try WeightFolder(["pytorch_model.bin": WeightFileTests.fixture("\(file).bin")])
    #expect(
      try folder.refusal().replacing("numpy._core", with: "numpy.core")
        == "FOLDER/pytorch_model.bin: its data.pkl asks for \(name), but weights need only OrderedDict, "
        + "tensors and storages of floats; nothing of it was executed; take the weights from a source "
        + "that you trust, as model.safetensors.")
    #expect(!FileManager.default.fileExists(atPath: "executed"))
  }

  @Test(
    "other things that PyTorch writes are refused with the line that converts them",
    arguments: [
      ("before-1.6", "this is the format of PyTorch before 1.6, which is not read"),
      ("parameter", "its data.pkl asks for torch._utils._rebuild_parameter, which is not read"),
      ("bytes", "its data.pkl asks for torch.ByteStorage, which is not read"),
      ("complex", "its data.pkl asks for torch.ComplexFloatStorage, which is not read"),
      ("transposed", "the numbers of its a do not lie in the order of its rows"),
      ("strided", "the numbers of its a do not lie in the order of its rows"),
      ("expanded", "the numbers of its a do not lie in the order of its rows"),
      ("compressed", "its entry model/data.pkl is compressed, which PyTorch's own never are"),
    ])
  func otherContents(file: String, clause: String) throws {
    let folder = try WeightFolder(["pytorch_model.bin": WeightFileTests.fixture("\(file).bin")])
    #expect(try folder.refusal() == "FOLDER/pytorch_model.bin: " + clause + Self.conversion)
  }

  @Test(
    "what is more than a dictionary of tensors, or another thing",
    arguments: [
      ("pickle", "this is a bare pickle, which is not read and never executed"),
      ("protocol-4", "its data.pkl is of protocol 4 where PyTorch writes 2"),
      ("checkpoint", "its model is no tensor, so it is more than a model's weights"),
      (
        "list",
        "its data.pkl has the instruction 0x5d at byte 2, which a dictionary of tensors does not need "
          + "and which is not executed"
      ),
      ("tensor", "its data.pkl holds something else than a dictionary of tensors"),
    ])
  func otherThings(file: String, clause: String) throws {
    let folder = try WeightFolder(["pytorch_model.bin": WeightFileTests.fixture("\(file).bin")])
    #expect(
      try folder.refusal()
        == "FOLDER/pytorch_model.bin: \(clause); save the model's state_dict alone, by torch.save.")
  }

  @Test("files that are no archive say what they are")
  func beginnings() throws {
    let other = Self.damaged("it does not begin as a file of PyTorch's does")
    try expect([
      Case("empty", [], "this file is empty; fetch it again."),
      Case("noise", [1, 2, 3], other), Case("text", Array("weights".utf8), other),
      Case(
        "Git LFS", Array("version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n".utf8),
        "this is a pointer of Git LFS in the place of the file; fetch the file itself by 'git lfs pull' "
          + "in its folder."),
      Case(
        "web page", Array("<!doctype html>".utf8),
        "this is a web page and no file of weights; fetch the file itself."),
      Case(
        "HDF5", [0x89] + Array("HDF\r\n\u{1A}\n".utf8),
        "this is an HDF5 file, as TensorFlow's weights are; take the repository's weights for PyTorch."
      ),
      Case(
        "safetensors", Array(try WeightFileTests.fixture("model.safetensors")),
        "this is a safetensors file by its content; name it model.safetensors."),
    ])
  }

  @Test("archives that are cut off, or whose two headers disagree")
  func archives() throws {
    let (zip, damaged) = (Self.whole, Self.damaged)
    let differ = damaged("its entry x/data/0 and its directory say different things")
    let (header, record, end) = (zip.headers[1], zip.records[1], zip.end)
    try expect([
      Case("cut", Array(zip.bytes.dropLast()), damaged("its end is missing")),
      Case("half", Array(zip.bytes.prefix(zip.bytes.count / 2)), damaged("its end is missing")),
      Case("start alone", Array(zip.bytes.prefix(4)), damaged("its end is missing")),
      Case("more behind", zip.bytes + [0], damaged("its end is missing")),
      Case(
        "more in front", Array("PK".utf8) + zip.bytes,
        damaged("its directory is not where its end says")),
      Case(
        "directory moved", zip.with(UInt32(zip.records[0] + 1), at: end + 16),
        damaged("its directory is not where its end says")),
      Case(
        "several files", zip.with(1 as UInt16, at: end + 4),
        damaged("it is a part of an archive in several files")),
      Case(
        "more entries", zip.with(0x0003_0003 as UInt32, at: end + 8),
        damaged("its directory is too short for its 3 entries")),
      Case(
        "long name", zip.with(0x00FF as UInt16, at: record + 28),
        damaged("a record of it ends too early")),
      Case(
        "many entries", zip.with(0xFFFE_FFFE as UInt32, at: end + 8),
        damaged("its directory is too short for its 65534 entries")),
      Case(
        "fewer entries", zip.with(0x0001_0001 as UInt32, at: end + 8),
        damaged("its directory holds more than it counts")),
      Case("no record", zip.with(0 as UInt32, at: record), damaged("its directory is damaged")),
      Case("no header", zip.with(0 as UInt32, at: header), differ),
      Case("another name", zip.with(UInt8(ascii: "y"), at: header + 30), differ),
      Case("another size", zip.with(31 as UInt32, at: header + 18), differ),
      Case("another checksum", zip.with(31 as UInt32, at: header + 14), differ),
      Case("another method", zip.with(8 as UInt16, at: header + 8), differ),
      Case(
        "encrypted", zip.with(1 as UInt16, at: record + 8),
        damaged("its entry x/data/0 is encrypted")),
      Case(
        "packed", zip.with(31 as UInt32, at: record + 20),
        damaged("what its directory says of x/data/0 cannot be")),
      Case(
        "outside", zip.with(0xFFFF_FF00 as UInt32, at: record + 42),
        damaged("its entry x/data/0 lies outside the file")),
      Case(
        "no large size", zip.with(0xFFFF_FFFF as UInt32, at: record + 42),
        damaged("its directory does not say how long x/data/0 is")),
      Case(
        "name", zip.with(0xFF as UInt8, at: record + 46),
        damaged("the name of one of its entries is not ASCII")),
      Case(
        "content", zip.with(0x55 as UInt8, at: zip.records[0] - 1),
        damaged("the content of its entry x/data/0 has another checksum than noted")),
      Case(
        "pickle", zip.with(0x55 as UInt8, at: zip.headers[1] - 1),
        damaged("the content of its entry x/data.pkl has another checksum than noted")),
    ])
  }

  @Test("archives that two readers could understand differently")
  func ambiguity() throws {
    let damaged = Self.damaged
    let pickle = P.one(P.tensor(P.storage(count: 8), shape: [8], strides: [1]))
    let twice = ArchiveBytes([
      ("x/data.pkl", pickle), ("x/data/0", Self.numbers), ("x/data/0", Self.numbers),
    ])
    // An entry whose content is the header of another.
    let inner = ArchiveBytes([
      ("x/data.pkl", pickle), ("x/data/0", ArchiveBytes([("y", [])]).bytes), ("y", []),
    ])
    let within = inner.with(UInt32(inner.headers[1] + 38), at: inner.records[2] + 42)
    let zip = Self.whole
    let long = zip.with(
      40 as UInt32, at: zip.headers[1] + 18, zip.headers[1] + 22, zip.records[1] + 20,
      zip.records[1] + 24)
    try expect([
      Case("twice", twice.bytes, damaged("its entry x/data/0 stands in it twice")),
      Case(
        "two pickles", ArchiveBytes([("x/data.pkl", pickle), ("y/data.pkl", pickle)]).bytes,
        "this zip archive should hold one folder with a data.pkl, as PyTorch writes it, and holds 2."
      ),
      Case(
        "no pickle", ArchiveBytes([("data.pkl", pickle), ("x/y/data.pkl", pickle)]).bytes,
        "this zip archive should hold one folder with a data.pkl, as PyTorch writes it, and holds 0."
      ),
      Case(
        "nothing", ArchiveBytes([]).bytes,
        "this zip archive should hold one folder with a data.pkl, as PyTorch writes it, and holds 0."
      ),
      Case("within", within, damaged("its entry y begins within another")),
      Case("too long", long, damaged("an entry of it reaches into its directory")),
      Case(
        "big endian",
        ArchiveBytes(
          pickle: pickle, storages: ["0": Self.numbers], more: [("x/byteorder", Array("big".utf8))]
        ).bytes, "its byteorder is not 'little'" + Self.conversion),
    ])
  }

  @Test("archives with numbers of 64 bits")
  func large() throws {
    let pickle = P.one(P.tensor(P.storage(count: 8), shape: [8], strides: [1]))
    let zip = ArchiveBytes([("x/data.pkl", pickle), ("x/data/0", Self.numbers)], isLarge: true)
    #expect(
      try WeightFolder(pickled: zip.bytes).values() == ["a": [0, 1, 2, 3, 4, 5, 6, 7]])
    let damaged = Self.damaged
    let place = damaged("its end does not say where its directory is")
    let extra = zip.records[1] + 46 + 8 + 5
    try expect([
      Case("no record", zip.with(0 as UInt32, at: zip.largeEnd), place),
      Case(
        "no locator", zip.with(0 as UInt32, at: zip.end - 20),
        damaged("its directory is not where its end says")),
      Case("elsewhere", zip.with(7 as UInt64, at: zip.end - 12), place),
      Case("far away", zip.with(UInt64.max, at: zip.end - 12), place),
      Case("longer record", zip.with(45 as UInt64, at: zip.largeEnd + 4), place),
      Case("several files", zip.with(1 as UInt32, at: zip.largeEnd + 16), place),
      Case("counts", zip.with(3 as UInt64, at: zip.largeEnd + 24), place),
      Case(
        "two ends", zip.with(7 as UInt32, at: zip.end + 12),
        damaged("its two ends say different things")),
      Case(
        "huge directory", zip.with(UInt64.max, at: zip.largeEnd + 40),
        damaged("its directory is not where its end says")),
      Case(
        "huge start", zip.with(1 << 63 as UInt64, at: zip.largeEnd + 48),
        damaged("its directory is not where its end says")),
      Case(
        "huge entry", zip.with(1 << 62 as UInt64, at: extra + 4, extra + 12),
        damaged("its entry x/data/0 lies outside the file")),
      Case(
        "huge place", zip.with(UInt64.max, at: extra + 20),
        damaged("its entry x/data/0 lies outside the file")),
      Case(
        "short field", zip.with(16 as UInt16, at: extra + 2),
        damaged("a record of it ends too early")),
      Case(
        "no field", zip.with(2 as UInt16, at: extra),
        damaged("its directory does not say how long x/data/0 is")),
    ])
  }
}
