import Foundation
import Testing
import ValenceCore
import ValenceTestSupport

@testable import ValenceEncoders

/// A folder with one file of weights, and what comes of opening it.
struct WeightFolder {
  let files: [String: Data]

  init(_ files: [String: Data]) { self.files = files }

  init(pickled bytes: [UInt8]) { files = ["pytorch_model.bin": Data(bytes)] }

  /// Lends the opened file.
  func with<Result>(_ body: (any WeightFile) throws -> Result) throws -> Result {
    try TemporaryFolder.with { folder in
      for (name, data) in files { try data.write(to: folder.url.appending(path: name)) }
      return try body(WeightFiles.open(in: folder.url))
    }
  }

  /// All arrays by name.
  func values() throws -> [String: [Float]] {
    try with { file in
      var values: [String: [Float]] = [:]
      for name in file.shapes.keys { values[name] = try file.values(of: name) }
      return values
    }
  }

  /// The sentence of its refusal, in which the folder is called FOLDER.
  func refusal() throws -> String {
    try TemporaryFolder.with { folder in
      for (name, data) in files { try data.write(to: folder.url.appending(path: name)) }
      do {
        let file = try WeightFiles.open(in: folder.url)
        for name in file.shapes.keys.sorted() { _ = try file.values(of: name) }
        return "accepted"
      } catch {
        return "\(error)".replacing(folder.url.path, with: "FOLDER")
      }
    }
  }
}

@Suite("Files of weights")
struct WeightFileTests {
  /// A fixture's bytes.
  static func fixture(_ name: String) throws -> Data {
    try Data(contentsOf: Fixture(.module).folder.appending(path: "files/\(name)"))
  }

  /// Holds two files against each other, bit by bit.
  private func expectEqual(_ one: any WeightFile, _ other: any WeightFile) throws {
    #expect(one.shapes == other.shapes)
    for name in one.shapes.keys {
      let values = try (one.values(of: name), other.values(of: name))
      #expect(values.0.map(\.bitPattern) == values.1.map(\.bitPattern), "\(name)")
    }
  }

  @Test(
    "what PyTorch wrote has the arrays of its twin in safetensors' format",
    arguments: [
      ("model", "model"), ("types", "types"), ("shared", "shared"), ("many", "many"),
      ("without-checksums", "model"), ("repacked", "model"), ("repacked-zip64", "model"),
    ])
  func twins(pickled: String, plain: String) throws {
    let bin = try WeightFolder(["pytorch_model.bin": Self.fixture("\(pickled).bin")])
    let safetensors = try WeightFolder(["model.safetensors": Self.fixture("\(plain).safetensors")])
    try bin.with { bin in
      try safetensors.with { safetensors in
        #expect(!bin.shapes.isEmpty)
        try expectEqual(bin, safetensors)
      }
    }
  }

  @Test("numbers of each type are those that the script wrote")
  func types() throws {
    for (name, file) in [
      ("pytorch_model.bin", "types.bin"), ("model.safetensors", "types.safetensors"),
    ] {
      let values = try WeightFolder([name: Self.fixture(file)]).values()
      #expect(values["half"] == [0, -0.0, 1.5, 0x1p-24, 65504, -.infinity])
      #expect(values["half"]?[1].sign == .minus)
      #expect(
        values["bfloat"]?.map(\.bitPattern) == [0x3FC0_0000, 0xFF62_0000, 0x0001_0000, 0x7F80_0000])
      #expect(values["double"] == [1.5, -2.25, 1e-3])
      #expect(values["long"] == [-1, 1_048_576])
      #expect(values["int"] == [7, -8])
      #expect(values["empty"] == [])
      #expect(values["scalar"] == [3.5])
    }
  }

  @Test("the safetensors file is read where both are there")
  func preference() throws {
    let folder = try WeightFolder([
      "model.safetensors": Self.fixture("many.safetensors"),
      "pytorch_model.bin": Self.fixture("command.bin"),
    ])
    #expect(try folder.values().count == 60)
  }

  @Test("an array that the file does not have is asked for in vain")
  func missing() throws {
    try WeightFolder(["pytorch_model.bin": Self.fixture("model.bin")]).with { file in
      let error = #expect(throws: EncoderError.self) { try file.values(of: "x") }
      #expect(
        error?.reason == "this is no whole file of weights: it has no array x; fetch it again.")
    }
  }

  @Test("several threads may read one file at once")
  func threads() throws {
    for name in ["model.safetensors", "pytorch_model.bin"] {
      let fixture = try Self.fixture(name == "model.safetensors" ? "many.safetensors" : "many.bin")
      try WeightFolder([name: fixture]).with { file in
        let names = file.shapes.keys.sorted()
        let alone = try names.map { try file.values(of: $0) }
        DispatchQueue.concurrentPerform(iterations: 600) { index in
          let at = index % names.count
          #expect((try? file.values(of: names[at])) == alone[at])
        }
      }
    }
  }

  @Test("checksums are those of zip archives")
  func checksum() {
    var crc = CRC32()
    crc.add(Array("123456789".utf8), count: 9)
    #expect(crc.value == 0xCBF4_3926)
    var parts = CRC32()
    for part in ["1", "2345678912345678", "9"] {
      parts.add(Array(part.utf8), count: part.utf8.count)
    }
    var whole = CRC32()
    whole.add(Array("123456789123456789".utf8), count: 18)
    #expect(parts.value == whole.value)
  }

  @Test(
    "the tiny models of each family: old files, half precision and new names have the same numbers",
    .enabled(if: SharedData.isThere, "no shared data beside the package"),
    arguments: ["hubert-base", "wav2vec2-base", "wavlm-large"])
  func tiny(name: String) throws {
    let tiny = try SharedData.url("encoders/tiny")
    let new = try WeightFiles.open(in: tiny.appending(path: name))
    let old = try WeightFiles.open(in: tiny.appending(path: "\(name)-legacy"))
    let bin = try Data(contentsOf: tiny.appending(path: "\(name)-legacy/pytorch_model.bin"))
    try WeightFolder(["pytorch_model.bin": bin]).with { pickled in
      for (name, shape) in new.shapes {
        // Weight norm's factors were renamed when PyTorch made them a parametrization.
        let older = name.replacing("parametrizations.weight.original0", with: "weight_g")
          .replacing("parametrizations.weight.original1", with: "weight_v")
        let key = try #require(old.shapes.keys.first { $0 == older || $0.hasSuffix("." + older) })
        let (a, b) = try (new.values(of: name), old.values(of: key))
        let isHalf = a.map(\.bitPattern) != b.map(\.bitPattern)
        #expect(
          shape == old.shapes[key] && (!isHalf || b == a.map { Float(Float16($0)) }), "\(name)")
        let pickledKey = try #require(
          pickled.shapes.keys.first { $0 == older || $0.hasSuffix("." + older) })
        let c = try pickled.values(of: pickledKey)
        #expect(c == a || c == b, "\(name)")
      }
    }
  }
}
