import Foundation
import Testing
import ValenceCore
import ValenceTestSupport

@testable import ValenceEncoders

@Suite("Folders of weights")
struct WeightFolderTests {
  @Test("a folder without weights, and what is no folder")
  func nothing() throws {
    #expect(
      try WeightFolder(["config.json": Data()]).refusal()
        == "FOLDER: there is neither model.safetensors nor pytorch_model.bin in this folder; one of them "
        + "should hold the encoder's weights.")
    for path in ["/nowhere/encoder", #filePath] {
      let error = #expect(throws: EncoderError.self) {
        try WeightFiles.open(in: URL(filePath: path))
      }
      #expect(
        error?.description
          == "\(path): this is no folder; it should hold an encoder's config.json and weights.")
    }
  }

  @Test("weights in several files are refused with the line that joins them")
  func shards() throws {
    let start =
      "these weights lie in several files, which are not read; join them, in their folder, by: "
    #expect(
      try WeightFolder(["model.safetensors.index.json": Data()]).refusal()
        == "FOLDER/model.safetensors.index.json: " + start
        + "python -c \"import glob,safetensors.torch as s; s.save_file({k:v for f in "
        + "glob.glob('model-*.safetensors') for k,v in s.load_file(f).items()},'model.safetensors')\""
    )
    #expect(
      try WeightFolder(["pytorch_model.bin.index.json": Data()]).refusal()
        == "FOLDER/pytorch_model.bin.index.json: " + start
        + "python -c \"import glob,torch,safetensors.torch as s; s.save_file({k:v.contiguous().clone() for f "
        + "in glob.glob('pytorch_model-*.bin') for k,v in "
        + "torch.load(f,map_location='cpu',weights_only=True).items()},'model.safetensors')\"")
  }

  @Test("the page on encoders has the line that converts, and names the files that are looked for")
  func page() throws {
    let page = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../../../Sources/ValenceCLI/Valence.docc/Encoders.md").standardizedFileURL
    let text = try String(contentsOf: page, encoding: .utf8)
    #expect(text.contains("```sh\n\(Conversion.ofPickle)\n```"))
    #expect(text.contains("| `\(WeightFiles.safetensors)`, or else `\(WeightFiles.pickled)` |"))
  }

  @Test("a safetensors file that is none, or not whole, is not passed over for the other")
  func safetensors() throws {
    let other = try WeightFileTests.fixture("model.bin")
    func refusal(_ data: Data) throws -> String {
      try WeightFolder(["model.safetensors": data, "pytorch_model.bin": other]).refusal()
        .replacing("FOLDER/model.safetensors: ", with: "")
    }
    #expect(try refusal(Data()) == "this file is empty; fetch it again.")
    #expect(
      try refusal(other)
        == "this is a zip archive, as PyTorch writes them; name it pytorch_model.bin.")
    #expect(
      try refusal(Data("version https://git-lfs.github.com/spec/v1\n".utf8)).hasPrefix(
        "this is a pointer of Git LFS in the place of the file; "))
    let whole = try WeightFileTests.fixture("model.safetensors")
    #expect(
      try refusal(whole.dropLast()).hasSuffix(
        "lies outside the file or is cut off; fetch it again."))
    #expect(
      try refusal(whole.prefix(100))
        == "this is no whole file of weights: its header is cut off; fetch it again.")
    func file(_ header: String, body: Int) -> Data {
      Data([UInt8(header.utf8.count), 0, 0, 0, 0, 0, 0, 0] + Array(header.utf8)) + Data(count: body)
    }
    #expect(
      try refusal(file(#"{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]}}"#, body: 2))
        == "its array a has numbers of type U8, where weights are F32, F16 or BF16.")
    #expect(
      try refusal(file(#"{"é":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#, body: 4))
        == "the name of its array  is not ASCII, as those of every known encoder are.")
    #expect(
      try refusal(file(#"{"a":{"dtype":"F16","shape":[1],"data_offsets":[0,4]}}"#, body: 4))
        == "this is no whole file of weights: a lies outside the file or is cut off; fetch it again."
    )
  }

  @Test("a folder or a pipe in the place of a file")
  func places() throws {
    try TemporaryFolder.with { folder in
      let place = folder.url.appending(path: "model.safetensors")
      try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
      var error = #expect(throws: EncoderError.self) { try WeightFiles.open(in: folder.url) }
      #expect(
        error?.reason == "it is no regular file.")
      try FileManager.default.removeItem(at: place)
      try #require(mkfifo(folder.url.appending(path: "pytorch_model.bin").path, 0o600) == 0)
      error = #expect(throws: EncoderError.self) { try WeightFiles.open(in: folder.url) }
      #expect(
        error?.reason == "it is no regular file.")
    }
  }

  @Test("an array of gigabytes is refused before it is read, and the others are read")
  func huge() throws {
    try TemporaryFolder.with { folder in
      let url = folder.url.appending(path: "model.safetensors")
      let size = 4 * (1 << 30)
      let header =
        #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1073741824],"#
        + #""data_offsets":[4,\#(4 + size)]}}"#
      try Data([UInt8(header.utf8.count), 0, 0, 0, 0, 0, 0, 0] + Array(header.utf8)).write(to: url)
      let handle = try FileHandle(forWritingTo: url)
      // A hole, which takes no place on the disk.
      try handle.truncate(atOffset: UInt64(8 + header.utf8.count + 4 + size))
      try handle.close()
      let file = try WeightFiles.open(in: folder.url)
      #expect(try file.values(of: "a") == [0])
      let error = #expect(throws: EncoderError.self) { try file.values(of: "b") }
      #expect(
        error?.reason
          == "its array b of shape [1073741824] is larger than any of a known encoder's.")
    }
  }
}

@Suite("Files of weights, changed at random")
struct WeightFuzzTests {
  /// Writes a changed file and reads all of it.
  private func values(_ bytes: [UInt8], _ name: String, _ folder: TemporaryFolder) throws
    -> [String: [Float]]
  {
    try Data(bytes).write(to: folder.url.appending(path: name))
    let file = try WeightFiles.open(in: folder.url)
    var values: [String: [Float]] = [:]
    for name in file.shapes.keys { values[name] = try file.values(of: name) }
    return values
  }

  @Test("of a file of PyTorch's each change is refused, or touches no number: it has checksums")
  func pickled() throws {
    let whole = Array(try WeightFileTests.fixture("model.bin"))
    var random = RandomStream(seed: 17, "bin")
    var refused = 0
    try TemporaryFolder.with { folder in
      let truth = try values(whole, "pytorch_model.bin", folder).mapValues { $0.map(\.bitPattern) }
      for round in 0..<1500 {
        var bytes = whole
        if round % 2 == 0 {
          bytes[random.below(bytes.count)] ^= UInt8(1 + random.below(255))
        } else {
          bytes = Damage.apply(to: whole, &random)
        }
        do {
          let read = try values(bytes, "pytorch_model.bin", folder)
          #expect(read.mapValues { $0.map(\.bitPattern) } == truth, "round \(round)")
        } catch is EncoderError {
          refused += 1
        }
      }
    }
    #expect(refused > 1000 && refused < 1500, "\(refused)")
  }

  @Test("a pickle whose checksum fits is refused or read, whatever was changed in it")
  func pickle() throws {
    let eight = [UInt8](repeating: 0, count: 32)
    let tensor = PickleBytes.tensor(PickleBytes.storage(count: 8), shape: [2, 4], strides: [4, 1])
    let names = ["a", "b"].map { (PickleBytes.text($0), tensor + [0x71, 3]) }
    let whole = PickleBytes.dictionary(names)
    // What the machine knows, so that more than the first instruction is reached.
    let codes = Array("\u{63}qhr(t)}XKMJQRsub.".utf8) + [0x80, 0x85, 0x86, 0x87, 0x88, 0x89]
    var random = RandomStream(seed: 17, "pickle")
    var (parsed, accepted) = (0, 0)
    try TemporaryFolder.with { folder in
      for _ in 0..<8000 {
        var bytes = whole
        for _ in 0..<(1 + random.below(3)) {
          let at = random.below(bytes.count)
          switch random.below(4) {
          case 0: bytes[at] = UInt8(random.below(256))
          case 1: bytes[at] = codes[random.below(codes.count)]
          case 2: bytes.insert(codes[random.below(codes.count)], at: at)
          default: bytes.removeSubrange(at..<min(bytes.count, at + 1 + random.below(6)))
          }
        }
        do {
          _ = try TensorPickle.tensors(bytes)
          parsed += 1
          let archive = ArchiveBytes(pickle: bytes, storages: ["0": eight]).bytes
          accepted += try values(archive, "pytorch_model.bin", folder).isEmpty ? 0 : 1
        } catch is WeightFault {
        } catch is EncoderError {}
      }
    }
    #expect(parsed > 100 && parsed < 4000, "\(parsed)")
    #expect(accepted > 20 && accepted < parsed, "\(accepted)")
  }

  @Test("a safetensors file is refused or read, whatever was changed in it")
  func safetensors() throws {
    let whole = Array(try WeightFileTests.fixture("types.safetensors"))
    var random = RandomStream(seed: 17, "safetensors")
    var accepted = 0
    try TemporaryFolder.with { folder in
      for round in 0..<2500 {
        var bytes = whole
        if round % 2 == 0 {
          bytes[random.below(bytes.count)] ^= UInt8(1 + random.below(255))
        } else {
          bytes = Damage.apply(to: whole, &random)
        }
        do {
          accepted += try values(bytes, "model.safetensors", folder).isEmpty ? 0 : 1
        } catch is EncoderError {}
      }
    }
    #expect(accepted > 50 && accepted < 2400, "\(accepted)")
  }
}
