import Foundation
import Testing
import ValenceTestSupport

/// What becomes of a command whose output nobody takes.
@Suite("Standard output that is full, closed or not read")
struct OutputTests {
  @Test("what cannot be printed is no success: one sentence, and status 1")
  func full() throws {
    try Command.with { valence in
      #expect(try valence("run", "plan.yaml", "training.epochs=1").status == 0)
      let key = try #require(
        try FileManager.default.contentsOfDirectory(
          atPath: valence.folder.appending(path: "Results/study/trials").path
        ).first)
      for arguments in [
        "run plan.yaml training.epochs=1", "run plan.yaml --dry-run", "report study", "runs",
        "runs study --json", "plan plan.yaml", "plan plan.yaml --json", "corpora plan.yaml",
        "doctor", "doctor --json", "--help", "--version",
        "predict Results/study/trials/\(key) one/low-s1-0.wav",
        "predict Results/study/trials/\(key) one/low-s1-0.wav --json",
      ] {
        let outcome = try valence.shell("$VALENCE \(arguments) > /dev/full")
        #expect(outcome.status == 1, "\(arguments)")
        #expect(
          outcome.errorLines.last
            == "standard output: this cannot be written (No space left on device), so what was asked for "
            + "is not all there.", "\(arguments)")
      }
    }
  }

  @Test("closed streams are the null device, so that no file takes their numbers")
  func closed() throws {
    try Command.with { valence in
      let long = "training.epochs=4000 training.early_stopping.patience=4000"
      let outcome = try valence.shell(
        """
        exec 3>&1
        $VALENCE run plan.yaml \(long) <&- >&- 2>&- & p=$!
        sleep 1; readlink /proc/$p/fd/0 /proc/$p/fd/1 /proc/$p/fd/2 >&3; kill -KILL $p
        """)
      #expect(outcome.output == "/dev/null\n/dev/null\n/dev/null\n")
    }
  }

  @Test("a run whose reader leaves goes on to its end; a listing ends with its reader")
  func unread() throws {
    try Command.with { valence in
      let run = try valence.shell(
        "$VALENCE run plan.yaml training.epochs=2 2>&1 | head -n 1; echo ${PIPESTATUS[0]}")
      #expect(run.output == "features of one: 36 clips\n0\n")
      let runs = try valence("runs")
      #expect(runs.output.contains("study            2         2"), "\(runs.output)")
      let report = try valence.shell(
        "$VALENCE report study 2>&1 | head -n 0; echo ${PIPESTATUS[0]}")
      #expect(report.output == "0\n")
    }
  }
}
