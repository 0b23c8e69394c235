import Foundation
import Testing
import ValenceCore
import ValenceTestSupport

@Suite("Safetensors")
struct SafetensorsTests {
  private func fixture(_ name: String) throws -> Data {
    try Data(contentsOf: Fixture(.module).folder.appending(path: "safetensors/\(name)"))
  }

  private func refusal(_ data: Data) -> String {
    do {
      _ = try Safetensors(decoding: data, name: "x")
      return "accepted"
    } catch {
      return "\(error)"
    }
  }

  @Test("a file of Hugging Face's library is read, whatever its types")
  func reading() throws {
    let file = try Safetensors(decoding: fixture("arrays.safetensors"), name: "arrays")
    #expect(file.metadata == ["made by": "make_arrays.py"])
    #expect(
      file.arrays == [
        "matrix": .init(shape: [2, 3], values: [0, 0.25, 0.5, 0.75, 1, 1.25]),
        "double": .init(shape: [3], values: [1.5, -2.25, 1e-3]),
        "long": .init(shape: [2, 1], values: [-1, 1_048_576]),
        "int": .init(shape: [2], values: [7, -8]),
        "scalar": .init(shape: [], values: [3.5]),
        "empty": .init(shape: [0, 4], values: []),
      ])
  }

  @Test("what is written is read back, and equal contents give equal bytes")
  func roundTrip() throws {
    let values = (0..<12).map { Float($0) / 7 - 1 } + [.infinity, -0.0]
    let file = Safetensors(
      arrays: [
        "b": .init(shape: [14], values: values),
        "a/é \"x\"": .init(shape: [1, 2], values: [1, 2]),
        "none": .init(shape: [0], values: []),
      ], metadata: ["z": "1", "y": "2/3"])
    let data = try file.encoded()
    #expect(try Safetensors(decoding: data, name: "x") == file)
    #expect(try file.encoded() == data)
    #expect(data.count.isMultiple(of: 4))
  }

  @Test("an unsupported type is named")
  func unsupported() throws {
    #expect(
      refusal(try fixture("byte.safetensors"))
        == "x: this is not a whole safetensors file: byte has the unsupported type U8; write it "
        + "again.")
  }

  @Test("a file that is cut off anywhere is refused and never crashes")
  func cutOff() throws {
    let whole = try fixture("arrays.safetensors")
    for length in 0..<whole.count {
      #expect(refusal(whole.prefix(length)) != "accepted", "\(length) bytes")
    }
    #expect(
      refusal(Data([1, 2, 3]))
        == "x: this is not a whole safetensors file: it is too short; write it again.")
  }

  @Test("headers that lie about shape or place are refused")
  func lies() {
    func file(_ entry: String) -> Data {
      let header = Data(#"{"a":{"dtype":"F32",\#(entry)}}"#.utf8)
      var data = Data([UInt8(header.count)] + [UInt8](repeating: 0, count: 7))
      data += header
      return data + Data(count: 8)
    }
    #expect(refusal(file(#""shape":[2],"data_offsets":[0,8]"#)) == "accepted")
    for entry in [
      #""shape":[3],"data_offsets":[0,8]"#, #""shape":[-2],"data_offsets":[0,8]"#,
      #""shape":[2],"data_offsets":[8,0]"#, #""shape":[2],"data_offsets":[4,12]"#,
      #""shape":[2],"data_offsets":[0]"#, #""shape":[-1,-2],"data_offsets":[0,8]"#,
      #""shape":[4611686018427387904,4],"data_offsets":[0,8]"#,
      #""shape":[2],"data_offsets":[-8,0]"#,
    ] {
      #expect(refusal(file(entry)).hasPrefix("x: this is not a whole safetensors file: "))
    }
  }
}

@Suite("Headers and names of safetensors")
struct SafetensorsHeaderTests {
  private func file(_ header: String, body: Int = 8) -> Data {
    let json = Data(header.utf8)
    var data = Data(
      [UInt8(json.count & 255), UInt8(json.count >> 8)] + [UInt8](repeating: 0, count: 6))
    data += json
    return data + Data(count: body)
  }

  private func refusal(_ header: String, body: Int = 8) -> String {
    do {
      _ = try Safetensors(decoding: file(header, body: body), name: "x")
      return "accepted"
    } catch {
      return "\(error)"
    }
  }

  @Test(
    "every byte belongs to an array, as the format asks; none is between them or behind the last")
  func holes() {
    let entry = { (name: String, start: Int) in
      "\"\(name)\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[\(start),\(start + 4)]}"
    }
    let start = "x: this is not a whole safetensors file: "
    #expect(refusal("{\(entry("a", 0)),\(entry("b", 4))}") == "accepted")
    #expect(refusal("{\(entry("b", 4)),\(entry("a", 0))}") == "accepted")
    #expect(
      refusal("{\(entry("a", 0)),\(entry("b", 4))}", body: 12)
        == start + "bytes follow its last array; write it again.")
    #expect(
      refusal("{\(entry("a", 4))}")
        == start + "a does not begin where the array in front of it ends; write it again.")
    #expect(refusal("{}", body: 0) == "accepted")
  }

  @Test("in a file of Valence's own every array is of the type that Valence writes")
  func ownType() throws {
    let data = file("{\"a\":{\"dtype\":\"I32\",\"shape\":[2],\"data_offsets\":[0,8]}}")
    #expect(try Safetensors(decoding: data, name: "x").arrays["a"]?.values == [0, 0])
    let error = #expect(throws: SafetensorsError.self) {
      try Safetensors(decoding: data, name: "x", isOwn: true)
    }
    #expect(error?.reason == "a has the type I32 where F32 should be")
  }

  @Test("names that differ in Unicode normalization are two arrays, written and read")
  func names() throws {
    let (composed, decomposed) = ("\u{E9}", "e\u{301}")
    var file = Safetensors(metadata: ["a": "b"])
    file.arrays[composed] = .init(shape: [1], values: [1])
    file.arrays[decomposed] = .init(shape: [2], values: [2, 3])
    file.arrays["z"] = .init(shape: [], values: [4])
    let read = try Safetensors(decoding: file.encoded(), name: "x")
    #expect(read == file && read.arrays.count == 3)
    #expect(read.arrays[composed]?.values == [1] && read.arrays[decomposed]?.values == [2, 3])
    #expect(
      read.arrays.keys.map { Array($0.utf8) } == ["z", "e\u{301}", "\u{E9}"].map { Array($0.utf8) })
  }

  @Test("headers that say a thing twice, give a byte to two arrays or are no such JSON are refused")
  func headers() {
    let whole = #"{"dtype":"F32","shape":[2],"data_offsets":[0,8]}"#
    let half = #"{"dtype":"F32","shape":[1],"data_offsets":[0,4]}"#
    let rest = #"{"dtype":"F32","shape":[1],"data_offsets":[4,8]}"#
    #expect(refusal(#"{"a":\#(whole)}"#) == "accepted")
    #expect(
      refusal(#" { "\u0061\u00e9" : \#(half) , "b" : \#(rest) , "__metadata__":{"k":"\n"} } "#)
        == "accepted")
    for wrong in [
      #"{"a":\#(whole),"a":\#(whole)}"#, #"{"a":\#(half),"b":\#(half)}"#,
      #"{"a":\#(rest),"b":\#(whole)}"#, #"{"a":\#(whole)"#, #"{"a":\#(whole)}}"#, #"["a"]"#,
      #"{"a":[0,8]}"#, "",
      #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8],"x":"y"}}"#, #"{"a":\#(whole),}"#,
      #"{"a":{"dtype":"F32","shape":[2.0],"data_offsets":[0,8]}}"#, "{\"a\n\":\(whole)}",
      #"{"a":{"dtype":"F32","shape":[99999999999999999999],"data_offsets":[0,8]}}"#,
      #"{"\ud800":\#(whole)}"#,
      #"{"a":\#(whole),"__metadata__":{"k":1}}"#,
      #"{"a":\#(whole),"__metadata__":{"k":"1","k":"2"}}"#,
      String(repeating: #"{"a":"#, count: 5000),
    ] {
      #expect(
        refusal(wrong).hasPrefix("x: this is not a whole safetensors file: "), "\(wrong.prefix(80))"
      )
    }
  }
}

@Suite("CSV tables")
struct TableTests {
  private func table(_ text: String) throws -> Table {
    try TemporaryFolder.with { folder in
      try folder.write(["t.csv": text])
      return try Table(contentsOf: folder.url.appending(path: "t.csv"), name: "t.csv")
    }
  }

  private func refusal(_ text: String) -> String {
    do {
      _ = try table(text)
      return "accepted"
    } catch {
      return "\(error)"
    }
  }

  @Test("what Python's csv module writes is read field by field", arguments: ["unix", "excel"])
  func parity(dialect: String) throws {
    let folder = Fixture(.module).folder.appending(path: "csv")
    let rows = try JSONDecoder().decode(
      [[String]].self, from: Data(contentsOf: folder.appending(path: "table.json")))
    let table = try Table(contentsOf: folder.appending(path: "\(dialect).csv"))
    #expect(table.columns == rows[0])
    #expect(table.rows == Array(rows.dropFirst()))
    #expect(table.column("text") == 1)
    #expect(table.column("Text") == nil)
  }

  @Test("what is written is read back")
  func roundTrip() throws {
    let fields = ["plain", "a,b", "\"", "two\nlines", "", " led", "é’", "x\ty"]
    for seed in 0..<100 as Range<UInt64> {
      var random = RandomStream(seed: seed, "table")
      let columns = (0..<(1 + random.below(4))).map { "column \($0)" }
      let rows = (0..<random.below(5)).map { _ in
        columns.map { _ in fields[random.below(fields.count)] }
      }
      // A line without any field is taken for the end of the file's text, not for a row.
      let written = Table(columns: columns, rows: rows.filter { $0 != [""] })
      #expect(try table(written.text) == written, "seed \(seed)")
    }
  }

  @Test("signs that combine with a comma or a quote are fields like others")
  func combining() throws {
    let fields = [
      "a,\u{301}b", "\u{301}b", "\"\u{301}", "x\"", "\u{600}", "a\u{200D}", "\u{1F1E9}\u{1F1EA}",
      "\r\n",
      "\r", "a\r\nb", "\u{2028}x", "\u{E000}", "=1+2", "'=1+2", "''-x", "'quoted'", "-0.5", "-1e3",
      "@x",
      "\tx", "-", "+49 30", "'",
    ]
    for seed in 0..<300 as Range<UInt64> {
      var random = RandomStream(seed: seed, "combining")
      let columns = (0..<(2 + random.below(3))).map { "\(fields[random.below(fields.count)])\($0)" }
      let rows = (0..<random.below(5)).map { _ in
        columns.map { _ in fields[random.below(fields.count)] }
      }
      let written = Table(columns: columns, rows: rows)
      let plain = try Table(text: written.text, name: "t.csv")
      #expect(plain == written, "seed \(seed)")
      let harmless = try table(written.harmlessText)
      #expect(harmless == written, "seed \(seed)")
    }
  }

  @Test("what a spreadsheet would run begins with an apostrophe in files that people open")
  func harmless() {
    let table = Table(
      columns: ["=x", "y"],
      rows: [
        ["=cmd|' /C calc'!A0", "-0.25"], ["@SUM(1)", "+x"], ["\tx", "-a.wav"], ["a=b", "1e-5"],
      ])
    #expect(
      table.harmlessText
        == "'=x,y\n'=cmd|' /C calc'!A0,-0.25\n'@SUM(1),'+x\n'\tx,'-a.wav\na=b,1e-5\n")
  }

  @Test("rows of the wrong length are named, blank lines passed over")
  func ragged() throws {
    #expect(
      refusal("a,b\n1,2\n3\n")
        == "t.csv:3: this line has 1 field, but the header names 2 columns.")
    #expect(
      refusal("a,b\n1,2,3\n1,2\n")
        == "t.csv:2: this line has 3 fields, but the header names 2 columns.")
    #expect(try table("a,b\n1,2\n\n3,").rows == [["1", "2"], ["3", ""]])
  }

  @Test("files that are no table are refused in a sentence")
  func malformed() {
    #expect(refusal("") == "t.csv: this file is empty; its first line should name the columns.")
    #expect(
      refusal("a,b\n\"1,2\n3,4\n")
        == "t.csv:2: this is not well-formed CSV (a quote is opened and never closed).")
    #expect(
      refusal("a,b\n\n1,\"2\"x\"\n3,4\"\n")
        == "t.csv:3: this is not well-formed CSV (text follows the closing quote of a field).")
    #expect(
      refusal("a,b\n1,\"two\r\nlines\"\n1,2\"x\"\n")
        == "t.csv:4: this is not well-formed CSV (a field that holds a quote must stand in quotes, "
        + "its own doubled).")
    #expect(
      refusal("a,b,a\n1,2,3\n")
        == "t.csv:1: this is not well-formed CSV (two columns are named 'a').")
    #expect(throws: TableError.unreadable(file: "none.csv")) {
      try Table(contentsOf: URL(filePath: "/nowhere/none.csv"), name: "none.csv")
    }
  }
}
