import Foundation
import Testing
import ValenceTestSupport

@Suite("Results that cannot be read")
struct UnreadableResultTests {
  @Test("a list of trials that is damaged or gone is told, not counted as no trials")
  func listing() throws {
    try Command.with { valence in
      #expect(try valence("run", "plan.yaml", "training.epochs=1").status == 0)
      let file = valence.folder.appending(path: "Results/study/trials.json")
      func check(_ fault: String) throws {
        let sentence =
          "\(file.path): this file is \(fault); run the experiment again to make it anew."
        let runs = try valence("runs")
        #expect(runs.status == 0 && runs.errors == "Note: \(sentence)\n")
        #expect(runs.output.contains("study            –         –         –"), "\(runs.output)")
        let trials = try valence("runs", "study")
        #expect((trials.status, trials.output) == (2, "") && trials.errors == sentence + "\n")
        let report = try valence("report", "study")
        #expect(report.status == 2 && report.errors == sentence + "\n")
      }
      try Data("[".utf8).write(to: file)
      try check("damaged (it is not the expected JSON)")
      try FileManager.default.removeItem(at: file)
      try check("missing")
      #expect(try valence("run", "plan.yaml", "training.epochs=1").status == 0)
      #expect(try valence("runs").errors == "")
    }
  }

  @Test("a folder of results that is not there is told, and is not made")
  func noFolder() throws {
    try Command.with { valence in
      let runs = try valence("runs", "--results", "Resluts")
      #expect(
        runs.errors == "Note: Resluts: there is no such folder, so nothing has run here yet.\n")
      #expect(
        !FileManager.default.fileExists(atPath: valence.folder.appending(path: "Resluts").path))
      #expect(try valence("runs", "--json", "--results", "Resluts").output == "[\n\n]\n")
    }
  }

  @Test("with too few open files a report says so; finished trials are not taken for unfinished")
  func tooFewFiles() throws {
    try Command.with { valence in
      #expect(try valence("run", "plan.yaml", "training.epochs=1").status == 0)
      let table = valence.folder.appending(path: "Results/study/results.csv")
      let before = try Data(contentsOf: table)
      var refused = 0
      for files in 5...16 {
        let report = try valence.shell("ulimit -n \(files); $VALENCE report study")
        #expect(!report.errors.contains("finished"), "\(files): \(report.errors)")
        if report.status != 0 {
          refused += 1
          #expect(report.status == 1, "\(files): \(report.errors)")
        }
        #expect(try Data(contentsOf: table) == before)
      }
      #expect(refused > 0)
    }
  }
}
