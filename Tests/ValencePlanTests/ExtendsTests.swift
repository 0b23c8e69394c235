import Foundation
import Testing
import ValenceCore
import ValenceCorpora
import ValenceNN
import ValenceTestSupport

@testable import ValencePlan

@Suite("Files that extend others")
struct ExtendsTests {
  private static let base = """
    name: base
    corpora:
      a: {adapter: ravdess, path: speech/a}
    labels: emotion4
    seeds: [1, 2, 3]
    model: {rnn: {hidden: 64, layers: 2}, pooling: mean}
    protocol: {within: {speaker_folds: 4}, validation: {speakers: 1}}
    sweep: {grid: {features.fusion: [mel, mfcc]}}
    """

  /// Reads `plans/exp.yaml` of a folder with these files and with the speech of `shared/speech`.
  private func read(
    _ own: String, _ files: [String: String] = ["../shared/base.yaml": base],
    overrides: [String] = [], inspect: (Plan, URL) throws -> Void = { _, _ in }
  ) throws -> String {
    try TemporaryFolder.with { folder in
      try folder.touch(["shared/speech/a/x", "shared/speech/b/x", "plans/own/x"])
      try folder.write(
        Dictionary(uniqueKeysWithValues: files.map { ("plans/" + $0.key, $0.value) }))
      try folder.write(["plans/exp.yaml": own])
      let here = folder.url.appending(path: "plans")
      do {
        let plan = try PlanReader(
          PlanDocument(
            text: own, file: "exp.yaml", folder: here, overrides: overrides,
            environment: ["SHARED": "../shared", "HOME": folder.url.path]),
          environment: ["SHARED": "../shared", "HOME": folder.url.path]
        ).read()
        try inspect(plan, here)
        return ""
      } catch {
        return "\(error)".replacingOccurrences(of: folder.url.path, with: "FOLDER")
      }
    }
  }

  @Test(
    "its keys are put over those of the other file: maps by key, everything else as a whole",
    arguments: ["../shared/base.yaml", "${SHARED}/base.yaml", "~/shared/base.yaml"])
  func merge(path: String) throws {
    let own = """
      extends: "\(path)"
      name: study
      seeds: [7]
      model: {rnn: {hidden: 32}}
      corpora:
        mine: {adapter: emovo, path: own}
      """
    let said = try read(own) { plan, here in
      #expect(plan.name == "study")
      #expect(plan.seeds == [7])
      #expect(plan.base.model.rnn?.hidden == 32)
      #expect(plan.base.model.rnn?.layers == 2)
      #expect(plan.base.model.pooling == .mean)
      #expect(plan.corpora.map(\.name) == ["a", "mine"])
      // Each path starts from the file that it stands in.
      #expect(plan.corpora[0].path.path.hasSuffix("/shared/speech/a"))
      #expect(plan.corpora[1].path.path.hasSuffix("/plans/own"))
      #expect(plan.variants.map(\.name) == ["fusion=mel", "fusion=mfcc"])
      // The resolved file says it all in one, and leads to the same speech.
      #expect(!plan.resolvedYAML.contains("extends"))
      #expect(plan.resolvedYAML.contains(#"path: "../shared/speech/a""#))
      let again = try PlanReader(
        PlanDocument(text: plan.resolvedYAML, file: "again.yaml", folder: here), environment: [:]
      ).read()
      #expect(again == plan)
    }
    #expect(said == "")
  }

  @Test("a sweep, a split, a corpus of another kind and classes replace what the base has of them")
  func wholes() throws {
    let own = """
      extends: ../shared/base.yaml
      name: study
      corpora: {a: {adapter: folders, path: ../shared/speech/b, speaker: "(?<speaker>.)"}}
      labels: {classes: [up, down]}
      protocol: {within: leave_one_speaker_out, validation: {fraction: 0.2}}
      sweep: {variants: {x: {}, y: {model.rnn.hidden: 8}}}
      """
    let labels = "labels: {classes: [p, q], map: {\"*\": {joy: p}}, drop: [sad]}"
    let base = Self.base.replacingOccurrences(of: "labels: emotion4", with: labels)
    let said = try read(own, ["../shared/base.yaml": base]) { plan, _ in
      #expect(
        plan.corpora[0].adapter
          == .folders(speaker: try? PathPattern("(?<speaker>.)", group: "speaker")))
      #expect(plan.splitProtocol.within == .leaveOneSpeakerOut)
      #expect(plan.splitProtocol.validation == .fraction(0.2))
      #expect(plan.variants.map(\.name) == ["x", "y"])
      #expect(
        plan.labels
          == .custom(LabelSpace(name: "custom", classes: ["up", "down"], maps: [:], dropped: [])))
    }
    #expect(said == "")
    _ = try read("extends: ../shared/base.yaml\nname: study\nsweep: none") { plan, _ in
      #expect(plan.variants.map(\.name) == ["base"])
    }
  }

  @Test(
    "a base may extend another, and equal settings have one identity however they came together")
  func chain() throws {
    let files = [
      "middle.yaml": "extends: ../shared/base.yaml\nmodel: {rnn: {hidden: 32}}\nseeds: [5]",
      "../shared/base.yaml": Self.base,
    ]
    var identity = ""
    _ = try read("extends: middle.yaml\nname: study\nmodel: {rnn: {layers: 1}}", files) {
      plan, _ in
      #expect(plan.seeds == [5])
      #expect(plan.base.model.rnn?.hidden == 32)
      #expect(plan.base.model.rnn?.layers == 1)
      identity = plan.variants[0].identity
    }
    let whole = try readPlan(
      head + "model: {rnn: {hidden: 32, layers: 1}, pooling: mean}\nfeatures: {fusion: mel}")
    #expect(whole.variants[0].identity == identity)
  }

  /// A file that extends a base, and what is said of the two.
  struct WrongFiles: Sendable, CustomTestStringConvertible {
    var own = "extends: base.yaml\nname: study"
    var files: [String: String] = [:]
    var overrides: [String] = []
    let complaint: String
    var testDescription: String { complaint }
  }

  static let wrong: [WrongFiles] = [
    WrongFiles(complaint: "exp.yaml:1: extends: FOLDER/plans/base.yaml does not exist."),
    WrongFiles(
      own: "name: study\nextends: own",
      complaint: "exp.yaml:2: extends: FOLDER/plans/own is a folder; expected a file."),
    WrongFiles(
      own: "extends: [base.yaml]\nname: study",
      complaint: "exp.yaml:1: extends: expected the path of one file, found a list."),
    WrongFiles(
      own: "extends:\nname: study",
      complaint: "exp.yaml:1: extends: expected the path of one file, found nothing."),
    WrongFiles(
      own: "extends: ${NOWHERE}/base.yaml\nname: study",
      complaint: "exp.yaml:1: extends: the environment variable NOWHERE is not set."),
    WrongFiles(
      own: "extends: ./exp.yaml\nname: study",
      complaint: "exp.yaml:1: extends: a file cannot extend itself."),
    WrongFiles(
      files: ["base.yaml": "seeds: [1]\nextends: ../plans/exp.yaml"],
      complaint: """
        base.yaml:2: extends: exp.yaml extends this file already, so neither can be read first.
        """),
    WrongFiles(
      files: ["base.yaml": "seeds: [1\n"],
      complaint: "base.yaml:2: this is not well-formed YAML: did not find expected ',' or ']'."),
    WrongFiles(
      files: ["base.yaml": "# nothing\n"],
      complaint: "base.yaml: this file is empty; there is nothing to extend."),
    WrongFiles(
      files: ["base.yaml": "- a"],
      complaint: "base.yaml:1: expected keys, found a list; there is nothing to extend."),
    WrongFiles(
      files: [
        "base.yaml": base.replacingOccurrences(of: "hidden: 64", with: "hiden: 64")
          .replacingOccurrences(of: "speech/a", with: "../shared/speech/a")
      ],
      complaint: "base.yaml:6: model.rnn.hiden: no such key; did you mean hidden?"),
    WrongFiles(
      own: "extends: base.yaml\nname: study\nseeds: [0, 0]",
      files: ["base.yaml": base.replacingOccurrences(of: "speech/a", with: "speech/nowhere")],
      complaint: """
        base.yaml:3: corpora.a.path: FOLDER/plans/speech/nowhere does not exist.
        exp.yaml:3: seeds: '0' is in this list twice.
        """),
    WrongFiles(
      own: "extends: base.yaml\nseeds: [4]",
      files: [
        "base.yaml": base.replacingOccurrences(of: "speech/a", with: "../shared/speech/a")
      ],
      complaint: """
        exp.yaml:1: name: is missing here; with the name of base.yaml this experiment would write \
        over its results.
        """),
    WrongFiles(
      files: [
        "base.yaml": base.replacingOccurrences(of: "speech/a", with: "../shared/speech/a")
      ], overrides: ["extends=other.yaml"],
      complaint: "command line: extends: what a file extends can be said in the file only."),
  ]

  @Test("what is wrong with a base is said with the base's line", arguments: wrong)
  func problems(wrong: WrongFiles) throws {
    #expect(try read(wrong.own, wrong.files, overrides: wrong.overrides) == wrong.complaint)
  }
}
