import Foundation
import Testing
import ValenceCore

@testable import ValenceEncoders

@Suite("Hostile pickles")
struct HostilePickleTests {
  typealias P = PickleBytes

  /// The clause on a pickle, between the standing parts of its sentence.
  private func clause(_ pickle: [UInt8], _ storages: [String: [UInt8]] = [:]) throws -> String {
    let sentence = try WeightFolder(
      pickled: ArchiveBytes(pickle: pickle, storages: storages).bytes
    ).refusal()
    let start = "FOLDER/pytorch_model.bin: "
    #expect(sentence == "accepted" || sentence.hasPrefix(start), "\(sentence)")
    return sentence.replacing(start, with: "")
      .replacing("this is no whole file of weights: ", with: "")
      .replacing("; fetch it again.", with: "")
      .replacing("; save the model's state_dict alone, by torch.save.", with: "")
      .replacing(/; write it as model.safetensors, in its folder, by: .*$/, with: "")
  }

  private let eight = ["0": [UInt8](repeating: 0, count: 32)]

  @Test("shapes, strides and offsets that a storage does not have")
  func tensors() throws {
    func one(_ count: Int, _ offset: Int, _ shape: [Int], _ strides: [Int]) throws -> String {
      try clause(
        P.one(P.tensor(P.storage(count: count), offset: offset, shape: shape, strides: strides)),
        eight)
    }
    let beyond = "its a reaches beyond its storage"
    let gaps = "the numbers of its a do not lie in the order of its rows"
    let nonsense = "its data.pkl describes a tensor as PyTorch does not"
    #expect(try one(8, 0, [8], [1]) == "accepted")
    #expect(try one(8, 7, [1], [1]) == "accepted")
    #expect(try one(8, 0, [1, 8, 1], [77, 1, 99]) == "accepted")
    #expect(try one(8, 0, [], []) == "accepted")
    #expect(try one(8, 8, [0, 3], [3, 1]) == "accepted")
    #expect(try one(8, 1, [8], [1]) == beyond)
    #expect(try one(8, 0, [9], [1]) == beyond)
    #expect(try one(8, 9, [0], [1]) == beyond)
    #expect(try one(8, 9, [], []) == beyond)
    #expect(try one(8, 0, [Int(Int32.max)], [1]) == beyond)
    #expect(try one(8, 0, [65_536, 65_536], [65_536, 1]) == beyond)
    let steep = [Int](repeating: 1 << 30, count: 3)
    #expect(try one(8, 0, steep, [0, 1 << 30, 1]) == gaps)
    #expect(try one(8, 0, [2, 4], [1, 2]) == gaps)
    #expect(try one(8, 0, [4], [2]) == gaps)
    #expect(try one(8, 0, [8], [0]) == gaps)
    #expect(try one(8, 0, [2], [1, 1]) == nonsense)
    #expect(try one(8, -1, [2], [1]) == nonsense)
    #expect(try one(8, 0, [-2], [1]) == nonsense)
    #expect(try one(8, 0, [2], [-1]) == nonsense)
    let nine = [Int](repeating: 1, count: 9)
    #expect(try one(8, 0, nine, nine) == nonsense)
  }

  @Test("storages that are missing or have another length than they say")
  func storages() throws {
    func one(_ storage: [UInt8]) throws -> String {
      try clause(P.one(P.tensor(storage, shape: [2], strides: [1])), eight)
    }
    func length(_ count: Int, _ size: Int) -> String {
      "the storage of its a should have \(count) numbers of \(size) bytes, but its entry has 32 bytes"
    }
    #expect(try one(P.storage("LongStorage", count: 4)) == "accepted")
    #expect(try one(P.storage("LongStorage", count: 8)) == length(8, 8))
    #expect(try one(P.storage(count: 7)) == length(7, 4))
    #expect(try one(P.storage(count: Int(Int32.max))) == length(Int(Int32.max), 4))
    #expect(try one(P.storage(key: "1", count: 8)) == "the storage 1 of its a is missing")
    #expect(try one(P.storage(key: "../x", count: 8)) == "the storage ../x of its a is missing")
    let nonsense = "its data.pkl describes a storage as PyTorch does not"
    #expect(try one(P.storage(count: -1)) == nonsense)
    #expect(try one(P.storage(key: String(repeating: "0", count: 21), count: 8)) == nonsense)
    #expect(try one(P.tuple([P.text("storage")]) + [0x51]) == nonsense)
    #expect(try one(P.text("storage") + [0x51]) == nonsense)
  }

  @Test("a name that stands twice, no name, and a name that no published model has")
  func names() throws {
    let tensor = P.tensor(P.storage(count: 8), shape: [8], strides: [1])
    let a = P.text("a")
    #expect(
      try clause(P.dictionary([(a, tensor), (a, tensor)]), eight)
        == "its tensor a stands in it twice")
    #expect(
      try clause(P.dictionary([(P.number(1), tensor)]), eight)
        == "its data.pkl holds something that is named by no text")
    #expect(
      try clause(P.dictionary([(P.text("a\u{301}\n"), tensor)]), eight)
        == "the name of its tensor a is not ASCII, as those of every known encoder are.")
    #expect(
      try clause(P.dictionary([(a, a)]), eight)
        == "its a is no tensor, so it is more than a model's weights")
  }

  @Test("programs that make no sense")
  func programs() throws {
    let nonsense = "its data.pkl makes no sense"
    let cut = "its data.pkl ends too early"
    let notTensors = "its data.pkl holds something else than a dictionary of tensors"
    let ordered = P.global("collections", "OrderedDict")
    for (program, expected) in [
      ([], cut), ([0x80], cut), ([0x80, 2], cut), ([0x2E], notTensors),
      ([0x7D, 0x7D, 0x2E], notTensors),
      ([0x7D, 0x28, 0x2E], notTensors), ([0x7D, 0x2E, 0x2E], notTensors), ([0x75], nonsense),
      ([0x74], nonsense), ([0x85], nonsense), ([0x87, 0x29], nonsense), ([0x28, 0x85], nonsense),
      ([0x29, 0x28, 0x29, 0x86], nonsense), ([0x71, 0], nonsense), ([0x51], nonsense),
      ([0x52], nonsense), ([0x29, 0x29, 0x52], nonsense), (ordered + [0x7D, 0x52], nonsense),
      (ordered + [0x29, 0x85, 0x52], nonsense), (ordered + [0x29, 0x52, 0x2E], "accepted"),
      (P.global("torch", "FloatStorage") + [0x29, 0x52], nonsense), ([0x73], nonsense),
      ([0x29, 0x29, 0x29, 0x73], nonsense), ([0x7D, 0x28, 0x29, 0x75], nonsense),
      ([0x62], nonsense),
      ([0x7D, 0x29, 0x62], nonsense), ([0x29, 0x7D, 0x62], nonsense),
      ([0x7D, 0x7D, 0x62, 0x2E], "accepted"),
      ([0x68, 7], "its data.pkl recalls value 7, which it never noted"),
      ([0x6A, 255, 255, 255, 255], "its data.pkl recalls value 4294967295, which it never noted"),
      ([0x58, 255, 255, 255, 255], cut), ([0x58, 1, 0, 0, 0, 0xFF], nonsense), ([0x63, 0x61], cut),
      ([0x63] + Array("os\nsystem".utf8), cut), ([0x4A, 0, 0], cut),
      (
        [0x69],
        "its data.pkl has the instruction 0x69 at byte 0, which a dictionary of tensors does not need "
          + "and which is not executed"
      ),
    ] as [([UInt8], String)] {
      #expect(try clause(program) == expected, "\(program)")
    }
  }

  @Test("a dictionary within itself, thousands of marks, tuples within tuples, a long name")
  func depth() throws {
    // Noted before it is filled, so that it can hold itself.
    let cycle: [UInt8] = [0x7D, 0x71, 0] + P.text("a") + [0x68, 0, 0x73, 0x2E]
    #expect(try clause(cycle) == "its a is no tensor, so it is more than a model's weights")
    let deep = "its data.pkl nests tuples deeper than a dictionary of tensors does"
    #expect(try clause([0x29] + [UInt8](repeating: 0x85, count: 1_000_000)) == deep)
    let doubled = (0..<1000).flatMap { _ in [0x71, 0, 0x68, 0, 0x86] as [UInt8] }
    #expect(try clause([0x29] + doubled) == deep)
    #expect(
      try clause([UInt8](repeating: 0x28, count: 1_000_000) + [0x2E])
        == "its data.pkl holds something else than a dictionary of tensors")
    #expect(
      try clause([UInt8](repeating: 0x7D, count: 1_000_000) + [0x2E])
        == "its data.pkl holds something else than a dictionary of tensors")
    let name = String(repeating: "x", count: 100)
    #expect(
      try clause(P.global("os", name + "\u{1B}[2J")).hasPrefix(
        "its data.pkl asks for os.\(name.prefix(77))…, but weights need"))
    #expect(
      try clause([UInt8](repeating: 0x7D, count: 1 << 22 + 1))
        == "its data.pkl of 4194305 bytes describes more than a model's tensors")
  }

  @Test("a long shape that is recalled for each of many tensors is refused at the first")
  func recalled() throws {
    let shape = P.tuple([[UInt8]](repeating: [0x4B, 1], count: 100_000)) + [0x71, 0]
    let tensor =
      P.global("torch._utils", "_rebuild_tensor_v2")
      + P.tuple([P.storage(count: 8), P.number(0), [0x68, 0], [0x68, 0], [0x89]]) + [0x52]
    let items = (0..<1000).map { (P.text("\($0)"), tensor) }
    let pickle = [0x80, 2] + shape + P.dictionary(items).dropFirst(2)
    #expect(
      try clause(Array(pickle), eight) == "its data.pkl describes a tensor as PyTorch does not")
  }
}
