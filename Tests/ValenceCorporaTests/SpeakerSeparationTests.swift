import Foundation
import Testing
import ValenceCore

@testable import ValenceCorpora

@Suite("What is known of who speaks on which side")
struct SpeakerSeparationTests {
  private static let space = LabelSpace(name: "custom", classes: ["high", "low"], maps: [:])

  /// A corpus with both classes of each speaker; `_` has no name.
  private func corpus(_ sides: [(speaker: String, split: String?)], each: Int = 3) throws
    -> LabeledCorpus
  {
    var utterances: [Utterance] = []
    for (group, side) in sides.enumerated() {
      for label in ["high", "low"] {
        for number in 0..<each {
          let id = "\(group)-\(label)-\(number).wav"
          utterances.append(
            Utterance(
              id: id, filePath: "/nowhere/\(id)",
              .init(
                speaker: side.speaker == "_" ? nil : side.speaker, label: label,
                split: side.split.flatMap { SplitName($0) })))
        }
      }
    }
    return try Corpus(name: "mine", root: URL(filePath: "/nowhere"), utterances: utterances)
      .labeled(by: Self.space)
  }

  private func made(
    _ within: ProtocolOptions.Within, _ corpus: LabeledCorpus,
    validation: ProtocolOptions.Validation = .speakers(1)
  ) throws -> CorpusFolds {
    var options = ProtocolOptions()
    (options.within, options.validation) = (within, validation)
    return try FoldMaker(options: options).folds(of: corpus)
  }

  @Test("folds of whole known speakers hold them out, and nothing is remarked")
  func heldOut() throws {
    let corpus = try corpus(["a", "b", "c", "d"].map { ($0, nil) })
    for within in [ProtocolOptions.Within.leaveOneSpeakerOut, .speakerFolds(2)] {
      let made = try made(within, corpus)
      #expect(made.speakers.tested == .heldOut && made.speakers.validated == .heldOut)
      #expect(made.speakers.test.speakers == 4 && made.speakers.test.utterances == 24)
      #expect(made.remarks == [])
    }
  }

  @Test("an official split without speakers is said to be one")
  func nameless() throws {
    let corpus = try corpus([("_", "train"), ("_", "train"), ("_", "validation"), ("_", "test")])
    let made = try made(.official, corpus)
    #expect(made.speakers.tested == .unknown && made.speakers.validated == .unknown)
    #expect(
      made.remarks == [
        "mine: it is unknown who speaks in 6 of 6 test utterances, 12 of 12 training utterances and "
          + "6 of 6 validation utterances, so test speakers may also be trained on; this is no result "
          + "on unknown speakers."
      ])
  }

  @Test("a single training utterance without a speaker is enough to know nothing of the test's")
  func partly() throws {
    let corpus = try corpus([("a", "train"), ("_", "train"), ("c", "test")])
    let made = try made(.official, corpus, validation: .fraction(0.2))
    #expect(made.speakers.tested == .unknown)
    #expect(made.speakers.test.nameless == 0 && made.speakers.train.nameless > 0)
    #expect(made.remarks.count == 1)
    #expect(try #require(made.remarks.first).contains("training utterances"))
  }

  @Test("random folds of utterances without a speaker are said to be no speaker-independent ones")
  func randomFolds() throws {
    let corpus = try corpus([("_", nil), ("_", nil), ("_", nil)])
    let folder = FileManager.default.temporaryDirectory.appending(path: "valence-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appending(path: "folds.csv")
    let rows = corpus.utterances.enumerated().map { "\($1.utterance.id),\($0 % 2)\n" }
    try Data(("file,fold\n" + rows.joined()).utf8).write(to: file)
    let made = try made(.csv(file), corpus, validation: .fraction(0.2))
    #expect(made.speakers.tested == .unknown)
    #expect(
      try #require(made.remarks.first).hasPrefix(
        "mine: it is unknown who speaks in 18 of 18 test utterances"))
  }

  @Test("speakers who choose the epoch and are trained on are counted")
  func validation() throws {
    let corpus = try corpus([("a", "train"), ("b", "train"), ("b", "validation"), ("c", "test")])
    let made = try made(.official, corpus)
    #expect(made.speakers.tested == .heldOut && made.speakers.validated == .shared)
    #expect(
      made.remarks == [
        "mine: 1 of 1 validation speaker is also trained on, so the epoch is chosen on speakers that "
          + "the network knows."
      ])
  }

  @Test("a test speaker who is trained on is counted over all folds")
  func shared() throws {
    let corpus = try corpus([("a", "train"), ("b", "train"), ("a", "test"), ("c", "test")])
    let made = try made(.official, corpus)
    #expect(made.speakers.tested == .shared)
    #expect(made.speakers.test.speakers == 2 && made.speakers.test.shared == 1)
  }

  @Test("a whole corpus that is learned from says whose utterances have no speaker")
  func whole() throws {
    let corpus = try corpus([("_", nil), ("_", nil)])
    var options = ProtocolOptions()
    options.validation = .fraction(0.2)
    let made = try FoldMaker(options: options).whole(of: corpus)
    #expect(made.speakers.tested == .none && made.speakers.validated == .unknown)
    let remark = try #require(made.remarks.first)
    #expect(remark.hasSuffix("chosen on speakers that the network knows."))
  }
}
