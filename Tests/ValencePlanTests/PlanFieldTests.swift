import Testing
import ValenceCore
import ValenceCorpora
import ValenceFeatures
import ValenceNN

@testable import ValencePlan

@Suite("Keys of the fields of options")
struct PlanFieldTests {
  @Test("each field has a key that the readers know, and no other field has it")
  func keys() throws {
    let known = Set(try PlanReferenceTests.records().flatMap { Self.keys(of: $0) })
    let keys =
      FeatureOptions.Field.allCases.map(\.key) + ModelOptions.Field.allCases.map(\.key)
      + FoldError.Field.allCases.map { $0.key(in: "NAME") }
      + [CorpusError.Field.path, .pattern("speaker"), .pattern("emotion")].map {
        $0.key(in: "NAME")
      }
    for key in keys { #expect(known.contains(key), "no reader knows \(key)") }
    #expect(Set(keys).count == keys.count)
  }

  private static func keys(of record: KeyRecord, below path: String = "") -> [String] {
    let key = path.isEmpty ? record.key : "\(path).\(record.key)"
    return [key] + record.keys.flatMap { keys(of: $0, below: key) }
  }

  @Test("a misfit becomes a problem that names all its fields by their keys")
  func misfit() {
    let misfit = Misfit<FeatureOptions.Field>(
      .melHighHz, "9000 Hz is above 8000 Hz, half of \(field: .rateHz).", or: .melBands)
    #expect(
      Problem(misfit).description
        == "features.mel.high_hz: 9000 Hz is above 8000 Hz, half of audio.rate_hz.")
    #expect(misfit.fields == [.melHighHz, .rateHz, .melBands])
  }

  @Test("a misfit is shown at its own line, else at that of the next field that it names")
  func place() {
    let head =
      "name: x\ncorpora:\n  a: {adapter: ravdess, path: corpora/ravdess}\nlabels: emotion4\n"
    let rest = "is above 4000 Hz, half of audio.rate_hz; set it to 4000 or less."
    #expect(
      complaints(head + "audio:\n  rate_hz: 8000\n")
        == "exp.yaml:6: features.mel.high_hz: 8000 Hz (the default) \(rest)")
    #expect(
      complaints(head + "audio:\n  rate_hz: 8000\nfeatures:\n  mel:\n    high_hz: 5000\n")
        == "exp.yaml:9: features.mel.high_hz: 5000 Hz \(rest)")
  }

  @Test("errors of corpora, labels and folds are problems under the keys at fault")
  func corpora() {
    #expect(
      Problems(CorpusErrors([.missing(path: "/x")]), corpus: "mine").description
        == "corpora.mine.path: /x: there is no such file or folder; is the path right?")
    #expect(
      Problems(FoldErrors([.loneSpeaker("ann"), .emptySide(fold: "1", side: "test")]), corpus: "c")
        .all.map(\.key) == ["protocol.within", "protocol.within"])
    #expect(
      Problems(
        FoldErrors([.tooFewValidationSpeakers(fold: "1", wanted: 2, speakers: 1)]), corpus: "c"
      ).description.hasPrefix(
        "protocol.validation.speakers: corpus c: fold 1: 2 validation speakers"))
    let lacking = Problems(
      FoldErrors([.classOnFewSpeakers(class: "sad", speakers: ["a"], folds: 5)]), corpus: "c")
    #expect(
      lacking.description
        == "protocol.within.speaker_folds: corpus c: 5 folds cannot all test sad: only 1 speaker has it "
        + "(a); use protocol.missing_classes: allow.")
    #expect(lacking.all.first?.others == ["protocol.missing_classes"])
    #expect(
      Problems(FoldErrors([.noOfficialSplit(missing: ["test"])]), corpus: "c").description
        .hasSuffix("or in the one that corpora.c.columns.split names."))
    #expect(
      Problems(
        CorpusErrors([
          .missingColumn(manifest: "/m.csv", column: "who", word: "speaker", hint: "valid are a")
        ]), corpus: "c"
      ).description
        == "corpora.c.columns.speaker: /m.csv: there is no column 'who'; valid are a")
    let corpus = Corpus(
      name: "c", root: folder,
      utterances: [Utterance(id: "a.wav", filePath: "/a.wav", speaker: nil, label: "glee")])
    do {
      _ = try corpus.labeled(by: .native(labels: ["sad"]))
      Issue.record("a label that no space has was accepted")
    } catch {
      #expect(Problems(error).all.map(\.key) == ["labels"])
      #expect(Problems(error).all.first?.others == ["labels.map", "labels.drop"])
    }
  }
}
