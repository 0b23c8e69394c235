import Foundation
import ValenceAgent
import ValenceCard
import ValenceLive
import ValencePredict
import ValenceServeOptions
import ValenceStore

/// The networks that are asked, by names that say nothing of where they lie.
struct ServedModels: Sendable {
  let pool: ScoringPool
  /// What answers messages of the Model Context Protocol.
  let agent: Agent
  let threads: Int
  /// What is known of each, by its name.
  private let cards: [String: ModelCard]

  /// Reads the networks.
  ///
  /// - Throws: a sentence that names the file.
  init(_ options: ServeOptions) throws {
    let cores = ProcessInfo.processInfo.activeProcessorCount
    threads = options.limits.threads == 0 ? cores : options.limits.threads
    let paths = options.models.map { URL(filePath: $0) }
    let named = paths.map(Self.named)
    let names = named.map(\.relativePath)
    if let twice = names.first(where: { name in names.count { $0 == name } > 1 }),
      Set(paths.map(\.path)).count == paths.count
    {
      throw ServeFault(
        "model: two networks would be called \(twice) in answers; rename the folder of one.")
    }
    let encoder = options.encoder.map { URL(filePath: $0, directoryHint: .isDirectory) }
    do {
      pool = try ScoringPool(models: named, encoder: encoder, threads: threads)
      var limits = Agent.Limits()
      (limits.bytes, limits.seconds) = (options.limits.bytes, options.limits.seconds)
      agent = Agent(
        models: try Agent.models(named, encoder: encoder), pool: pool, limits: limits)
      cards = try named.reduce(into: [:]) {
        $0[$1.relativePath] = try ModelCard(of: $1, encoder: encoder)
      }
    } catch {
      // The sentence for the person who starts the server has the whole path.
      _ = try Predictor(models: paths, encoder: encoder, threads: 1)
      throw error
    }
  }

  /// The address of a network by its last part, as answers name it.
  private static func named(_ path: URL) -> URL {
    let whole = path.absoluteURL.standardizedFileURL
    let isFile = whole.lastPathComponent == TrialFile.model.path
    let place = isFile ? whole.deletingLastPathComponent() : whole
    return URL(
      filePath: place.lastPathComponent, relativeTo: place.deletingLastPathComponent())
  }
}

/// The networks as `GET /v1/models` lists them.
struct ModelListing: Encodable, Sendable {
  var models: [Entry]

  /// A network: what it hears, and its card.
  struct Entry: Encodable, Sendable {
    var input: ModelInput
    var card: ModelCard?

    private enum CodingKeys: String, CodingKey { case card }

    func encode(to encoder: any Encoder) throws {
      try input.encode(to: encoder)
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encodeIfPresent(card, forKey: .card)
    }
  }
}

extension ServedModels {
  /// What each network hears and answers.
  var listing: ModelListing {
    ModelListing(
      models: pool.inputs.map { ModelListing.Entry(input: $0, card: cards[$0.name]) })
  }
}
