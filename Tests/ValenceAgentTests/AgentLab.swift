import Foundation
import Synchronization
import ValenceCore
import ValencePredict
import ValenceStore
import ValenceTestSupport

@testable import ValenceAgent
@testable import ValenceCard

/// An agent over a model that is made up, so that its answers are known.
struct AgentLab {
  let agent: Agent
  let heard = HeardFiles()

  /// What the model was asked about.
  final class HeardFiles: Sendable {
    private let files = Mutex<[(name: String, bytes: Int, windows: WindowOptions?)]>([])

    func note(_ file: URL, _ windows: WindowOptions?) {
      let bytes = (try? Data(contentsOf: file).count) ?? -1
      files.withLock { $0.append((file.relativePath, bytes, windows)) }
    }

    var all: [(name: String, bytes: Int, windows: WindowOptions?)] { files.withLock { $0 } }
  }

  /// - Parameter delayS: how long the model takes for an answer.
  init(results: URL? = nil, delayS: Double = 0, limits: Agent.Limits = .init()) {
    let heard = heard
    agent = Agent(
      models: [Agent.Model(asked: "/srv/models/secret/model.safetensors", card: Self.card)],
      results: results, limits: limits
    ) { file, windows in
      heard.note(file, windows)
      if delayS > 0 { try await Task.sleep(for: .seconds(delayS)) }
      let answer = Predictor.Answer(
        file: file.relativePath, model: nil, span: 0...0.5, prediction: "low",
        probabilities: ["low": 0.75, "high": 0.25])
      return Agent.Heard(
        answers: [answer], faults: [],
        remarks: ["/srv/models/secret/model.safetensors hears well."])
    }
  }

  static var card: ModelCard {
    var card = ModelCard(
      name: "0a1b2c", kind: "network", digest: String(repeating: "a", count: 64),
      classes: ["low", "high"],
      input: .init(rateHz: 8000, clipS: 0.5, longClips: "crop", fusion: "mel", features: ["mel"]),
      normalization: .init(by: "train", live: "As they are."))
    card.scores = [
      .init(
        corpus: "one", within: true,
        model: .init(
          uar: 0.75, low: 0.5, chance: 0.5, recall: ["low": 0.5, "high": 1], models: 1, seeds: 1,
          clips: 12, speakers: 4), settings: nil)
    ]
    return card
  }

  /// Half a second of noise as a WAV file in base64.
  static func recording(seconds: Double = 0.5) -> String {
    var random = RandomStream(seed: 1, "noise")
    let samples = (0..<Int(8000 * seconds)).map { _ in Float(0.1 * random.normal()) }
    return ToneCorpus.wav(samples).base64EncodedString()
  }

  /// The answer to a message, read as JSON; nil for none.
  func answer(_ message: String, over transport: Agent.Transport = .stdio) async -> JSONValue? {
    guard let data = await agent.answer(Data(message.utf8), over: transport) else { return nil }
    return try? JSONDecoder().decode(JSONValue.self, from: data)
  }

  /// The answer to a request of the stateless era.
  func modern(
    _ method: String, _ parameters: String = "", over transport: Agent.Transport = .stdio
  ) async -> JSONValue? {
    let more = parameters.isEmpty ? "" : ", \(parameters)"
    return await answer(
      "{\"jsonrpc\": \"2.0\", \"id\": 1, \"method\": \"\(method)\", \"params\": {\(Self.meta)\(more)}}",
      over: transport)
  }

  /// The result of a call of a tool.
  func call(
    _ tool: String, _ arguments: String = "{}", over transport: Agent.Transport = .stdio
  ) async -> JSONValue? {
    await modern(
      "tools/call", "\"name\": \"\(tool)\", \"arguments\": \(arguments)", over: transport)?[
        "result"]
  }

  static let meta = """
    "_meta": {"io.modelcontextprotocol/protocolVersion": "2026-07-28", \
    "io.modelcontextprotocol/clientCapabilities": {}}
    """
}

extension JSONValue {
  /// A member of an object; nil of anything else.
  subscript(_ name: String) -> JSONValue? {
    if case .object(let members) = self { members[name] } else { nil }
  }

  /// An item of a list; nil of anything else.
  subscript(_ index: Int) -> JSONValue? {
    if case .array(let items) = self, items.indices.contains(index) { items[index] } else { nil }
  }

  var string: String? { if case .string(let string) = self { string } else { nil } }
  var integer: Int? { if case .integer(let integer) = self { Int(integer) } else { nil } }
  var items: [JSONValue] { if case .array(let items) = self { items } else { [] } }
  var names: [String] { if case .object(let members) = self { members.keys.sorted() } else { [] } }
}
