import Foundation
import Testing
import ValenceTestSupport

@Suite("valence run and what follows it")
struct RunCommandTests {
  @Test(
    "results go to standard output, plain lines of progress to standard error; JSON can be read")
  func wholeRoad() throws {
    try Command.with { valence in
      let run = try valence("run", "plan.yaml", "training.epochs=2", "report.figures=[confusion]")
      #expect(run.status == 0, "\(run.errors)")
      let lines = run.errorLines
      #expect(lines.prefix(2).contains("2 trials to train, 0 finished before"))
      #expect(lines.contains("features of one: 36 clips"))
      let epoch =
        /\[[12]\] base · one fold [12] · seed 1: epoch [12]\/2, loss \d+\.\d{3}, validation UAR \d\.\d{3}, \d+\.\d s/
      #expect(lines.count { $0.wholeMatch(of: epoch) != nil } == 4)
      #expect(lines.count { $0.contains(": kept epoch ") } == 2)
      #expect(lines.count == 8)
      #expect(!run.errors.contains("\u{1B}"))
      #expect(!run.output.contains("\u{1B}"))
      #expect(run.output.contains("base     one    one"))
      #expect(
        run.output.hasSuffix(
          "Tables:\n  Results/study/results.csv\n  Results/study/summary.md\nFigures:\n"
            + "  Plots/study/confusion-one.png\n"))

      let again = try valence(
        "run", "plan.yaml", "training.epochs=2", "report.figures=[confusion]")
      #expect(again.status == 0)
      #expect(again.errors == "0 trials to train, 2 finished before\n")
      #expect(again.output == run.output)
      let report = try valence("report", "study")
      #expect((report.status, report.errors) == (0, ""))
      #expect(report.output == run.output)

      try checkJSON(valence)
    }
  }

  private func checkJSON(_ valence: Command) throws {
    func json(_ outcome: Command.Outcome) throws -> [[String: Any]] {
      #expect((outcome.status, outcome.errors) == (0, ""))
      let value = try JSONSerialization.jsonObject(with: Data(outcome.output.utf8))
      return try #require(value as? [[String: Any]])
    }
    let experiments = try json(valence("runs", "--json"))
    #expect(experiments.map { $0["name"] as? String } == ["study"])
    #expect(experiments.first?["finished"] as? Int == 2)
    let trials = try json(valence("runs", "study", "--json"))
    #expect(trials.map { $0["state"] as? String } == ["finished", "finished"])
    let corpora = try json(valence("corpora", "plan.yaml", "--json"))
    #expect(corpora.first?["counts"] as? [Int] == [12, 12, 12])
    let key = try #require(trials.first?["key"] as? String)
    let answers = try json(
      valence("predict", "Results/study/trials/\(key)", "one/low-s1-0.wav", "--json"))
    #expect(answers.first?["file"] as? String == "one/low-s1-0.wav")
    let probabilities = try #require(answers.first?["probabilities"] as? [String: Double])
    #expect(abs(probabilities.values.reduce(0, +) - 1) < 1e-5)

    let runs = try valence("runs")
    #expect(runs.status == 0)
    #expect(runs.output.contains("study"))
    let plan = try valence("plan", "plan.yaml", "training.epochs=2")
    #expect((plan.status, plan.errors) == (0, ""))
    #expect(plan.output.contains("2 trials, 0 to train"))
    let resolved = try valence("plan", "plan.yaml", "--resolved")
    try Data(resolved.output.utf8).write(to: valence.folder.appending(path: "resolved.yaml"))
    #expect(try valence("plan", "resolved.yaml", "--resolved").output == resolved.output)
    #expect(try valence("doctor").status == 0)
  }

  @Test("a run that failed in part ends with 1 and says which trials, why; the rest is reported")
  func failedInPart() throws {
    let sweep =
      "sweep: {variants: {wild: {training.optimizer.learning_rate: 10, "
      + "training.optimizer.weight_decay: 10, training.clip_norm: 1000000}, tame: {}}}\n"
    try Command.with(sweep) { valence in
      let run = try valence(
        "run", "plan.yaml", "training.epochs=30", "training.early_stopping.patience=30", "--only",
        "fold 1")
      #expect(run.status == 1)
      let last = run.errorLines.suffix(2)
      #expect(
        last.first?.hasPrefix("wild · one fold 1 · seed 1: the loss or its gradient is no finite ")
          == true)
      #expect(last.last == "1 trial failed; the others are kept.")
      #expect(run.output.contains("tame     one    one"))
      #expect(run.output.contains("3 trials are not finished; the table omits them."))
    }
  }

  @Test("a report needs predictions alone; without them it refuses and leaves tables and figures")
  func reportWithoutFiles() throws {
    try Command.with { valence in
      let run = try valence(
        "run", "plan.yaml", "training.epochs=2", "report.figures=[confusion]",
        "report.formats=[svg]")
      #expect(run.status == 0)
      let trials = valence.folder.appending(path: "Results/study/trials")
      let keys = try FileManager.default.contentsOfDirectory(atPath: trials.path)
      func read() throws -> [Data] {
        try [
          "Results/study/results.csv", "Results/study/summary.md", "Plots/study/confusion-one.svg",
        ]
        .map { try Data(contentsOf: valence.folder.appending(path: $0)) }
      }
      func remove(_ name: String, of keys: some Sequence<String>) throws {
        for key in keys {
          try FileManager.default.removeItem(at: trials.appending(path: "\(key)/\(name)"))
        }
      }
      let before = try read()
      try remove("model.safetensors", of: keys)
      let without = try valence("report", "study")
      #expect((without.status, without.errors) == (0, ""))
      #expect(try read() == before)
      let runs = try valence("runs", "study")
      #expect(runs.output.components(separatedBy: "finished, without its model").count == 3)
      let plan = try valence("plan", "plan.yaml", "training.epochs=2")
      #expect(plan.output.components(separatedBy: "done, without its model").count == 3)
      #expect(plan.output.contains("2 trials, 0 to train"))

      try remove("predictions", of: keys.prefix(1))
      let fewer = try valence("report", "study")
      #expect(fewer.status == 0)
      #expect(
        fewer.errors
          == "Note: study: the stored table was made of 2 networks, this one of 1; 1 trial is not "
          + "finished here.\n")
      let after = try read()
      try remove("predictions", of: keys.dropFirst())
      let none = try valence("report", "study")
      #expect(none.status == 2 && none.output == "")
      #expect(
        none.errors
          == "study: none of its 2 trials is finished here (the predictions of 2 are missing or "
          + "damaged), so there is nothing to report and its tables and figures stay as they are; run "
          + "the experiment again (valence run FILE).\n")
      #expect(try read() == after)
      let names = try valence("runs")
      #expect(names.output.contains(/study +2 +0 +0/))
      #expect(try valence("runs", "study").output.contains("incomplete"))
    }
  }

  @Test("a name is a name: no command follows a path out of the folder of results")
  func pathsAsNames() throws {
    try Command.with { valence in
      #expect(try valence("run", "plan.yaml", "training.epochs=1").status == 0)
      let before = try FileManager.default.subpathsOfDirectory(atPath: valence.folder.path)
      for path in ["../study", "../Results/study", "study/", ".", "/study"] {
        for arguments in [["report", path], ["runs", path], ["compare", "study", path]] {
          let outcome = try valence(arguments[0], Array(arguments.dropFirst()))
          #expect(outcome.status == 2 && outcome.output == "")
          #expect(
            outcome.errors.hasPrefix("\(path): this is not an experiment's name; "),
            "\(outcome.errors)")
        }
      }
      let after = try FileManager.default.subpathsOfDirectory(atPath: valence.folder.path)
      #expect(Set(after).subtracting(before) == [])
    }
  }

  @Test(
    "a trial that diverged is shown as failed, with its reason, and makes each further run end with 1"
  )
  func diverged() throws {
    let wild =
      "sweep: {variants: {wild: {training.optimizer.learning_rate: 10, "
      + "training.optimizer.weight_decay: 10, training.clip_norm: 1000000}, tame: {}}}\n"
    try Command.with(wild) { valence in
      let arguments = [
        "plan.yaml", "training.epochs=30", "training.early_stopping.patience=30", "--only",
        "fold 1",
      ]
      #expect(try valence("run", arguments).status == 1)
      let again = try valence("run", arguments)
      #expect(again.status == 1)
      let title = "wild · one fold 1 · seed 1"
      #expect(
        again.errorLines.prefix(2).last?.hasPrefix(
          "Note: 1 trial failed before and is not tried again until the settings change (\(title): "
        )
          == true)
      #expect(again.errorLines.dropLast().last?.hasPrefix("\(title): the loss ") == true)
      #expect(
        again.errorLines.last
          == "1 trial failed before and is not tried again until the settings change.")
      let runs = try valence("runs", "study")
      #expect(runs.output.contains(/failed.*the loss or its gradient is no finite number/))
      let plan = try valence("plan", Array(arguments.prefix(3)))
      #expect(plan.output.contains("4 trials, 2 to train"))
    }
  }

  @Test("an interrupted run ends with 130, says what to do, and the same command goes on")
  func interrupted() throws {
    try Command.with { valence in
      let cut = try valence(
        "run", "plan.yaml", "training.epochs=4000", "training.early_stopping.patience=4000",
        interruptAt: "epoch 2/")
      #expect(cut.status == 130)
      #expect(cut.output == "")
      #expect(
        cut.errorLines.last
          == "Interrupted; finished trials are kept, and the same command goes on from there.")
      let trials = valence.folder.appending(path: "Results/study/trials")
      let left = (try? FileManager.default.contentsOfDirectory(atPath: trials.path)) ?? []
      #expect(left == [])
    }
  }

  @Test("a wrong plan, key, file or option ends with 2 and a sentence, and nothing is written")
  func wrong() throws {
    try Command.with { valence in
      func expect(_ sentence: String, _ outcome: Command.Outcome) {
        #expect(outcome.status == 2)
        #expect(outcome.output == "")
        #expect(outcome.errors == sentence + "\n")
      }
      var text = try String(
        contentsOf: valence.folder.appending(path: "plan.yaml"), encoding: .utf8)
      text = text.replacingOccurrences(of: "hop_ms", with: "hop_msec")
      try Data(text.utf8).write(to: valence.folder.appending(path: "wrong.yaml"))
      for command in ["run", "plan", "corpora"] {
        expect(
          "wrong.yaml:7: features.hop_msec: no such key; did you mean hop_ms?",
          try valence(command, "wrong.yaml"))
      }
      expect(
        "command line: training.epoch: no such key; did you mean epochs?",
        try valence("run", "plan.yaml", "training.epoch=3"))
      expect(
        "--only 'ravdess': no trial's title has this in it; the first is 'base · one fold 1 · seed 1'.",
        try valence("run", "plan.yaml", "--only", "ravdess"))
      expect(
        "study: no results of that name in \(valence.folder.path)/Results; nothing has run here yet.",
        try valence("report", "study"))
      expect(
        "nowhere: there is no network here; give a model.safetensors, or the folder of a trial that "
          + "holds one.",
        try valence("predict", "nowhere", "one/low-s1-0.wav"))
      for arguments in [["run"], ["run", "plan.yaml", "--jobs", "many"], ["rum"]] {
        let outcome =
          switch arguments.count {
          case 1: try valence(arguments[0])
          default: try valence(arguments[0], arguments[1], arguments[2], arguments[3])
          }
        #expect(outcome.status == 2)
        #expect(outcome.output == "")
        #expect(outcome.errors.hasPrefix("Error: "))
        #expect(outcome.errors.contains("Usage: valence"))
      }
      let jobs = try valence("run", "plan.yaml", "--jobs", "0")
      #expect(jobs.status == 2)
      #expect(
        jobs.errorLines.first == "Error: --jobs 0: at least one trial has to run at a time.")
      let dry = try valence("run", "plan.yaml", "--dry-run")
      #expect((dry.status, dry.errors) == (0, ""))
      #expect(dry.output.contains("2 trials, 2 to train"))
      // What is known of files is kept in the cache; no features are.
      for name in ["Results", "Plots", "cache/features"] {
        #expect(
          !FileManager.default.fileExists(atPath: valence.folder.appending(path: name).path))
      }
    }
  }

  @Test(
    "on a terminal bars are drawn over and removed at the end, and with NO_COLOR nothing is colored",
    .enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/script")))
  func terminal() throws {
    try Command.with { valence in
      var valence = valence
      valence.environment = ["NO_COLOR": "1"]
      let run = try valence.onTerminal("run", "plan.yaml", "training.epochs=2", "--jobs", "1")
      #expect(run.status == 0)
      #expect(run.output.contains("█"))
      #expect(run.output.contains("\u{1B}[0J"))
      // No sequence but those that move the cursor up, erase, and keep lines from wrapping.
      let harmless = /\u{1B}\[(\d+A|0J|\?7l|\?7h)/
      #expect(run.output.replacing(harmless, with: "").contains("\u{1B}") == false)
      // The shell of `script` sets the size of its window; COLUMNS comes first where it is set.
      for (environment, columns) in [(["COLUMNS": ""], 44), (["COLUMNS": "60"], 60)] {
        valence.environment = environment
        let line = "stty cols 44 && '\(Command.executable.path)' run plan.yaml seeds=[\(columns)]"
        let narrow = try valence.onTerminal(shell: line)
        let bars = narrow.output.split { $0.isNewline }
          .map { $0.replacing(/\u{1B}\[(\d+A|0J|\?7l|\?7h)/, with: "") }.filter { $0.contains("█") }
        #expect(bars.contains { $0.count == columns - 1 }, "\(bars)")
        #expect(bars.allSatisfy { $0.count < columns }, "\(bars)")
      }
      valence.environment = ["TERM": "dumb"]
      let dumb = try valence.onTerminal("run", "plan.yaml", "training.epochs=3")
      #expect(!dumb.output.contains("\u{1B}"))
      #expect(dumb.output.contains("epoch 3/3"))
    }
  }
}
