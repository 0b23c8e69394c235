import Foundation
import Testing
import ValenceTestSupport

@testable import ValenceCore

@Suite("Numbers as files hold them")
struct NumberFormatTests {
  private func floats(_ format: NumberFormat, _ words: [UInt16]) throws -> [Float] {
    let bytes = words.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8($0 >> 8)] }
    return try format.floats(words.count, of: ByteData(Data(bytes)), at: 0)
  }

  @Test("each number of 16 bits is what the processor makes of it, NaN and the smallest included")
  func half() throws {
    let words = Array(0...UInt16.max)
    let ours = try floats(.float16, words)
    for (word, float) in zip(words, ours) {
      let theirs = Float(Float16(bitPattern: word))
      #expect(
        float.bitPattern == theirs.bitPattern || (float.isNaN && theirs.isNaN),
        "\(word): \(float)")
    }
    #expect(ours[0x0001] == 0x1p-24 && ours[0x03FF] == 0x3FFp-24 && ours[0x0400] == 0x1p-14)
    #expect(ours[0x7BFF] == 65504 && ours[0x7C00] == .infinity && ours[0x7C01].isNaN)
    #expect(ours[0x8000].sign == .minus && ours[0xFC00] == -.infinity && ours[0xFE00].isNaN)
  }

  @Test("a bfloat16 is the upper half of a float")
  func bfloat() throws {
    let words = Array(0...UInt16.max)
    for (word, float) in zip(words, try floats(.bfloat16, words)) {
      #expect(float.bitPattern == UInt32(word) << 16)
    }
  }

  @Test("an array that is longer than the buffer is converted whole, from any byte on")
  func long() throws {
    let count = (1 << 16) + 77
    let longs = (0..<count).map { Int64($0) * 3 - 1000 }
    var data = Data([1, 2, 3])
    for long in longs { withUnsafeBytes(of: long) { data.append(contentsOf: $0) } }
    #expect(
      try NumberFormat.int64.floats(count, of: ByteData(data), at: 3) == longs.map(Float.init))
    for wrong in [(count + 1, 3), (count, 4), (-1, 0), (1, -1), (.max, 3), (1, .max)] {
      #expect(throws: ByteFault.cut) {
        try NumberFormat.int64.floats(wrong.0, of: ByteData(data), at: wrong.1)
      }
    }
    // A slice of other data counts its bytes from where it begins.
    let slice = data.dropFirst(3)
    #expect(try NumberFormat.int64.floats(2, of: ByteData(slice), at: 8) == [-997, -994])
  }
}

@Suite("Safetensors on disk")
struct SafetensorsFileTests {
  private func with<Result>(_ data: Data, _ body: (URL) throws -> Result) throws -> Result {
    try TemporaryFolder.with { folder in
      let url = folder.url.appending(path: "x.safetensors")
      try data.write(to: url)
      return try body(url)
    }
  }

  private func refusal(_ url: URL) -> String {
    do {
      _ = try SafetensorsFile(contentsOf: url, name: "x")
      return "accepted"
    } catch {
      return error.description
    }
  }

  private func fixture(_ name: String) -> URL {
    Fixture(.module).folder.appending(path: "safetensors/\(name).safetensors")
  }

  @Test(
    "arrays read one by one are those of the whole file", arguments: ["arrays", "half", "bfloat"])
  func reading(name: String) throws {
    let whole = try Safetensors(decoding: Data(contentsOf: fixture(name)), name: name)
    let file = try SafetensorsFile(contentsOf: fixture(name), name: name)
    #expect(file.names == whole.arrays.keys && file.metadata == whole.metadata)
    for (name, array) in whole.arrays {
      #expect(file.shape(of: name) == array.shape)
      #expect(try file.values(of: name) == array.values)
    }
    #expect(file.shape(of: "none") == nil)
  }

  @Test("numbers of 16 bits are those that the writer put there")
  func sixteen() throws {
    let half = try SafetensorsFile(contentsOf: fixture("half"), name: "half")
    #expect(try half.values(of: "half") == [0, 1.5, -65504, 0x1p-24, -.infinity])
    let bfloat = try SafetensorsFile(contentsOf: fixture("bfloat"), name: "bfloat")
    // -3e38 and 1e-40 are rounded to eight bits of fraction, the second below the normal numbers.
    let bits: [UInt32] = [0x3FC0_0000, 0xFF62_0000, 0x0001_0000]
    #expect(try bfloat.values(of: "bfloat").map(\.bitPattern) == bits)
  }

  @Test("an array of a type that is not read is refused only when it is asked for")
  func unsupported() throws {
    let file = try SafetensorsFile(contentsOf: fixture("byte"), name: "x")
    #expect(file.shape(of: "byte") == [2])
    let error = #expect(throws: SafetensorsError.self) { try file.values(of: "byte") }
    #expect(error?.reason == "byte has the unsupported type U8")
    let missing = #expect(throws: SafetensorsError.self) { try file.values(of: "bite") }
    #expect(missing?.reason == "it has no array bite")
  }

  @Test(
    "what is no file, or no whole one, is refused in a sentence and without reading what it claims")
  func hostile() throws {
    let start = "x: this is not a whole safetensors file: "
    #expect(
      refusal(URL(filePath: "/nowhere/x")) == start
        + "it cannot be opened (No such file or directory); write it again.")
    #expect(refusal(URL(filePath: "/dev")) == start + "it is no regular file; write it again.")
    for length: [UInt8] in [
      [0, 0, 0, 0, 0, 0, 0, 0x80], [255, 255, 255, 255, 255, 255, 255, 255],
      [9, 0, 0, 0, 0, 0, 0, 0],
    ] {
      try with(Data(length + Array("{}      ".utf8))) {
        #expect(refusal($0) == start + "its header is cut off; write it again.")
      }
    }
    try with(Data()) { #expect(refusal($0) == start + "it is too short; write it again.") }
    // A file with a hole takes no place on the disk, but a header of its size would take memory.
    try with(Data([0, 0, 0, 8, 0, 0, 0, 0])) { url in
      let handle = try FileHandle(forWritingTo: url)
      try handle.truncate(atOffset: 1 << 33)
      try handle.close()
      #expect(
        refusal(url) == start + "its header is longer than 100000000 bytes; write it again.")
    }
  }

  @Test("a pipe is not waited for")
  func pipe() throws {
    try TemporaryFolder.with { folder in
      let url = folder.url.appending(path: "x.safetensors")
      try #require(mkfifo(url.path, 0o600) == 0)
      #expect(refusal(url).contains("it is no regular file"))
    }
  }

  @Test("a file that became shorter while it was open ends too early")
  func shortened() throws {
    try with(Data(contentsOf: fixture("arrays"))) { url in
      let file = try SafetensorsFile(contentsOf: url, name: "x")
      let handle = try FileHandle(forWritingTo: url)
      try handle.truncate(atOffset: handle.seekToEnd() - 1)
      try handle.close()
      let error = #expect(throws: SafetensorsError.self) { try file.values(of: "int") }
      #expect(error?.reason == "it ends too early")
    }
  }

  @Test("bytes changed at random are refused or read, and never trap")
  func mutations() throws {
    let whole = Array(try Data(contentsOf: fixture("arrays")))
    var random = RandomStream(seed: 17, "safetensors")
    var accepted = 0
    for _ in 0..<3000 {
      let damaged = Data(Damage.apply(to: whole, &random))
      let memory = try? Safetensors(decoding: damaged, name: "x")
      accepted += memory == nil ? 0 : 1
    }
    #expect(accepted > 20 && accepted < 2000)
  }
}
