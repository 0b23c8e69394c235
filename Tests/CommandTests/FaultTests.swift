import Foundation
import Testing
import ValenceTestSupport

/// Faults of the machine, provoked for real.
///
/// `VALENCE_INSTANTS=40` kills at as many instants; a few do for everyday.
@Suite("What was finished stays, whatever happens to the machine", .serialized)
struct FaultTests {
  private static let instants =
    ProcessInfo.processInfo.environment["VALENCE_INSTANTS"].flatMap(Int.init) ?? 4

  /// Two experiments of which the second scores the networks of the first on other speech.
  private static func write(_ folder: TemporaryFolder) throws {
    try ToneCorpus().write(to: folder.url.appending(path: "one"))
    try ToneCorpus(speakers: 2, seed: 2).write(to: folder.url.appending(path: "two"))
    let more = "train_on: [one]\n"
    func plan(_ corpora: [String]) -> String {
      TonePlan.text("study", corpora: corpora, more)
        .replacingOccurrences(of: "seeds: [1]", with: "seeds: [1, 2, 3]")
        .replacingOccurrences(of: "epochs: 8", with: "epochs: 3")
        .replacingOccurrences(
          of: "figures: []", with: "figures: [confusion, corpora], formats: [svg]")
    }
    try folder.write(["first.yaml": plan(["one"]), "second.yaml": plan(["one", "two"])])
  }

  /// Lends the command in a folder with both experiments.
  private func with(_ body: (Command) throws -> Void) throws {
    try TemporaryFolder.with { folder in
      try Self.write(folder)
      try body(Command(folder: folder.url))
    }
  }

  private func arguments(_ plan: String, in folder: String) -> [String] {
    ["run", plan, "--results", "\(folder)/Results", "--plots", "\(folder)/Plots", "--jobs", "2"]
  }

  /// The files that a run leaves, but those that may differ between equal runs.
  private func files(_ folder: URL) throws -> [String: Data] {
    let paths = try FileManager.default.subpathsOfDirectory(atPath: folder.path)
    return try paths.reduce(into: [:]) { files, path in
      let name = (path as NSString).lastPathComponent
      var isFolder: ObjCBool = false
      let url = folder.appending(path: path)
      guard FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder),
        !isFolder.boolValue, !["timing.json", ".study.lock"].contains(name)
      else { return }
      files[path] = try Data(contentsOf: url)
    }
  }

  private func expectSame(_ a: [String: Data], _ b: [String: Data], _ what: String) {
    let different = Set(a.keys).union(b.keys).filter { a[$0] != b[$0] }.sorted()
    #expect(different == [], "\(what)")
    #expect(!a.isEmpty)
  }

  @Test(
    "killed or asked to end at any instant, over features, training, scoring anew and the report",
    arguments: [SIGKILL, SIGTERM])
  func killed(signal: Int32) throws {
    try with { valence in
      func run(_ plan: String, in folder: String) throws -> Double {
        let began = ContinuousClock.now
        let outcome = try valence("run", Array(arguments(plan, in: folder).dropFirst()))
        #expect(outcome.status == 0, "\(outcome.errors)")
        let parts = (ContinuousClock.now - began).components
        return Double(parts.seconds) + Double(parts.attoseconds) * 1e-18
      }
      let times = [try run("first.yaml", in: "whole"), try run("second.yaml", in: "whole")]
      let whole = try files(valence.folder.appending(path: "whole"))
      for instant in 0..<Self.instants {
        var valence = valence
        let name = "cut\(instant)"
        valence.environment["VALENCE_CACHE"] = valence.folder.appending(path: "\(name)/cache").path
        for (plan, time) in zip(["first.yaml", "second.yaml"], times) {
          let share = (Double(instant) + 0.5) / Double(Self.instants)
          let cut = try valence(
            arguments(plan, in: name), signal: signal, afterS: 0.02 + share * time)
          let what = "\(plan) at \(share * time) s of \(time) s: \(cut.errors)"
          if signal == SIGTERM { #expect([0, 130].contains(cut.status), "\(what)") }
          let finished = cut.errorLines.filter { $0.contains(": kept epoch ") }.count
          let again = try valence("run", Array(arguments(plan, in: name).dropFirst()))
          #expect(again.status == 0, "\(what) \(again.errors)")
          if plan == "first.yaml" {
            let trained = again.errorLines.filter { $0.contains(": kept epoch ") }.count
            #expect(trained <= 6 - finished, "\(what)")
          } else {
            // Networks that are finished are never trained again.
            #expect(again.errors.contains("0 trials to train"), "\(what)")
          }
        }
        try FileManager.default.removeItem(at: valence.folder.appending(path: "\(name)/cache"))
        try expectSame(
          whole, files(valence.folder.appending(path: name)), "instant \(instant) of \(signal)")
      }
    }
  }

  @Test("two signals end a run at once, and a signal that it was started to ignore ends nothing")
  func signals() throws {
    try with { valence in
      let long = "training.epochs=4000 training.early_stopping.patience=4000"
      let two = try valence.shell(
        "$VALENCE run first.yaml \(long) 2> errors & p=$!; sleep 1.5; kill -TERM $p; kill -HUP $p; wait $p"
      )
      #expect(two.status == 130)
      let ignored = try valence.shell(
        "trap '' HUP; $VALENCE run first.yaml 2> errors & p=$!; sleep 0.3; kill -HUP $p; wait $p")
      #expect(ignored.status == 0)
      for name in ["INT", "TERM", "HUP"] {
        let one = try valence.shell(
          "$VALENCE run first.yaml \(long) 2> errors & p=$!; sleep 1.5; kill -\(name) $p; wait $p; s=$?; "
            + "tail -1 errors; exit $s")
        #expect(one.status == 130)
        #expect(one.output.hasPrefix("Interrupted; finished trials are kept, "))
      }
    }
  }

  @Test("few files that may be open: a sentence or a result, and then the bytes of any other run")
  func fewOpenFiles() throws {
    try with { valence in
      let run = arguments("second.yaml", in: "whole")
      #expect(try valence("run", Array(run.dropFirst())).status == 0)
      let whole = try files(valence.folder.appending(path: "whole"))
      for limit in [14, 18, 24, 40] {
        var valence = valence
        let name = "few\(limit)"
        valence.environment["VALENCE_CACHE"] = valence.folder.appending(path: "\(name)-cache").path
        let line = arguments("second.yaml", in: name).joined(separator: " ")
        let few = try valence.shell("ulimit -n \(limit); exec $VALENCE \(line)")
        #expect([0, 1, 2].contains(few.status), "\(limit): \(few.errors)")
        #expect(few.status == 0 || !few.errors.isEmpty)
        let again = try valence("run", Array(arguments("second.yaml", in: name).dropFirst()))
        #expect(again.status == 0, "\(limit): \(again.errors)")
        try expectSame(whole, files(valence.folder.appending(path: name)), "\(limit) files")
      }
    }
  }
}

/// File systems that are full or read-only.
@Suite("Disks that cannot be written", .serialized, .enabled(if: SmallDisk.isPossible))
struct DiskTests {
  private static let sweep = "seeds: [1, 2, 3, 4, 5, 6, 7, 8]"

  private func with(_ body: (Command, SmallDisk) throws -> Void) throws {
    try Command.with { valence in
      let plan = try String(
        contentsOf: valence.folder.appending(path: "plan.yaml"), encoding: .utf8)
      try Data(
        plan.replacingOccurrences(of: "seeds: [1]", with: Self.sweep)
          .replacingOccurrences(of: "epochs: 8", with: "epochs: 2").utf8
      ).write(to: valence.folder.appending(path: "plan.yaml"))
      let disk = SmallDisk(valence.folder.appending(path: "disk"))
      defer { disk.end() }
      try body(valence, disk)
    }
  }

  private func hidden(_ folder: URL) throws -> [String] {
    try FileManager.default.subpathsOfDirectory(atPath: folder.path).filter {
      $0.contains(".draft") || $0.contains(".old") || $0.contains("nosync")
    }
  }

  @Test("a disk that fills up ends the run at once, leaves no draft, and the next run goes on")
  func full() throws {
    try with { valence, disk in
      try disk.begin("size=200k")
      let run = try valence("run", "plan.yaml", "--results", "disk/Results", "--jobs", "2")
      #expect(run.status == 1, "\(run.errors)")
      #expect(run.errors.contains("No space left on device"))
      #expect(
        run.errorLines.last
          == "The run has ended; finished trials are kept, and the same command goes on from there."
      )
      let kept = run.errorLines.filter { $0.contains(": kept epoch ") }.count
      let failed = run.errorLines.filter { $0.contains(": FAILED: ") }.count
      // Two were under way; none of the others was trained for nothing.
      #expect(kept > 0 && kept < 14 && (1...2).contains(failed), "\(run.errors)")
      #expect(try hidden(disk.folder) == [])
      // That the disk is full is no property of a trial, and is said once beside its line.
      #expect(
        run.errorLines.filter { $0.contains("No space left") && !$0.contains(": FAILED: ") }.count
          == 1, "\(run.errors)")
      let runs = try valence("runs", "study", "--results", "disk/Results")
      #expect(!runs.output.contains("failed"), "\(runs.output)")
      try disk.change("size=20m")
      let again = try valence("run", "plan.yaml", "--results", "disk/Results")
      #expect(again.status == 0, "\(again.errors)")
      #expect(again.errors.contains("\(16 - kept) trials to train, \(kept) finished before"))
      let whole = try valence("run", "plan.yaml")
      let tables = [whole.output, again.output].map { $0.components(separatedBy: "Tables:")[0] }
      #expect(tables[0] == tables[1])
    }
  }

  @Test("a cache on a disk that fills up ends the run at once, with nothing left of it")
  func fullCache() throws {
    try with { valence, disk in
      var valence = valence
      valence.environment["VALENCE_CACHE"] = disk.folder.path
      try disk.begin("size=40k")
      let run = try valence("run", "plan.yaml")
      #expect(run.status == 1)
      #expect(run.errorLines.count == 1, "\(run.errors)")
      #expect(run.errors.contains(": this cannot be written (No space left on device); "))
      #expect(try hidden(disk.folder) == [])
      try disk.change("size=20m")
      #expect(try valence("run", "plan.yaml").status == 0)
    }
  }

  @Test("results that can only be read are listed, compared, planned and drawn elsewhere")
  func readOnly() throws {
    try with { valence, disk in
      try disk.begin("size=20m")
      let settings = ["--results", "disk/Results"]
      let run = try valence("run", ["plan.yaml"] + settings)
      #expect(run.status == 0)
      try disk.change("ro")
      let runs = try valence("runs", ["study"] + settings)
      #expect(runs.status == 0 && runs.errors == "")
      #expect(runs.output.components(separatedBy: " finished ").count == 17)
      #expect(try valence("runs", ["--json"] + settings).status == 0)
      let plan = try valence("plan", ["plan.yaml"] + settings)
      #expect(plan.output.contains("16 trials, 0 to train"))
      let again = try valence("run", ["plan.yaml"] + settings)
      #expect(again.status == 1)
      #expect(again.errorLines.count == 1 && again.errors.contains("Read-only file system"))
      let report = try valence("report", ["study", "--plots", "elsewhere"] + settings)
      #expect(report.status == 0)
      #expect(
        report.errors
          == "Note: disk/Results/study: this folder cannot be written, so the tables stay as they are; "
          + "the output below is made from the stored results.\n")
      #expect(report.output.contains("base     one    one") && !report.output.contains("Tables:"))
    }
  }
}

/// A file system in memory, for those who may mount one.
struct SmallDisk {
  let folder: URL

  init(_ folder: URL) { self.folder = folder }

  static let isPossible: Bool = {
    guard geteuid() == 0 else { return false }
    let disk = SmallDisk(
      FileManager.default.temporaryDirectory.appending(path: "valence-disk-\(UUID().uuidString)"))
    defer {
      disk.end()
      try? FileManager.default.removeItem(at: disk.folder)
    }
    return (try? disk.begin("size=1m")) != nil
  }()

  func begin(_ options: String) throws {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try call("/bin/mount", ["-t", "tmpfs", "-o", options, "tmpfs", folder.path])
  }

  func change(_ options: String) throws {
    try call("/bin/mount", ["-o", "remount,\(options)", folder.path])
  }

  func end() { try? call("/bin/umount", ["-l", folder.path]) }

  private struct Failed: Error {}

  private func call(_ program: String, _ arguments: [String]) throws {
    let process = Process()
    process.executableURL = URL(filePath: program)
    process.arguments = arguments
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    if process.terminationStatus != 0 { throw Failed() }
  }
}
