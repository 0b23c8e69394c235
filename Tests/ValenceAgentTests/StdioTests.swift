import Foundation
import Synchronization
import Testing
import ValenceCore
import ValenceStore

@testable import ValenceAgent

@Suite("Messages a line each")
struct StdioTests {
  /// What a session wrote.
  private final class Written: Sendable {
    private let lines = Mutex<[Data]>([])

    func add(_ line: Data) { lines.withLock { $0.append(line) } }

    /// The answers, each of which is one whole line.
    var answers: [JSONValue] {
      lines.withLock { $0 }.map { line in
        #expect(line.last == UInt8(ascii: "\n") && line.dropLast().firstIndex(of: 10) == nil)
        return (try? JSONDecoder().decode(JSONValue.self, from: line)) ?? "not JSON"
      }
    }
  }

  /// What a session writes for some lines.
  private func run(_ lines: [String], delayS: Double = 0) async -> [JSONValue] {
    await run(lines.map { Data($0.utf8) }, delayS: delayS)
  }

  /// The same for bytes.
  ///
  /// Reading waits, as in the command, so it has a thread that the answers do not need.
  private func run(_ lines: [Data], delayS: Double = 0) async -> [JSONValue] {
    let written = Written()
    let session = StdioSession(AgentLab(delayS: delayS).agent) { written.add($0) }
    await withCheckedContinuation { continuation in
      Thread.detachNewThread {
        for line in lines { session.take(.whole(line)) }
        session.finish()
        continuation.resume()
      }
    }
    return written.answers
  }

  private func call(_ id: String) -> String {
    "{\"jsonrpc\": \"2.0\", \"id\": \(id), \"method\": \"tools/call\", \"params\": {\"name\": "
      + "\"predict_emotion\", \"arguments\": {\"path\": \"a.wav\"}}}"
  }

  @Test("a request that takes long does not hold up another one")
  func sideBySide() async {
    let answers = await run(
      [call("1"), "{\"jsonrpc\": \"2.0\", \"id\": 2, \"method\": \"ping\"}"], delayS: 0.3)
    #expect(answers.compactMap { $0["id"]?.integer } == [2, 1])
  }

  @Test("a cancelled request has no answer, whenever the cancellation comes")
  func cancelled() async {
    let cancel =
      "{\"jsonrpc\": \"2.0\", \"method\": \"notifications/cancelled\", \"params\": {\"requestId\": 1}}"
    #expect(
      await run([call("1"), cancel, call("\"1\"")], delayS: 0.2).compactMap { $0["id"] } == ["1"])
    #expect(await run([cancel, call("1"), cancel], delayS: 0.1) == [])
    let done = await run([call("2"), cancel])
    #expect(done.compactMap { $0["id"]?.integer } == [2])
  }

  @Test("an id that is in use is refused, and can be used again after the answer")
  func sameID() async {
    let answers = await run([call("1"), call("1")], delayS: 0.1)
    #expect(answers.count == 2)
    #expect(answers[0]["error"]?["code"]?.integer == -32600 && answers[0]["id"] == nil)
    #expect(answers[1]["id"]?.integer == 1 && answers[1]["result"] != nil)
  }

  @Test("batches are for the one revision that has them")
  func batches() async {
    func initialize(_ version: String) -> String {
      "{\"jsonrpc\": \"2.0\", \"id\": 0, \"method\": \"initialize\", \"params\": "
        + "{\"protocolVersion\": \"\(version)\"}}"
    }
    let ping = "{\"jsonrpc\": \"2.0\", \"id\": 1, \"method\": \"ping\"}"
    let note = "{\"jsonrpc\": \"2.0\", \"method\": \"notifications/initialized\"}"
    let batch = "[\(ping), \(note), 5]"
    let answers = await run([initialize("2025-03-26"), batch])
    let list = answers.first { !$0.items.isEmpty }?.items ?? []
    #expect(list.count == 2 && list[0]["id"]?.integer == 1)
    #expect(list.last?["error"]?["code"]?.integer == -32600)
    for version in ["2024-11-05", "2025-06-18"] {
      let codes = await run([initialize(version), batch]).compactMap {
        $0["error"]?["code"]?.integer
      }
      #expect(codes == [-32600])
    }
    #expect(await run([initialize("2025-03-26"), "[\(note)]"]).count == 1)
  }

  @Test("lines are cut anywhere, and one that is too long is an error and no memory")
  func lines() {
    var buffer = LineBuffer(limit: 10)
    var lines: [LineBuffer.Line] = []
    let text = "one\ntwo\n\n" + String(repeating: "x", count: 30) + "\n0123456789\nlast"
    for byte in text.utf8 { lines += buffer.add(Data([byte])) }
    lines += buffer.end()
    func whole(_ text: String) -> LineBuffer.Line { .whole(Data(text.utf8)) }
    let expected = [
      whole("one"), whole("two"), .tooLong, whole("0123456789"), whole("last"),
    ]
    #expect(lines == expected)
    var other = LineBuffer(limit: 10)
    #expect(other.add(Data(text.utf8)) + other.end() == expected)
    let written = Written()
    StdioSession(AgentLab().agent) { written.add($0) }.take(.tooLong)
    #expect(written.answers.map { $0["error"]?["code"]?.integer } == [-32600])
  }

  @Test(
    "20,000 mutated messages: an error, a result or nothing for each, and the next one is answered")
  func mutations() async throws {
    let seeds = [
      call("1"),
      "{\"jsonrpc\": \"2.0\", \"id\": \"é\", \"method\": \"server/discover\", \"params\": "
        + "{\(AgentLab.meta)}}",
      "{\"jsonrpc\": \"2.0\", \"id\": 3, \"method\": \"tools/call\", \"params\": {\(AgentLab.meta), "
        + "\"name\": \"describe_model\", \"arguments\": {\"model\": null}}}",
      "{\"jsonrpc\": \"2.0\", \"id\": 4, \"method\": \"initialize\", \"params\": {\"protocolVersion\": "
        + "\"2025-06-18\", \"capabilities\": {}, \"clientInfo\": {\"name\": \"a\", \"version\": \"1\"}}}",
      "{\"jsonrpc\": \"2.0\", \"method\": \"notifications/cancelled\", \"params\": {\"requestId\": 1}}",
    ].map { Array($0.utf8) }
    var random = RandomStream(seed: 20_261_201, "mutations")
    var lines: [Data] = []
    for round in 0..<20_000 {
      var bytes = seeds[round % seeds.count]
      for _ in 0...Int(random.uniform() * 4) {
        let place = Int(random.uniform() * Double(bytes.count))
        switch Int(random.uniform() * 5) {
        case 0: bytes[place] = UInt8(random.uniform() * 256)
        case 1: bytes.remove(at: place)
        case 2: bytes.insert(UInt8(random.uniform() * 256), at: place)
        case 3: bytes.removeSubrange(place..<min(bytes.count, place + 20))
        default: bytes.insert(contentsOf: bytes[place..<min(bytes.count, place + 30)], at: place)
        }
        if bytes.isEmpty { bytes = [0] }
      }
      lines.append(Data(bytes))
    }
    lines.append(Data("{\"jsonrpc\": \"2.0\", \"id\": 77, \"method\": \"ping\"}".utf8))
    let answers = await run(lines)
    #expect(answers.contains { $0["id"]?.integer == 77 && $0["result"] != nil })
    #expect(answers.count > 10_000)
    for answer in answers {
      #expect((answer["result"] == nil) != (answer["error"] == nil), "\(answer.text)")
      if let code = answer["error"]?["code"]?.integer {
        #expect([-32700, -32600, -32601, -32602, -32022].contains(code), "\(answer.text)")
      }
    }
  }
}
