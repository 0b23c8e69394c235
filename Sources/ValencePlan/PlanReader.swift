import Foundation
package import ValenceCore
import ValenceCorpora
import ValenceNN
import ValenceReport

/// Reads a plan from an experiment file and finds everything that is wrong with it.
package struct PlanReader {
  /// More networks for each fold are a mistake; merely to list them takes all memory.
  private static let mostNetworks = 100_000

  private let document: PlanDocument
  private let context: PlanContext

  /// A reader of `document`; `environment` is where `${NAME}` and `~` in paths are looked up.
  package init(
    _ document: PlanDocument,
    environment: [String: String] = ProcessInfo.processInfo.environment
  ) {
    self.document = document
    context = PlanContext(
      folder: document.folder, environment: environment, baseFolders: document.baseFolders)
  }

  /// The plan; touches no audio, but makes sure that the paths exist.
  ///
  /// - Throws: `Problems`: all of them, in the order of the file's lines.
  package func read() throws(Problems) -> Plan {
    var scope = PlanScope(
      document.root.entries ?? [], place: SourcePlace(file: document.file), context: context)
    return try plan(from: &scope)
  }

  /// The records of all keys that the readers ask for in this file.
  func keyRecords() -> [KeyRecord] {
    var context = context
    context.keepsRecords = true
    var scope = PlanScope(
      document.root.entries ?? [], place: SourcePlace(file: document.file), context: context)
    _ = try? plan(from: &scope)
    return scope.records
  }

  private func plan(from scope: inout PlanScope) throws(Problems) -> Plan {
    scope.settle("extends", .path([.file]))
    let name = name(from: &scope)
    scope.settle("title", .text, default: .text("the name"))
    let title = scope.text("title", default: name) ?? name
    let seeds = scope.integers("seeds", default: [1, 2, 3], in: 0...Int.max, count: 1...1000)
    Self.noteTwice(seeds, in: &scope)
    let corpora = scope.corpora()
    let names = corpora.map(\.name)
    let labels = scope.labels(corpora: names)
    let (trainOn, testOn) = Self.trainAndTest(among: names, from: &scope)
    let base = Settings(from: &scope)
    let splitProtocol: ProtocolOptions = scope.options("protocol")
    scope.record("sweep", .words(["none"]), default: .text("none"))
    var sweep = Sweep()
    if scope.has("sweep"), scope.node("sweep")?.isWord("none") != true {
      sweep = scope.nested("sweep") { Sweep(from: &$0) }
    } else {
      scope.resolveNothing("sweep")
    }
    let baselines = scope.baselines("baselines")
    let report: ReportOptions = scope.options("report")
    scope.resolveNothing("extends")  // what it leads to is part of the document already
    scope.finish()

    var expansion = VariantExpansion(root: document.root, file: document.file, context: context)
    let variants = expansion.variants(of: sweep, classes: labels.classCount)
    let plan = Plan(
      name: name, title: title, seeds: seeds.map(UInt64.init), corpora: corpora, labels: labels,
      trainOn: trainOn, testOn: testOn, splitProtocol: splitProtocol, base: base,
      variants: variants, factors: sweep.factors(base: scope.resolved),
      baselines: expansion.baselines(baselines, of: variants).filter { baseline in
        !variants.contains { $0.identity == baseline.identity }
      }, report: report,
      source: PlanSource(
        root: document.root, file: document.file, folder: document.folder,
        resolved: Self.resolved(scope.resolved, of: variants)))
    let networks = variants.count * seeds.count * trainOn.count
    if networks > Self.mostNetworks {
      scope.note(
        "with \(variants.count) variants and \(trainOn.count) training corpora these are "
          + "\(networks) networks for each fold, more than \(Self.mostNetworks).", about: "seeds")
    }
    let check = PlanCheck(plan, root: document.root, file: document.file)
    let all = document.problems + scope.problems + expansion.problems + check.problems()
    guard all.isEmpty else { throw Problems(Self.once(all)) }
    return plan
  }

  /// The resolved file without the keys of networks where every variant is a classic model, which such a file
  /// may not have.
  private static func resolved(_ map: ResolvedMap, of variants: [Variant]) -> ResolvedMap {
    var map = map
    // Nothing can be set below a word, so a `none` that a sweep sets something below is left unsaid.
    for axis in variants.flatMap(\.axes) {
      let path = axis.key.split(separator: ".").map(String.init)
      for length in 1..<max(1, path.count)
      where map.value(at: path.prefix(length)) == .text("none") {
        map.forget(path.prefix(length))
      }
    }
    guard !variants.isEmpty, variants.allSatisfy({ $0.settings.classic != nil }) else { return map }
    map.forget(["training"])
    if case .map(let model)? = map["model"] {
      for key in model.keys where key != "classic" { map.forget(["model", key]) }
    }
    return map
  }

  private func name(from scope: inout PlanScope) -> String {
    scope.recordRequired("name")
    guard scope.has("name") else {
      scope.noteMissing("name")
      return "unnamed"
    }
    if let extends = document.extendsPlace, let place = scope.place(of: "name"),
      document.baseFolders[place.file] != nil
    {
      scope.note(
        "is missing here; with the name of \(place.file) this experiment would write over its "
          + "results.", about: "name", at: extends)
    }
    let name = scope.text("name", default: nil) ?? "unnamed"
    if name.wholeMatch(of: /[a-z0-9-]+/) == nil {
      scope.note("'\(name)' may have only a-z, 0-9 and -: it names folders.", about: "name")
    }
    return name
  }

  /// The corpora to train and to test on.
  ///
  /// Where only corpora that are trained on can be tested on, these are the default of `test_on`.
  private static func trainAndTest(among names: [String], from scope: inout PlanScope) -> (
    [String], [String]
  ) {
    guard !names.isEmpty else {  // what is wrong with the corpora is noted already
      scope.resolveNothing("train_on")
      scope.resolveNothing("test_on")
      return ([], [])
    }
    for key in ["train_on", "test_on"] {
      scope.settle(key, .other("a list of names under `corpora`"), default: .text("all"))
    }
    let trainOn = scope.words("train_on", default: names, among: names, count: 1...Int.max)
    let across = scope.node("protocol")?.value(at: ["across"])
    let isWithin = ["none", "leave_one_corpus_out"].contains(
      across?.text ?? across?.value(at: ["kind"])?.text)
    let testOn = scope.words(
      "test_on", default: isWithin ? trainOn : names, among: names, count: 1...Int.max)
    return (trainOn, testOn)
  }

  private static func noteTwice(_ seeds: [Int], in scope: inout PlanScope) {
    var seen: Set<Int> = []
    for seed in seeds where !seen.insert(seed).inserted {
      scope.note("'\(seed)' is in this list twice.", about: "seeds")
      return
    }
  }

  /// The problems, each once: every variant repeats those of the settings that it does not vary.
  private static func once(_ problems: [Problem]) -> [Problem] {
    var seen: Set<Problem> = []
    return problems.filter { seen.insert($0).inserted }
  }
}
