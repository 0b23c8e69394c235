import Foundation
import Testing
import ValenceCore
import ValenceData
import ValenceLive
import ValencePlan
import ValencePredict
import ValenceServe
import ValenceServeOptions
import ValenceStore
import ValenceTestSupport
import ValenceTraining

/// One after the other: some are about the time that a client takes.
@Suite("The server", .serialized)
struct ServerTests {}

/// A small network of tones, and servers that ask it.
enum Serving {
  /// The folder of the trial, trained once for all tests; it lies in a folder whose name must not get out.
  static let model: URL = {
    do {
      let folder = FileManager.default.temporaryDirectory
        .appending(path: "valence-secret-\(UUID().uuidString)", directoryHint: .isDirectory)
      try ToneCorpus().write(to: folder.appending(path: "one"))
      try Data(TonePlan.text().utf8).write(to: folder.appending(path: "plan.yaml"))
      let cache = FeatureCache(folder: folder.appending(path: "cache"))
      let document = try PlanDocument(
        contentsOf: folder.appending(path: "plan.yaml").path, overrides: ["training.epochs=2"])
      let experiment = try Experiment(
        PlanReader(document, environment: [:]).read(), cache: cache)
      let store = RunStore(results: folder.appending(path: "Results"), name: "study")
      let runner = Runner(experiment, store: store, cache: cache, control: RunControl { _ in })
      _ = try runner.run(jobs: 1, cores: 1) { $0.number == 1 }
      let trials = folder.appending(path: "Results/study/trials")
      let key = try FileManager.default.contentsOfDirectory(atPath: trials.path)[0]
      return trials.appending(path: key, directoryHint: .isDirectory)
    } catch {
      fatalError("\(error)")
    }
  }()

  /// What a test finds out about its server.
  struct Place: Sendable {
    let server: Server
    let log: Locked<[String]>
    var port: Int { server.port }

    func client() async throws -> Client { try await Client(port: port) }

    /// Asks on a connection of its own.
    func ask(
      _ method: String, _ path: String, _ headers: [String: String] = [:], body: Data? = nil
    ) async throws -> Client.Response {
      try await client().ask(method, path, headers, body: body)
    }

    /// The value of a line of `/metrics`.
    func metric(_ name: String) async throws -> Double? {
      let lines = try await ask("GET", "/metrics").text.split(separator: "\n")
      return lines.first { $0.hasPrefix(name + " ") }
        .flatMap { Double($0.dropFirst(name.count + 1)) }
    }
  }

  /// Lends a server at a free port.
  static func with(
    token: String? = nil,
    _ change: (inout ServeOptions) -> Void = { _ in },
    _ body: (Place) async throws -> Void
  ) async throws {
    var options = ServeOptions(models: [model.path])
    options.port = 0
    options.limits.threads = 2
    options.limits.drainS = 5
    change(&options)
    let log = Locked<[String]>([])
    let server = try await Server.start(
      options, token: token,
      writeLog: { line in log.with { $0.append(String(decoding: line, as: UTF8.self)) } })
    do {
      try await body(Place(server: server, log: log))
    } catch {
      _ = await server.drain()
      throw error
    }
    let isWhole = await server.drain()
    #expect(isWhole, "something was cut off at the end: \(log.value.suffix(5))")
    let isSecret = log.value.contains { $0.contains("valence-secret") || $0.contains("/tmp") }
    #expect(!isSecret, "the log names files")
  }

  /// Seconds of tones in noise, at the network's rate, with a pause.
  static func samples(seconds: Double, seed: UInt64 = 1) -> [Float] {
    var random = RandomStream(seed: seed, "sound")
    let rate = Double(ToneCorpus.rateHz)
    return (0..<Int(seconds * rate)).map { index in
      let time = Double(index) / rate
      let hz = [300.0, 800, 1800][Int(time / 0.7) % 3]
      return Float(0.4 * sin(2 * .pi * hz * time) + 0.02 * random.normal())
    }
  }

  /// The same as 16-bit samples.
  static func pcm(_ samples: [Float]) -> Data {
    samples.reduce(into: Data(capacity: 2 * samples.count)) { data, sample in
      let value = UInt16(bitPattern: Int16((sample * 32767).rounded()))
      data.append(UInt8(value & 255))
      data.append(UInt8(value >> 8))
    }
  }

  /// What `predict` says of a sound.
  static func expected(
    _ wav: Data, windows: WindowOptions? = nil
  ) throws -> [Predictor.Answer] {
    try TemporaryFolder.with { folder in
      let file = folder.url.appending(path: "sound.wav")
      try wav.write(to: file)
      let reply = try Predictor(models: [model], threads: 1).predict([file], windows: windows)[0]
      #expect(reply.faults == [])
      return reply.answers
    }
  }
}

/// An answer of the server, or an event of a stream, as far as tests compare it.
struct Said: Decodable, Equatable {
  var event: String?
  var file: String?
  var startS: Double?
  var endS: Double?
  var timeS: Double?
  var prediction: String?
  var probabilities: [String: Float]?
  var message: String?

  static func list(_ data: Data) throws -> [Said] {
    struct Reply: Decodable { var answers: [Said] }
    return try decoder.decode(Reply.self, from: data).answers
  }

  init(_ text: String) throws { self = try Self.decoder.decode(Said.self, from: Data(text.utf8)) }

  private static var decoder: JSONDecoder {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return decoder
  }
}

/// Expects the same parts, classes and probabilities, these to 1e-5.
func expectSame(
  _ said: [Said], _ expected: [Predictor.Answer],
  sourceLocation: SourceLocation = #_sourceLocation
) {
  #expect(said.count == expected.count, sourceLocation: sourceLocation)
  for (own, other) in zip(said, expected) {
    #expect(own.prediction == other.prediction, sourceLocation: sourceLocation)
    #expect(
      abs((own.startS ?? -1) - other.startS) < 1e-6 && abs((own.endS ?? -1) - other.endS) < 1e-6,
      "\(own) against \(other)", sourceLocation: sourceLocation)
    for (name, value) in other.probabilities {
      let distance = abs((own.probabilities?[name] ?? -1) - value)
      #expect(distance <= 1e-5, "\(name): \(distance)", sourceLocation: sourceLocation)
    }
  }
}
