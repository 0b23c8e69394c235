import Foundation
import Testing
import ValenceCore
import ValenceCorpora

@testable import ValencePlan

@Suite struct CorpusAndLabelProblemTests {
  /// The adapters, as messages list them.
  private static let adapters = CorpusOptions.Adapter.words.joined(separator: ", ")

  /// A file whose line 3 is `corpus` and line 4 `labels`; more lines may follow.
  private static func file(_ corpus: String, labels: String = "emotion4", more: String = "")
    -> String
  {
    "name: trial\ncorpora:\n  a: \(corpus)\nlabels: \(labels)\n\(more)"
  }

  @Test("a corpus that cannot be read as the plan says is refused", arguments: corpora)
  func corpus(wrong: WrongPlan) { #expect(complaints(wrong.text) == wrong.complaint) }

  static let corpora = [
    WrongPlan(
      file: file("{adapter: ravdess, path: corpora/nowhere}"),
      "exp.yaml:3: corpora.a.path: FOLDER/corpora/nowhere does not exist."),
    WrongPlan(
      file: file("{adapter: ravdess, path: \"${UNSET}/x\"}"),
      "exp.yaml:3: corpora.a.path: the environment variable UNSET is not set."),
    WrongPlan(
      file: file("{adapter: ravdess, path: \"${CORPORA/x\"}"),
      "exp.yaml:3: corpora.a.path: '${CORPORA/x' has ${ without }."),
    WrongPlan(
      file: file("{adapter: ravdess, path: ~/nowhere}"),
      "exp.yaml:3: corpora.a.path: FOLDER/nowhere does not exist."),
    WrongPlan(
      file: file("{adapter: ravdess, path: corpora/manifest.csv}"),
      "exp.yaml:3: corpora.a.path: FOLDER/corpora/manifest.csv is a file; expected a folder."),
    WrongPlan(file: file("{adapter: ravdess}"), "exp.yaml:3: corpora.a.path: is missing."),
    WrongPlan(
      file: file("{path: corpora/ravdess}"),
      """
      exp.yaml:3: corpora.a.adapter: is missing; it is one of \(adapters).
      """),
    WrongPlan(
      file: file("{adapter: cremad, path: corpora/ravdess}"),
      """
      exp.yaml:3: corpora.a.adapter: 'cremad' is not one of \(adapters); did you mean crema-d?
      """),
    WrongPlan(
      file: file("{adapter: iemocap, path: corpora/ravdess}"),
      """
      exp.yaml:3: corpora.a.adapter: 'iemocap' is not one of \(adapters).
      """),
    WrongPlan(
      file: file("{adapter: meld, path: corpora/ravdess, labels: sentimnet}"),
      """
      exp.yaml:3: corpora.a.labels: 'sentimnet' is not one of emotion, sentiment; did you mean \
      sentiment?
      """),
    WrongPlan(
      file: file("{adapter: ravdess, path: corpora/ravdess, labels: emotion}"),
      "exp.yaml:3: corpora.a.labels: no such key; valid are adapter, path, normalization."),
    WrongPlan(
      file: file("{adapter: ravdess, path: corpora/ravdess, speaker: x}"),
      "exp.yaml:3: corpora.a.speaker: no such key; valid are adapter, path, normalization."),
    WrongPlan(
      file: file("{adapter: manifest, path: corpora/manifest.csv, columns: {emotoin: label}}"),
      "exp.yaml:3: corpora.a.columns.emotoin: no such key; did you mean emotion?"),
    WrongPlan(
      file: file("{adapter: folders, path: corpora/calls, speaker: \"(\"}"),
      "exp.yaml:3: corpora.a.speaker: '(' is not a regular expression: expected ')'."),
    WrongPlan(
      file: file("{adapter: folders, path: corpora/calls, speaker: \"^([a-z]+)\"}"),
      """
      exp.yaml:3: corpora.a.speaker: '^([a-z]+)' has no group named speaker; \
      write it as (?<speaker>…).
      """),
    WrongPlan(
      file: file(
        "{adapter: folders, path: corpora/calls, speaker: \"(?<speaker>.)\", emotion: \"_(?<a>.)\"}"
      ),
      """
      exp.yaml:3: corpora.a.emotion: '_(?<a>.)' has no group named emotion; \
      write it as (?<emotion>…).
      """),
    WrongPlan(
      file: file("corpora/ravdess"),
      """
      exp.yaml:3: corpora.a: expected a map of keys, found text 'corpora/ravdess'.
      exp.yaml:3: corpora.a.adapter: is missing; it is one of \(adapters).
      exp.yaml:3: corpora.a.path: is missing.
      """),
    WrongPlan(
      file: "name: trial\ncorpora: {}\nlabels: native",
      "exp.yaml:2: corpora: expected at least one corpus, found none."),
    WrongPlan(
      file: "name: trial\ncorpora:\n  A b: {adapter: emovo, path: corpora/emovo}\nlabels: native",
      "exp.yaml:3: corpora.A b: 'A b' may have only a-z, 0-9, - and _ in its name."),
    WrongPlan(
      file: file(
        "{adapter: ravdess, path: corpora/ravdess}\n  b:\n    adapter: emovo\n"
          + "    path: ./corpora/../corpora/ravdess"),
      """
      exp.yaml:6: corpora.b.path: this is also corpora.a.path; the same speech may not be two \
      corpora.
      """),
    WrongPlan(
      file: file("{adapter: folders, path: corpora/calls}"),
      """
      exp.yaml:3: protocol.within: needs speakers, but corpora.a has none; give corpora.a.speaker.
      exp.yaml:3: protocol.validation: {speakers: n} needs speakers, but corpora.a has none; give \
      corpora.a.speaker or use {fraction: f}.
      """),
    WrongPlan(
      file: file("{adapter: ravdess, path: corpora/ravdess, normalization: corpus}"),
      """
      exp.yaml:3: corpora.a.normalization: replaces the statistics of each corpus or speaker, but \
      features.normalization is train; use corpus or speaker there, or leave this out.
      """),
    WrongPlan(
      file: file("{adapter: ravdess, path: corpora/ravdess, normalization: train}"),
      """
      exp.yaml:3: corpora.a.normalization: train serves all corpora alike; a corpus declares corpus or \
      speaker for itself, where features.normalization is the other one.
      """),
    WrongPlan(
      file: file(
        "{adapter: ravdess, path: corpora/ravdess, normalization: each}",
        more: "features: {normalization: speaker}"),
      "exp.yaml:3: corpora.a.normalization: 'each' is not one of corpus, speaker."),
    WrongPlan(
      file: file(
        "{adapter: folders, path: corpora/calls, normalization: speaker}",
        more: """
          features: {normalization: corpus}
          protocol: {within: {csv: folds/folds.csv}, validation: {fraction: 0.2}}
          """),
      """
      exp.yaml:3: corpora.a.normalization: 'speaker' needs speakers, but corpora.a has none; give \
      corpora.a.speaker.
      """),
    WrongPlan(
      file: file(
        "{adapter: folders, path: corpora/calls}",
        more: """
          features: {normalization: speaker}
          protocol: {within: {csv: folds/folds.csv}, validation: {fraction: 0.2}}
          """),
      """
      exp.yaml:5: features.normalization: 'speaker' needs speakers, but corpora.a has none; give \
      corpora.a.speaker.
      """),
  ]

  @Test("labels that lead nowhere are refused", arguments: labels)
  func label(wrong: WrongPlan) { #expect(complaints(wrong.text) == wrong.complaint) }

  private static func labeled(_ labels: String) -> String {
    file("{adapter: ravdess, path: corpora/ravdess}", labels: labels)
  }

  static let labels = [
    WrongPlan(
      file: labeled("emotoin4"),
      """
      exp.yaml:4: labels: 'emotoin4' is not one of sentiment3, emotion4, ekman6, meld7, native; \
      did you mean emotion4?
      """),
    WrongPlan(
      file: labeled("[a, b]"),
      """
      exp.yaml:4: labels: expected one of sentiment3, emotion4, ekman6, meld7, native or a map, \
      found a list.
      """),
    WrongPlan(
      file: labeled("{map: {a: {x: y}}}"),
      "exp.yaml:4: labels.classes: is missing; list the classes."),
    WrongPlan(
      file: labeled("{classes: [only]}"),
      "exp.yaml:4: labels.classes: expected 2…1000 entries, found 1."),
    WrongPlan(
      file: labeled("{classes: [up, up]}"),
      "exp.yaml:4: labels.classes: 'up' is in this list twice."),
    WrongPlan(
      file: labeled("{classes: [up, Up]}"),
      "exp.yaml:4: labels.classes: 'Up' differs from another class in capitals only."),
    WrongPlan(
      file: labeled("\n  classes: [up, down]\n  map:\n    b: {joy: up}"),
      "exp.yaml:7: labels.map.b: is not a corpus; did you mean a?"),
    WrongPlan(
      file: labeled("\n  classes: [up, down]\n  map:\n    a:\n      joy: upp"),
      "exp.yaml:8: labels.map.a.joy: 'upp' is not one of up, down; did you mean up?"),
    WrongPlan(
      file: labeled("{classes: [up, down], map: {a: {joy: up, Joy: down}}}"),
      "exp.yaml:4: labels.map.a.Joy: differs from another label in capitals only."),
    WrongPlan(
      file: labeled("{classes: [up, down], map: {\"*\": {joy: up}}, drop: [joy]}"),
      "exp.yaml:4: labels.drop: 'joy' is mapped in labels.map and dropped; it cannot be both."),
    WrongPlan(
      file: labeled("{classes: [up, down], drop: [up]}"),
      "exp.yaml:4: labels.drop: 'up' is one of labels.classes and dropped; it cannot be both."),
    WrongPlan(
      file: labeled("{classes: [up, down], drop: [[a]]}"),
      "exp.yaml:4: labels.drop: expected text, found a list."),
  ]

  @Test("~ stands for HOME, and says so where HOME is not set")
  func home() throws {
    let text = Self.file("{adapter: ravdess, path: ~/corpora/ravdess}")
    let path = try readPlan(text).corpora[0].path.path
    #expect(path == folder.appending(path: "corpora/ravdess").path)
    let error = #expect(throws: Problems.self) { try readPlan(text, environment: [:]) }
    #expect(
      error?.description == """
        exp.yaml:3: corpora.a.path: the environment variable HOME is not set, which ~ refers to.
        """)
  }
}
