import Foundation
import Testing
import ValenceTestSupport

@Suite("valence init, compare and features")
struct InitCommandTests {
  @Test("init says what it found, writes a file that plan takes, and never overwrites one")
  func initialize() throws {
    try Command.with { valence in
      let folder = valence.folder.appending(path: "Meine Töne")
      try FileManager.default.moveItem(at: valence.folder.appending(path: "one"), to: folder)
      try FileManager.default.removeItem(at: folder.appending(path: "manifest.csv"))
      let made = try valence("init", "Meine Töne")
      #expect(made.status == 0, "\(made.errors)")
      #expect(made.errors == "")
      #expect(
        made.output.hasPrefix("36 utterances, 1 min; WAV; 8000 Hz; mono; 0.5 to 0.5 s, median"))
      #expect(
        made.output.contains(
          "\nUtterances by class: high 12, low 12, mid 12.\nSo few utterances show that everything runs, "
            + "and little more.\nSpeakers (4): s1, s2, s3, s4.\nEach of the 4 speakers is the test of "
        ))
      #expect(
        made.output.hasSuffix("Wrote:\n  meine-toene.yaml\nNext: valence plan meine-toene.yaml\n"))
      let text = try String(
        contentsOf: valence.folder.appending(path: "meine-toene.yaml"), encoding: .utf8)
      #expect(
        text.contains(
          "  meine-toene:\n    adapter: folders\n    path: \"Meine Töne\"\n    emotion: "))
      #expect(text.split(separator: "\n").allSatisfy { $0.count <= 105 })
      let plan = try valence("plan", "meine-toene.yaml")
      #expect((plan.status, plan.errors) == (0, ""))
      #expect(plan.output.contains("4 trials, 4 to train"))
      let again = try valence("init", "Meine Töne")
      #expect(again.status == 2)
      #expect(
        again.errors
          == "meine-toene.yaml: this file is there already and is not overwritten; give another name "
          + "with --out.\n")
      let elsewhere = try valence("init", "Meine Töne", "--out", "no/such/second.yaml")
      #expect(elsewhere.status == 2)
      #expect(elsewhere.errors.hasPrefix("no/such/second.yaml: this file cannot be written ("))
      try FileManager.default.createDirectory(
        at: valence.folder.appending(path: "plans"), withIntermediateDirectories: true)
      let below = try valence("init", "Meine Töne", "--out", "plans/second.yaml")
      #expect(below.status == 0, "\(below.errors)")
      // Where nobody knows who speaks, the folds lie beside the file.
      let nameless = valence.folder.appending(path: "nameless")
      for label in ["low", "mid"] {
        try FileManager.default.createDirectory(
          at: nameless.appending(path: label), withIntermediateDirectories: true)
        for (number, name) in ["s1-0", "s1-1", "s2-0", "s2-1", "s3-0", "s4-0"].enumerated() {
          try FileManager.default.copyItem(
            at: folder.appending(path: "\(label)-\(name).wav"),
            to: nameless.appending(path: "\(label)/\(number).wav"))
        }
      }
      let folds = try valence("init", "nameless", "--out", "plans/third.yaml")
      #expect(
        folds.output.hasSuffix(
          "Wrote:\n  plans/third.yaml\n  plans/third-folds.csv\nNext: valence plan plans/third.yaml\n"
        ))
      #expect(try valence("plan", "plans/third.yaml").status == 0)
      let second = try String(
        contentsOf: valence.folder.appending(path: "plans/second.yaml"), encoding: .utf8)
      #expect(second.contains("path: \"../Meine Töne\""))
      let missing = try valence("init", "nowhere")
      #expect(missing.status == 2)
      #expect(
        missing.errors.contains("nowhere: there is no such file or folder; is the path right?"))
    }
  }

  @Test("compare prints a table, or JSON; unknown experiments and doubled names end with 2")
  func compare() throws {
    try Command.with("sweep: {grid: {features.fusion: [mel, mfcc]}}\n") { valence in
      let run = try valence(
        "run", "plan.yaml", "training.epochs=1", "training.schedule.warmup_epochs=0")
      #expect(run.status == 0, "\(run.errors)")
      let table = try valence("compare", "study")
      #expect((table.status, table.errors) == (0, ""))
      #expect(table.output.contains("train  test  first       second"))
      let json = try valence("compare", "study", "--json")
      let value = try JSONSerialization.jsonObject(with: Data(json.output.utf8))
      let rows = try #require((value as? [String: Any])?["rows"] as? [[String: Any]])
      #expect(rows.count == 1)
      #expect(rows[0]["p"] == nil && rows[0]["difference"] is Double)
      let reason = try #require(rows[0]["untested"] as? String)
      #expect(reason.hasPrefix("One side was trained from a single seed"))
      let asked = try valence("compare", "study", "--networks", "--json")
      let answer = try JSONSerialization.jsonObject(with: Data(asked.output.utf8)) as? [String: Any]
      let networks = try #require((answer?["rows"] as? [[String: Any]])?.first)
      #expect(answer?["claim"] as? String == "networks")
      #expect(networks["p"] is Double)
      #expect(networks["p_adjusted"] as? Double == networks["p"] as? Double)
      #expect(networks["p_smallest"] as? Double == 0.125)
      #expect(networks["unit"] as? String == "speakers")
      #expect((rows[0]["first"] as? [String: Any])?["variant"] as? String == "fusion=mel")
      let unknown = try valence("compare", "study", "studi")
      #expect(unknown.status == 2)
      #expect(unknown.errors.hasPrefix("studi: no results of that name in "))
      let twice = try valence("compare", "study", "study")
      #expect(twice.status == 2)
      #expect(twice.errorLines.first == "Error: study: this experiment is named twice.")
    }
  }

  @Test("features writes safetensors of a corpus, CSV of a file, and refuses other endings")
  func features() throws {
    try Command.with { valence in
      let corpus = try valence(
        "features", "plan.yaml", "--corpus", "one", "--out", "one.safetensors")
      #expect((corpus.status, corpus.errors) == (0, ""))
      #expect(corpus.output == "one.safetensors: 36 arrays of 36 utterances\n")
      let file = valence.folder.appending(path: "one.safetensors")
      #expect(try Data(contentsOf: file).count > 36 * 26 * 12 * 4)
      let clip = try valence(
        "features", "plan.yaml", "--clip", "one/low-s1-0.wav", "--out", "low.csv")
      #expect((clip.status, clip.errors) == (0, ""))
      #expect(clip.output == "low.csv: 26 frames of 12 bins\n")
      let text = try String(contentsOf: valence.folder.appending(path: "low.csv"), encoding: .utf8)
      #expect(text.hasPrefix("time_s,mel_1_"))
      let both = try valence(
        "features", "plan.yaml", "--corpus", "one", "--clip", "a.wav", "--out", "x.csv")
      #expect(both.status == 2)
      #expect(
        both.errorLines.first
          == "Error: Give either --corpus or --clip: what the features are of.")
      let ending = try valence("features", "plan.yaml", "--corpus", "one", "--out", "x.npz")
      #expect(ending.status == 2)
      #expect(
        ending.errorLines.first
          == "Error: --out x.npz: the features of a corpus are written as .safetensors.")
      let nowhere = try valence(
        "features", "plan.yaml", "--corpus", "one", "--out", "no/such/x.safetensors")
      #expect(nowhere.status == 1)
      #expect(nowhere.errors.hasPrefix("no/such/x.safetensors: this cannot be written ("))
    }
  }

  @Test("plan and doctor print JSON too")
  func json() throws {
    try Command.with { valence in
      func object(_ outcome: Command.Outcome) throws -> Any {
        #expect((outcome.status, outcome.errors) == (0, ""))
        return try JSONSerialization.jsonObject(with: Data(outcome.output.utf8))
      }
      let plan = try #require(
        object(valence("plan", "plan.yaml", "--json")) as? [String: Any])
      #expect(plan["name"] as? String == "study")
      #expect(plan["missing"] as? Int == 2)
      let trials = try #require(plan["trials"] as? [[String: Any]])
      #expect(trials.map { $0["state"] as? String } == ["missing", "missing"])
      let corpora = try #require(plan["corpora"] as? [[String: Any]])
      #expect(corpora[0]["class_counts"] as? [Int] == [12, 12, 12])
      let parts = try #require(object(valence("doctor", "--json")) as? [[String: Any]])
      #expect(parts.first?["part"] as? String == "valence")
      let fftw = parts.first { $0["part"] as? String == "FFTW" }?["in_use"] as? String
      #expect(fftw?.firstMatch(of: /^3\.\d+/) != nil, "\(fftw ?? "missing")")
      let both = try valence("plan", "plan.yaml", "--json", "--resolved")
      #expect(both.status == 2)
    }
  }

  @Test("completion scripts are made for each shell", arguments: ["bash", "zsh", "fish"])
  func completion(shell: String) throws {
    try TemporaryFolder.with { folder in
      let outcome = try Command(folder: folder.url)("--generate-completion-script", shell)
      #expect((outcome.status, outcome.errors) == (0, ""))
      #expect(outcome.output.contains("compare"))
      #expect(outcome.output.hasSuffix("\n"))
    }
  }
}
