import Foundation
import Testing
import ValenceCore
import ValenceTestSupport

@testable import ValencePlan

@Suite struct PlanSourceTests {
  @Test(
    "a path is rewritten for another folder so that it leads to the same place",
    arguments: [
      ("corpora/a", "../../Experiments/corpora/a"), ("../corpora/a", "../../corpora/a"),
      ("./folds/", "../../Experiments/folds/"), (".", "../../Experiments"),
      ("..", "../.."), ("../../../../x", "../../../../x"), ("../Results/trial/a", "a"),
      ("../Results/trial", "."), ("../Results/trial/~", "./~"), ("../Results/b", "../b"),
      ("${A}/../b", "../../Experiments/${A}/../b"), ("../${A}/b", "../../${A}/b"),
    ])
  func rewritten(path: String, expected: String) {
    let paths = RelativePaths(
      from: URL(filePath: "/home/me/Experiments/"), to: URL(filePath: "/home/me/Results/trial"))
    #expect(paths.rewritten(path) == expected)
  }

  @Test("folders that are relative themselves start from where the program runs")
  func relativeFolders() {
    let paths = RelativePaths(
      from: URL(filePath: "Experiments/"), to: URL(filePath: "Results/trial"))
    #expect(paths.rewritten("a") == "../../Experiments/a")
    let here = URL(filePath: FileManager.default.currentDirectoryPath)
    #expect(RelativePaths(from: here, to: URL(filePath: "Results")).rewritten("a") == "../a")
  }

  @Test("a plan written into another folder runs from there")
  func moved() throws {
    let text = """
      name: trial
      corpora:
        a: {adapter: ravdess, path: ./corpora/ravdess}
        b: {adapter: emovo, path: "${ROOT}/corpora/emovo"}
        c: {adapter: folders, path: ~/corpora/calls, speaker: "(?<speaker>.)"}
        d: {adapter: manifest, path: "${RELATIVE}/manifest.csv"}
        e: {adapter: manifest, path: "\(folder.path)/folds"}
      labels: native
      protocol: {within: {csv: folds/folds.csv}}
      """
    let environment = ["ROOT": folder.path, "RELATIVE": "corpora", "HOME": folder.path]
    let plan = try readPlan(text, environment: environment)
    try TemporaryFolder.with { temporary in
      let fixtures = temporary.url.appending(path: "Experiments")
      let results = temporary.url.appending(path: "Results/trial")
      try FileManager.default.createDirectory(
        at: results, withIntermediateDirectories: true)
      try FileManager.default.copyItem(at: folder, to: fixtures)
      let here = try readPlan(text, in: fixtures, environment: environment)
      let moved = here.resolvedYAML(in: results)
      let lines = moved.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
      #expect(
        lines.filter { $0.hasPrefix("path:") || $0.hasPrefix("csv:") } == [
          #"path: "../../Experiments/corpora/ravdess""#, #"path: "${ROOT}/corpora/emovo""#,
          #"path: "~/corpora/calls""#, #"path: "../../Experiments/${RELATIVE}/manifest.csv""#,
          "path: \(ResolvedValue.text(folder.path + "/folds").flow)",
          #"csv: "../../Experiments/folds/folds.csv""#,
        ])
      let file = results.appending(path: "experiment.yaml")
      try Data(moved.utf8).write(to: file)
      let again = try PlanReader(
        PlanDocument(contentsOf: file.path), environment: environment
      ).read()
      #expect(again == here)
      #expect(again != plan)
      #expect(here.resolvedYAML == plan.resolvedYAML)
    }
  }

  @Test(
    "a sweep over paths is read back, from its own folder and from another",
    arguments: [
      "variants: {plain: {}, coded: {features.fusion: encoder, features.encoder: {path: tiny/one, layer: 1}}}",
      """
      variants: {plain: {}, coded: {features.fusion: encoder, features.encoder.path: tiny/one,
        features.encoder.layer: 1}}
      """,
      "grid: {features.encoder.path: [tiny/one, tiny/other], features.fusion: [encoder, late]}",
      """
      variants:
        one: {features.fusion: encoder, features.encoder: {path: tiny/one, layer: 1}}
        two: {features.fusion: encoder, features.encoder: {path: "./tiny/other", layer: 1}}
      """,
    ])
  func sweptPaths(sweep: String) throws {
    let text = """
      name: trial
      corpora: {a: {adapter: ravdess, path: corpora/ravdess}}
      labels: native
      protocol: {within: {speaker_folds: 2}}
      sweep:
      \(sweep.split(separator: "\n").map { "  \($0)\n" }.joined())
      """
    try TemporaryFolder.with { temporary in
      let experiments = temporary.url.appending(path: "Experiments")
      let results = temporary.url.appending(path: "Results/trial")
      for url in [experiments, results] {
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
      }
      try FileManager.default.copyItem(
        at: folder.appending(path: "corpora"), to: experiments.appending(path: "corpora"))
      try FileManager.default.copyItem(
        at: #require(encoders), to: experiments.appending(path: "tiny"))
      let here = try readPlan(text, in: experiments)
      #expect(try readPlan(here.resolvedYAML, in: experiments) == here)
      let again = try readPlan(here.resolvedYAML(in: results), in: results)
      #expect(again == here)
      #expect(again.variants.map(\.name) == here.variants.map(\.name))
    }
  }

  @Test("numbers are written so that YAML 1.1 takes them for numbers")
  func numbers() throws {
    let numbers: [(Double, String)] = [
      (1e-5, "1.0e-05"), (2.5e-7, "2.5e-07"), (1e16, "1.0e+16"), (1.5e300, "1.5e+300"),
      (1e-300, "1.0e-300"), (-1e-6, "-1.0e-06"), (0.001, "0.001"), (3, "3"),
    ]
    for (number, text) in numbers { #expect(ResolvedValue.number(number).flow == text) }
    // What PyYAML 6 takes for a float or an integer (its resolver for YAML 1.1).
    let form = /[-+]?[0-9]+|[-+]?[0-9]+\.[0-9]*([eE][-+][0-9]+)?/
    var random = RandomStream(seed: 5, "numbers")
    for _ in 0..<1000 {
      let scale = pow(10, Double(random.below(60)) - 30)
      let number = Double.random(in: -1...1, using: &random) * scale
      let text = ResolvedValue.number(number).flow
      #expect(text.wholeMatch(of: form) != nil, "\(text)")
      #expect(Double(text) == number)
      let node = PlanNode(content: .scalar(text, isQuoted: false), place: SourcePlace(file: "x"))
      #expect(node.number == number)
    }
    let plan = try readPlan(head + "training: {optimizer: {learning_rate: 1e-5}}")
    #expect(plan.resolvedYAML.contains("    learning_rate: 1.0e-05\n"))
    #expect(plan.variants[0].identity.contains("    learning_rate: 1.0e-05\n"))
  }

  @Test("the place of a key is its line, that of the nearest key around it, or the file")
  func places() throws {
    let plan = try readPlan(
      head + """
        protocol:
          missing_classes: allow
        sweep:
          grid:
            features.fusion: [mel, mfcc]
        """, overrides: ["seeds=[1]"])
    let places = [
      "corpora.ravdess": "exp.yaml:3", "corpora.ravdess.path": "exp.yaml:3",
      "corpora.emovo": "exp.yaml:4", "labels": "exp.yaml:5", "labels.classes": "exp.yaml:5",
      "protocol.missing_classes": "exp.yaml:7", "protocol.within": "exp.yaml:6",
      "sweep.grid.features.fusion": "exp.yaml:10", "sweep.grid.model.pooling": "exp.yaml:9",
      "training.epochs": "exp.yaml", "seeds": "command line",
    ]
    func place(_ key: String?, _ others: [String] = []) -> String? {
      plan.place(of: Problem("", key: key, others: others))?.description
    }
    for (key, line) in places { #expect(place(key) == line, "\(key)") }
    #expect(place("protocol.within", ["train_on", "protocol.missing_classes"]) == "exp.yaml:7")
    #expect(place("labels", ["protocol.missing_classes"]) == "exp.yaml:5")
    #expect(place("training.epochs", ["test_on"]) == "exp.yaml")
    #expect(place(nil) == nil)
  }
}
