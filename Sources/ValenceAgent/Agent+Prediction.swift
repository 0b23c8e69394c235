import Foundation
import ValenceAudio
import ValenceCard
import ValenceCore
import ValencePredict
import ValenceStore

extension Agent {
  /// The classes and probabilities of a recording, with what the models were tested on.
  func predictEmotion(
    _ arguments: Arguments, over transport: Transport
  ) async throws -> JSONValue {
    let windows = try windows(arguments)
    let path = try arguments.string("path")
    let audio = try arguments.string("audio_base64")
    if path != nil, transport == .http {
      throw ToolFault(
        "path: over HTTP no file of the server's machine is read; give the recording in audio_base64."
      )
    }
    switch (path, audio) {
    case (let path?, nil):
      return try await heard(try Self.file(path), windows, over: transport)
    case (nil, let audio?):
      let bytes = try decoded(audio)
      let file = try scratch.file(with: bytes)
      defer { scratch.remove(file) }
      let length = try AudioReader.inspect(file).durationS
      guard length <= limits.seconds else {
        throw ToolFault(
          "audio_base64: the recording has \(NumberText.decimal(length, 1)) s, and at most "
            + "\(NumberText.decimal(limits.seconds, 0)) s are heard; send parts of it.")
      }
      return try await heard(file, windows, over: transport)
    case (nil, nil): throw ToolFault("Give the recording: its path, or its bytes in audio_base64.")
    default: throw ToolFault("Give the recording either by path or in audio_base64, not both.")
    }
  }

  private func windows(_ arguments: Arguments) throws -> WindowOptions? {
    let asked = try arguments.bool("windows")
    let windowS = try arguments.number("window_s")
    let hopS = try arguments.number("hop_s")
    guard windowS != nil || hopS != nil else { return asked == true ? WindowOptions() : nil }
    guard asked != false else {
      throw ToolFault("window_s and hop_s are for windows, but windows is false; leave one out.")
    }
    for (name, value) in [("window_s", windowS), ("hop_s", hopS)] {
      if let value, value <= 0 {
        throw ToolFault("\(name) should be more than 0, and is \(value).")
      }
    }
    return WindowOptions(windowS: windowS, hopS: hopS)
  }

  /// The file of a path, if it can be read to an end: a pipe or device may have none.
  private static func file(_ path: String) throws -> URL {
    guard !path.isEmpty, !path.contains("\0") else {
      throw ToolFault("path should be the path of an audio file.")
    }
    let file = URL(filePath: path)
    let kind = try? file.resolvingSymlinksInPath().resourceValues(
      forKeys: [.isRegularFileKey, .isDirectoryKey])
    if let kind, kind.isRegularFile != true, kind.isDirectory != true {
      throw ToolFault("\(path): this is no regular file; give an audio file.")
    }
    return file
  }

  private func decoded(_ text: String) throws -> Data {
    // Some clients send a data URL, of which only the end is base64.
    var text = text[...]
    if text.hasPrefix("data:"), let comma = text.prefix(200).firstIndex(of: ",") {
      text = text[text.index(after: comma)...]
    }
    guard text.utf8.count / 4 * 3 <= limits.bytes + 3 else {
      throw ToolFault(
        "audio_base64: the recording has more than \(limits.bytes >> 20) MiB; send parts of it, or a "
          + "compressed form.")
    }
    let joined = text.filter { !$0.isNewline }
    guard let data = Data(base64Encoded: joined) else {
      throw ToolFault("audio_base64: this is not base64; encode the bytes of the audio file anew.")
    }
    guard !data.isEmpty else { throw ToolFault("audio_base64: the recording is empty.") }
    return data
  }

  private func heard(
    _ file: URL, _ windows: WindowOptions?, over transport: Transport
  ) async throws -> JSONValue {
    if let windows { try refuseTooMany(windows, of: file) }
    let heard = try await hear(file, windows)
    guard heard.faults.isEmpty || !heard.answers.isEmpty else {
      throw ToolFault(heard.faults.map { shown($0, over: transport) }.joined(separator: " "))
    }
    let answers = heard.answers.map { answer -> JSONValue in
      let probabilities = answer.probabilities.mapValues { JSONValue.number(Double("\($0)") ?? 0) }
      return .object([
        "model": .string(name(of: answer)), "start_s": .number(answer.startS),
        "end_s": .number(answer.endS),
        "prediction": answer.prediction.map(JSONValue.string) ?? .null,
        "probabilities": .object(probabilities),
      ])
    }
    let remarks = (heard.remarks + heard.faults).map { shown($0, over: transport) }
    return .object([
      "answers": .array(answers), "models": .array(models.map { Self.tested($0.card) }),
      "remarks": .array(remarks.map(JSONValue.string)),
    ])
  }

  /// So many windows that nobody can read their answers are a mistake.
  private func refuseTooMany(_ windows: WindowOptions, of file: URL) throws {
    let shortest = models.map(\.card.input.clipS).min() ?? 1
    let hop = windows.hopS ?? (windows.windowS ?? shortest) / 2
    // What is wrong with the file is said when it is heard.
    guard let length = try? AudioReader.inspect(file).durationS, hop > 0 else { return }
    guard length / hop <= Double(limits.windows) else {
      throw ToolFault(
        "hop_s: a window every \(hop) s of \(NumberText.decimal(length, 1)) s would be more than "
          + "\(limits.windows) windows; give a longer hop, or a part of the recording.")
    }
  }

  private func name(of answer: Predictor.Answer) -> String {
    guard let asked = answer.model else { return models.first?.card.name ?? "" }
    return models.first { $0.asked == asked }?.card.name ?? asked
  }

  /// What a model was tested on, in short.
  private static func tested(_ card: ModelCard) -> JSONValue {
    func number(_ value: Double?) -> JSONValue { value.map(JSONValue.number) ?? .null }
    let corpora = card.training?.corpora
    return .object([
      "model": .string(card.name), "digest": .string(card.digest),
      "trained_on": corpora.map { .array($0.map(JSONValue.string)) } ?? .null,
      "tests": .array(
        card.scores.map { score in
          .object([
            "corpus": .string(score.corpus), "within": .bool(score.within),
            "uar": .number(score.model.uar), "low": number(score.model.low),
            "high": number(score.model.high), "chance": .number(score.model.chance),
            "clips": .integer(Int64(score.model.clips)),
            "speakers": score.model.speakers.map { .integer(Int64($0)) } ?? .null,
          ])
        }),
    ])
  }
}
