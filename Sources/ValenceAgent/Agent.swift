package import Foundation
package import ValenceCard
import ValenceCore
package import ValencePredict
import ValenceStore

/// Answers messages of the Model Context Protocol, over whatever they come.
///
/// It speaks revision 2026-07-28, each request of which stands by itself, and those before it that begin with
/// `initialize`. Which of the two a request is of shows in the request, so nothing is remembered between
/// requests.
package final class Agent: Sendable {
  /// What messages come over.
  package enum Transport: Hashable, Sendable {
    /// Standard input and output of a process that the user started: it may read the user's files.
    case stdio
    /// HTTP, where no path of the server's machine may be asked about or appear in an answer.
    case http
  }

  /// A model that is asked.
  package struct Model: Sendable {
    /// What predictors call it: the path by which the user named it.
    let asked: String
    package fileprivate(set) var card: ModelCard

    /// - Parameter path: the path by which the predictors know it.
    package init(_ path: URL, encoder: URL? = nil) throws {
      asked = path.relativePath
      card = try ModelCard(of: path, encoder: encoder)
    }

    init(asked: String, card: ModelCard) { (self.asked, self.card) = (asked, card) }
  }

  /// The models at some paths, each file once as predictors ask it, and each with a name of its own.
  package static func models(_ paths: [URL], encoder: URL? = nil) throws -> [Model] {
    var files: Set<ExactName> = []
    var names: [String: Int] = [:]
    return try paths.compactMap { path in
      let file = try ModelPlace(path).file.resolvingSymlinksInPath()
      guard files.insert(ExactName(file.path)).inserted else { return nil }
      var model = try Model(path, encoder: encoder)
      names[model.card.name, default: 0] += 1
      // A copy of a model has the same name by itself.
      if let count = names[model.card.name], count > 1 { model.card.name += "-\(count)" }
      return model
    }
  }

  /// What predictors say of a recording.
  package struct Heard: Sendable {
    package var answers: [Predictor.Answer]
    package var faults: [String]
    package var remarks: [String]

    package init(answers: [Predictor.Answer], faults: [String], remarks: [String]) {
      (self.answers, self.faults, self.remarks) = (answers, faults, remarks)
    }
  }

  /// Plays a recording to the models: whole, or in windows.
  package typealias Hearing = @Sendable (URL, WindowOptions?) async throws -> Heard

  /// What recordings and windows are refused.
  package struct Limits: Hashable, Sendable {
    /// The most bytes of a recording in base64, decoded.
    package var bytes = 32 << 20
    /// The longest recording in base64, in seconds.
    package var seconds = 600.0
    /// The most windows of a recording.
    package var windows = 5000

    package init() {}
  }

  let models: [Model]
  let results: URL?
  let limits: Limits
  let hear: Hearing
  /// Where recordings in base64 are written for the time that they are heard.
  let scratch: ScratchFolder
  /// Results are read and compared one after another, off the threads that all other work shares.
  let reading = DispatchQueue(label: "valence agent results")

  /// - Parameters:
  ///   - models: the models that `hear` asks, each once.
  ///   - results: the folder of results; nil if there is none to be asked about.
  package init(
    models: [Model], results: URL? = nil, limits: Limits = Limits(), hear: @escaping Hearing
  ) {
    (self.models, self.results, self.limits, self.hear) = (models, results, limits, hear)
    scratch = ScratchFolder()
  }

  /// Removes what recordings are left on disk; only for the end of the process.
  package func close() { scratch.remove() }

  /// The answer to a message; nil if it asks for none.
  ///
  /// - Parameter message: JSON in UTF-8.
  /// - Returns: JSON on one line, without a line end.
  package func answer(_ message: Data, over transport: Transport) async -> Data? {
    await answer(Message(message), over: transport)?.bytes
  }

  /// The answer to a message that was read; nil if it asks for none.
  func answer(
    _ message: Message, over transport: Transport, allowsBatches: Bool = false
  ) async -> JSONValue? {
    switch message {
    case .notification: return nil
    case .faulty(let error, let id): return error.answer(to: id)
    case .request(let request): return await answer(request, over: transport)
    case .batch(let messages):
      guard allowsBatches else {
        return ProtocolError.request("send one message at a time, not a batch").answer(to: nil)
      }
      var answers: [JSONValue] = []
      for message in messages {
        if let answer = await answer(Message(message), over: transport) { answers.append(answer) }
      }
      return answers.isEmpty ? nil : .array(answers)
    }
  }

  private func answer(_ request: Message.Request, over transport: Transport) async -> JSONValue {
    do {
      let result = try await result(of: request, over: transport)
      return .object(["jsonrpc": "2.0", "id": request.id.json, "result": .object(result)])
    } catch let error as ProtocolError {
      return error.answer(to: request.id)
    } catch {
      return ProtocolError.inner("\(type(of: error))").answer(to: request.id)
    }
  }

  // MARK: - Eras

  private func result(
    of request: Message.Request, over transport: Transport
  ) async throws -> [String: JSONValue] {
    guard let meta = request.parameters.meta, request.method != "initialize" else {
      return try await legacyResult(of: request, over: transport)
    }
    if let missing = meta.missing { throw ProtocolError.parameters("_meta should have \(missing)") }
    if let version = meta.protocolVersion, !Revision.modern.contains(version) {
      throw ProtocolError.version(version)
    }
    var result: [String: JSONValue]
    switch request.method {
    case "server/discover":
      result = lasting([
        "supportedVersions": .array(Revision.modern.map(JSONValue.string)),
        "capabilities": Self.capabilities, "instructions": .string(Self.instructions),
      ])
    case "tools/list": result = lasting(try list(request))
    case "tools/call": result = try await call(request, over: transport)
    default: throw ProtocolError.method(request.method)
    }
    result["resultType"] = "complete"
    result["_meta"] = .object(["io.modelcontextprotocol/serverInfo": Self.information])
    return result
  }

  private func legacyResult(
    of request: Message.Request, over transport: Transport
  ) async throws -> [String: JSONValue] {
    switch request.method {
    case "initialize":
      guard let version = request.parameters.protocolVersion else {
        throw ProtocolError.parameters("protocolVersion should be a string")
      }
      let known = Revision.legacy.contains(version) ? version : Revision.legacy[0]
      return [
        "protocolVersion": .string(known), "capabilities": Self.capabilities,
        "serverInfo": Self.information, "instructions": .string(Self.instructions),
      ]
    case "ping": return [:]
    case "tools/list": return try list(request)
    case "tools/call": return try await call(request, over: transport)
    case "server/discover":
      throw ProtocolError.parameters(
        "_meta should have io.modelcontextprotocol/protocolVersion (a string) and "
          + "io.modelcontextprotocol/clientCapabilities (an object)")
    default: throw ProtocolError.method(request.method)
    }
  }

  /// What stays true as long as the server runs.
  private func lasting(_ result: [String: JSONValue]) -> [String: JSONValue] {
    result.merging(["ttlMs": .integer(3_600_000), "cacheScope": "public"]) { $1 }
  }

  private func list(_ request: Message.Request) throws -> [String: JSONValue] {
    if request.parameters.hasCursor {
      throw ProtocolError.parameters("cursor: all tools are on one page, so there is no other")
    }
    return ["tools": .array(Tool.allCases.map(\.listing))]
  }

  private static let capabilities = JSONValue.object(["tools": .object([:])])

  private static let information = JSONValue.object([
    "name": "valence", "title": "Valence", "version": .string(Version.number),
  ])

  private static let instructions =
    "Valence asks trained speech emotion models about recordings. Call describe_model before you rely on a "
    + "prediction: it says what a model was trained and tested on, how well it does, and what it must not be "
    + "used for. The classes are labels of the training speech; they do not say what somebody feels."
}
