import Foundation
import Testing
import ValenceCore
import ValenceEvaluation
import ValenceStore
import ValenceTestSupport

@Suite("Predictions as CSV")
struct PredictionTableTests {
  private let classes = ["wütend, sehr", "\"sad\""]

  private func sentence(_ text: String) throws -> String? {
    try TemporaryFolder.with { folder in
      try folder.write(["p.csv": text])
      do {
        let table = try Table(contentsOf: folder.url.appending(path: "p.csv"), name: "p.csv")
        _ = try PredictionTable.predictions(in: table, classes: ["a", "b"], name: "p.csv")
        return nil
      } catch { return "\(error)" }
    }
  }

  @Test("names with commas, quotes, spaces, umlauts and line ends come back as they were")
  func hardNames() throws {
    let names = [
      "plain.wav", "with, comma.wav", "\"quoted\".wav", "a\"b,c\"\"d.wav", "Überä ß.wav",
      " leading and trailing ", "two\nlines.wav", "日本語/音声.wav", "a.wav#0.1-0.30000000000000004",
    ]
    let predictions = names.enumerated().map { index, name in
      Prediction(
        segment: Segment(file: name, startS: 0, endS: 1.1), speaker: index == 0 ? nil : name,
        truth: index % 2, probabilities: [0.25, 0.75])
    }
    try TemporaryFolder.with { folder in
      let file = folder.url.appending(path: "p.csv")
      let text = PredictionTable.table(predictions, classes: classes).text
      try Data(text.utf8).write(to: file)
      let table = try Table(contentsOf: file)
      #expect(
        table.columns == [
          "file", "start", "end", "speaker", "truth", "prediction", "p_wütend, sehr", "p_\"sad\"",
        ])
      #expect(
        try PredictionTable.predictions(in: table, classes: classes, name: "p.csv") == predictions)
    }
  }

  @Test("every probability and time comes back to the last bit")
  func exactNumbers() throws {
    var random = RandomStream(seed: 5, "predictions")
    let predictions = (0..<200).map { index in
      let share = Float(random.uniform())
      return Prediction(
        segment: Segment(
          file: "\(index)", startS: random.uniform(), endS: 1 + random.uniform() * 1e-9),
        speaker: "s", truth: index % 2, probabilities: [share, 1 - share])
    }
    try TemporaryFolder.with { folder in
      let file = folder.url.appending(path: "p.csv")
      let text = PredictionTable.table(predictions, classes: classes).text
      try Data(text.utf8).write(to: file)
      let read = try PredictionTable.predictions(
        in: Table(contentsOf: file), classes: classes, name: "p.csv")
      #expect(read == predictions)
      #expect(PredictionTable.table(read, classes: classes).text == text)
    }
  }

  @Test("equal probabilities predict the first class")
  func ties() {
    let prediction = Prediction(
      segment: Segment(file: "x", startS: 0, endS: 1), speaker: nil, truth: 1,
      probabilities: [0.5, 0.5])
    let table = PredictionTable.table([prediction], classes: ["a", "b"])
    #expect(table.rows == [["x", "0.0", "1.0", "", "b", "a", "0.5", "0.5"]])
  }

  @Test("a damaged table is refused in a sentence that names the row")
  func damaged() throws {
    let header = "file,start,end,speaker,truth,prediction,p_a,p_b\n"
    let good = "x.wav,0.0,1.0,s,a,b,0.25,0.75\n"
    #expect(try sentence(header + good) == nil)
    let unreadable =
      "p.csv: this file is damaged (row 2 cannot be read); run the experiment again to make it anew."
    for bad in [
      "y.wav,zero,1.0,s,a,b,0.25,0.75", "y.wav,0.0,inf,s,a,b,0.25,0.75",
      "y.wav,0.0,1.0,s,c,b,0.25,0.75", "y.wav,0.0,1.0,s,a,b,nan,0.75",
      "y.wav,0.0,1.0,s,a,b,,0.75",
    ] {
      #expect(try sentence(header + good + bad + "\n") == unreadable, "\(bad)")
    }
    #expect(
      try sentence(header + "y.wav,0.0,1.0,s,a,a,0.25,0.75\n")
        == "p.csv: this file is damaged (row 1 predicts another class than its probabilities); run "
        + "the experiment again to make it anew.")
    #expect(
      try sentence("file,start,end,speaker,truth,prediction,p_b,p_a\n" + good)
        == #"p.csv: this file is damaged (its columns are not ["file", "start", "end", "speaker", "#
        + #""truth", "prediction", "p_a", "p_b"]); run the experiment again to make it anew."#)
    #expect(
      try sentence(header + "y.wav,0.0\n")
        == "p.csv:2: this line has 2 fields, but the header names 8 columns.")
  }
}
