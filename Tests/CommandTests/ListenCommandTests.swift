import Foundation
import Testing
import ValenceTestSupport

@Suite("valence listen")
struct ListenCommandTests {
  /// Lends the command with a trained network.
  private func with(_ body: (Command, String) throws -> Void) throws {
    try Command.with { valence in
      #expect(
        try valence("run", "plan.yaml", "training.epochs=1", "--only", "1").status == 0)
      let trials = valence.folder.appending(path: "Results/study/trials").path
      let key = try #require(try FileManager.default.contentsOfDirectory(atPath: trials).first)
      try body(valence, "Results/study/trials/\(key)")
    }
  }

  private func objects(_ lines: String) throws -> [[String: Any]] {
    try lines.split(separator: "\n").map { line in
      try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
    }
  }

  @Test("prints a line of JSON for each event, with the numbers of predict")
  func lines() throws {
    try with { valence, model in
      // A WAV file of the corpus has a header of 44 bytes.
      let heard = try valence.shell(
        "tail -c +45 one/low-s1-0.wav | $VALENCE listen \(model) --rate 8000 --no-gate --hop 0.1 --window 0.3"
      )
      #expect((heard.status, heard.errors) == (0, ""))
      let events = try objects(heard.output)
      #expect(
        events.compactMap { $0["event"] as? String }
          == ["start", "window", "window", "window", "final", "end"])
      let asked = try valence(
        "predict", model, "one/low-s1-0.wav", "--windows", "--window", "0.3", "--hop", "0.1",
        "--json")
      let answers = try #require(
        try JSONSerialization.jsonObject(with: Data(asked.output.utf8)) as? [[String: Any]])
      for (event, answer) in zip(events.dropFirst(), answers) {
        #expect(event["start_s"] as? Double == answer["start_s"] as? Double)
        #expect(
          event["probabilities"] as? [String: Double] == answer["probabilities"]
            as? [String: Double])
        #expect((event["latency_ms"] as? Double ?? -1) > 0)
      }
    }
  }

  @Test("on a terminal it shows bars, and a line for the utterance")
  func bars() throws {
    try with { valence, model in
      let shown = try valence.onTerminal(
        shell:
          "tail -c +45 one/low-s1-0.wav | '\(Command.executable.path)' listen \(model) --rate 8000 --no-gate"
      )
      #expect(shown.output.contains("█") && shown.output.contains("0.0–0.5 s"))
      #expect(!shown.output.contains("{"))
    }
  }

  @Test("what is no stream, or cannot be heard, is one sentence and status 2")
  func faults() throws {
    try with { valence, model in
      let cases = [
        ("listen \(model) < one/low-s1-0.wav", "this is a sound file and no raw stream"),
        ("listen \(model) --rate 1 < /dev/null", "rate: 1 Hz is no rate of sound"),
        ("listen \(model) --hop 9 < /dev/null", "hop: 9.0 s is no step"),
        ("listen \(model) --channels 0 < /dev/null", "0 is no number of channels"),
        ("listen nowhere < /dev/null", "there is no network here"),
        ("listen \(model) one/low-s1-0.wav", "listen hears standard input alone"),
        ("listen \(model) --enroll gone.wav < /dev/null", "gone.wav"),
        (
          "listen \(model) --rate 8000 --encoding f32le < <(printf '\\0\\0\\300\\177')",
          "no finite number"
        ),
        ("predict \(model) one/low-s1-0.wav --running", "give --windows too"),
        ("predict \(model) one/low-s1-0.wav --windows --window 7", "longer than the clips"),
      ]
      for (line, words) in cases {
        let outcome = try valence.shell("$VALENCE \(line)")
        #expect(outcome.status != 0 && outcome.errors.contains(words), "\(line): \(outcome.errors)")
      }
      let nothing = try valence.shell("$VALENCE listen \(model) --rate 8000 < /dev/null")
      #expect(nothing.status == 0)
      #expect(
        try objects(nothing.output).compactMap { $0["event"] as? String } == ["start", "end"])
      let terminal = try valence.onTerminal("listen", model)
      #expect(terminal.output.contains("this is a terminal"))
    }
  }
}
