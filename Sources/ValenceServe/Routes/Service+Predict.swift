import Foundation
import NIOHTTP1
import ValenceAudio
import ValenceLive
import ValencePredict
import ValenceServeOptions

/// What is said of an upload: what `valence predict --json` prints, and remarks.
struct PredictReply: Encodable, Sendable {
  var answers: [Predictor.Answer]
  /// What to know about the answers.
  var remarks: [String]
  /// Why some of the networks say nothing.
  var faults: [String]
  /// The length of the upload.
  var durationS: Double
}

/// What a client asks about an upload.
struct PredictQuery: Sendable {
  /// Nil for one answer about the whole recording.
  var windows: WindowOptions?
  var name: String?

  static let names = ["windows", "window_s", "hop_s", "name"]

  /// - Throws: `Refusal` with status 400, whose sentence names the setting.
  init(_ request: Request) throws(Refusal) {
    let asked = try AskedSettings(request.query, known: Self.names, place: "query")
    name = asked.text("name")
    var options = WindowOptions()
    options.windowS = try asked.number("window_s")
    options.hopS = try asked.number("hop_s")
    let isCut = try asked.flag("windows") ?? (options != WindowOptions())
    guard isCut || options == WindowOptions() else {
      throw Refusal(
        .badRequest,
        "query: window_s and hop_s are of windows, which windows=false leaves out; drop one of them."
      )
    }
    windows = isCut ? options : nil
  }
}

extension Service {
  /// `POST /v1/predict`.
  ///
  /// - Throws: `Refusal`.
  func predict(_ request: Request, _ reader: inout RequestReader) async throws -> Answer {
    let asked = try PredictQuery(request)
    guard uploads.take() else {
      throw Refusal.busy(
        "There are \(options.limits.uploads) uploads, as many as this server takes; try again later."
      )
    }
    defer { uploads.leave() }
    let upload = try await Upload.receive(
      request, &reader, name: asked.name, most: options.limits.bytes, in: spool)
    defer { upload.file.remove() }
    let (models, most, url) = (models, options.limits.seconds, upload.file.url)
    do {
      var reply = try await recordings.run {
        try await models.pool.run { predictor in
          try Self.reply(about: url, asked.windows, by: predictor, most: most)
        }
      }
      metrics.heard(reply.durationS, by: Route.predict.rawValue)
      for index in reply.answers.indices { reply.answers[index].file = upload.name }
      reply.faults = reply.faults.map { shown($0, upload) }
      if reply.answers.isEmpty, let fault = reply.faults.first {
        throw Refusal(.unprocessableEntity, fault)
      }
      return try Answer.json(reply)
    } catch let error as AudioError {
      if case .tooLong = error.fault { throw Refusal(.payloadTooLarge, shown("\(error)", upload)) }
      throw Refusal(.unprocessableEntity, shown("\(error)", upload))
    } catch let fault as WindowFault {
      throw Refusal(.badRequest, "query: \(fault)")
    }
  }

  private static func reply(
    about url: URL, _ windows: WindowOptions?, by predictor: Predictor, most: Double
  ) throws -> PredictReply {
    // The sound that ffmpeg decoded is kept for the predictor, and goes with the upload.
    defer { AudioReader.forget(url) }
    if let windows {
      for group in Set(predictor.inputs.map(\.group)) {
        _ = try predictor.windowSamples(windows, group: group)
      }
    }
    // By decoding, as a header may promise anything.
    let durationS = try AudioReader.inspectDecoded(url, longestS: most).durationS
    let reply = predictor.predict([url], windows: windows)[0]
    return PredictReply(
      answers: reply.answers, remarks: predictor.remarks(windows: windows), faults: reply.faults,
      durationS: durationS)
  }

  /// A sentence with the upload's own name in place of the file's.
  private func shown(_ sentence: String, _ upload: Upload) -> String {
    sentence.replacing(upload.file.url.path, with: upload.name)
      .replacing(upload.file.url.relativePath, with: upload.name)
      .replacing(FileManager.default.temporaryDirectory.path, with: "the temporary folder")
  }
}
