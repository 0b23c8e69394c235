import Foundation
import ValenceCard
import ValenceCore
import ValenceReport
import ValenceStore

/// Why a tool gives no result, in a sentence that a language model can act on.
struct ToolFault: Error, CustomStringConvertible {
  let description: String

  init(_ sentence: String) { description = sentence }
}

extension Agent {
  /// The result of `tools/call`.
  ///
  /// - Throws: `ProtocolError` for what is no call of a tool; what a tool refuses is a result.
  func call(
    _ request: Message.Request, over transport: Transport
  ) async throws -> [String: JSONValue] {
    guard let name = request.parameters.name else {
      throw ProtocolError.parameters("name should be the name of a tool")
    }
    guard let tool = Tool(rawValue: name) else {
      throw ProtocolError.parameters("Unknown tool: \(name.prefix(100))")
    }
    guard let values = request.parameters.arguments else {
      throw ProtocolError.parameters("arguments should be an object")
    }
    do {
      let arguments = try Arguments(values, of: tool)
      let structured = try await result(of: tool, arguments, over: transport)
      return [
        "content": Self.text(structured.text), "structuredContent": structured, "isError": false,
      ]
    } catch {
      return [
        "content": Self.text(shown("\(error)", over: transport)), "isError": true,
      ]
    }
  }

  private static func text(_ text: String) -> JSONValue {
    .array([.object(["type": "text", "text": .string(text)])])
  }

  private func result(
    of tool: Tool, _ arguments: Arguments, over transport: Transport
  ) async throws -> JSONValue {
    switch tool {
    case .predictEmotion: try await predictEmotion(arguments, over: transport)
    case .describeModel: try describeModel(arguments)
    case .listExperiments: try await offThread { try self.listExperiments(over: transport) }
    case .compare: try await offThread { try self.compare(arguments, over: transport) }
    }
  }

  /// Does work that takes long, or waits for a disk, on a thread that nothing else needs.
  private func offThread(
    _ work: @Sendable @escaping () throws -> JSONValue
  ) async throws -> JSONValue {
    try await withCheckedThrowingContinuation { continuation in
      reading.async { continuation.resume(with: Result(catching: work)) }
    }
  }

  /// A sentence as a client may see it: models by their names, and over HTTP no path of this machine.
  func shown(_ sentence: String, over transport: Transport) -> String {
    var sentence = sentence.replacing(scratch.path + "/", with: "")
    // A short name without a folder may be a word of the sentence, and hides nothing.
    for model in models.sorted(by: { $0.asked.count > $1.asked.count })
    where model.asked.contains("/") || model.asked.count > 8 {
      sentence = sentence.replacing(model.asked, with: model.card.name)
    }
    guard transport == .http else { return sentence }
    if let results {
      for path in Set([results.path, results.relativePath]) where path.count > 1 {
        sentence = sentence.replacing(path, with: "results")
      }
    }
    return sentence
  }

  // MARK: - Models

  private func describeModel(_ arguments: Arguments) throws -> JSONValue {
    var described = models
    if let name = try arguments.string("model") {
      described = models.filter { $0.card.name == name }
      if described.isEmpty {
        let names = NearestWord(among: models.map(\.card.name))
        throw ToolFault(
          "model: no model here is called \(name.prefix(100)); \(names.hint(for: name))")
      }
    }
    return .object(["models": .array(try described.map { try JSONValue(of: $0.card) })])
  }

  // MARK: - Results

  private func listExperiments(over transport: Transport) throws -> JSONValue {
    let results = try knownResults()
    let entries = ResultIndex(results: results).experiments.map { status -> JSONValue in
      let spec = try? RunStore(results: results, name: status.name)
        .read(ReportSpec.self, from: .reportSpec)
      func strings(_ values: [String]?) -> JSONValue {
        .array((values ?? []).map(JSONValue.string))
      }
      let fault = status.fault.map { shown($0, over: transport) }
      return .object([
        "name": .string(status.name), "title": spec.map { .string($0.title) } ?? .null,
        "trials": .integer(Int64(status.trials)), "finished": .integer(Int64(status.finished)),
        "failed": .integer(Int64(status.failed)), "changed": .string(status.changed),
        "classes": strings(spec?.classes),
        "variants": strings(spec.map { $0.variants + ($0.baselines ?? []) }),
        "train": strings(spec?.train), "test": strings(spec?.test),
        "fault": fault.map(JSONValue.string) ?? .null,
      ])
    }
    return .object(["experiments": .array(entries)])
  }

  private func compare(_ arguments: Arguments, over transport: Transport) throws -> JSONValue {
    let results = try knownResults()
    let names = try arguments.strings("experiments") ?? []
    guard !names.isEmpty else {
      throw ToolFault("experiments is missing; list_experiments has the names.")
    }
    if let twice = names.first(where: { name in names.count { $0 == name } > 1 }) {
      throw ToolFault("experiments: \(twice.prefix(100)) is named twice.")
    }
    let stores = try names.map { try RunStore.existing(results: results, name: $0) }
    let comparison = try Comparison(
      stores, metric: try arguments.string("metric"),
      ofNetworks: try arguments.bool("networks") ?? false)
    return try JSONValue(of: comparison)
  }

  private func knownResults() throws -> URL {
    guard let results else {
      throw ToolFault(
        "This server was started without a folder of results, so it knows no experiments; whoever starts it "
          + "names one by --results.")
    }
    guard FileManager.default.fileExists(atPath: results.path + "/.") else {
      throw ToolFault(
        "The server's folder of results does not exist, so nothing has run there yet.")
    }
    return results
  }
}
