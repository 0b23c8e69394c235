import Foundation
import Testing
import ValenceTestSupport

@Suite("valence predict")
struct PredictCommandTests {
  private func keys(_ valence: Command) throws -> [String] {
    let run = try valence("run", "plan.yaml", "training.epochs=1")
    #expect(run.status == 0, "\(run.errors)")
    let trials = try JSONSerialization.jsonObject(
      with: Data(try valence("runs", "study", "--json").output.utf8))
    return try #require(trials as? [[String: Any]]).compactMap { $0["key"] as? String }
  }

  @Test("several networks give a row each and one for their ensemble, as a table and as JSON")
  func several() throws {
    try Command.with { valence in
      let models = try keys(valence).map { "Results/study/trials/\($0)" }
      #expect(models.count == 2)
      let file = "one/low-s1-0.wav"
      let single = try valence("predict", models[0], file)
      #expect((single.status, single.errors) == (0, ""))
      let heading = try #require(single.output.split(separator: "\n").first)
      #expect(heading.split(separator: " ") == ["file", "prediction", "low", "mid", "high"])

      let both = try valence("predict", models[0], file, "--also", models[1], models[0])
      #expect((both.status, both.errors) == (0, ""))
      let rows = both.output.split(separator: "\n").map {
        $0.split(separator: " ").map(String.init)
      }
      #expect(
        rows.map { $0.prefix(2) } == [
          ["file", "model"], [file, models[0]], [file, models[1]], [file, "ensemble"],
        ])
      #expect(rows.allSatisfy { $0.count == 6 })

      let windows = try valence("predict", models[0], file, "--also", models[1], "--windows")
      #expect(
        windows.output.split(separator: "\n").first?.split(separator: " ") == [
          "file", "model", "start", "end", "prediction", "low", "mid", "high",
        ])

      let json = try valence("predict", models[0], file, "--also", models[1], "--json")
      let answers = try #require(
        try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [[String: Any]])
      #expect(answers.compactMap { $0["model"] as? String } == models + ["ensemble"])
      let high = answers.compactMap { ($0["probabilities"] as? [String: Double])?["high"] }
      #expect(abs((high[0] + high[1]) / 2 - high[2]) <= 1e-6)
      let alone = try valence("predict", models[0], file, "--json")
      #expect(!alone.output.contains("model"))
    }
  }

  @Test("what is said beside the answers goes to standard error, and a fault ends with 1")
  func remarks() throws {
    try Command.with { valence in
      let model = "Results/study/trials/\(try keys(valence)[0])"
      let fewer = ["name=fewer", "labels={classes: [low, mid], drop: [high]}", "training.epochs=1"]
      #expect(try valence("run", "plan.yaml", fewer[0], fewer[1], fewer[2]).status == 0)
      let trials = valence.folder.appending(path: "Results/fewer/trials")
      let key = try #require(
        try FileManager.default.contentsOfDirectory(atPath: trials.path).sorted().first)
      let other = "Results/fewer/trials/\(key)"
      let mixed = try valence("predict", model, "one/low-s1-0.wav", "--also", other)
      #expect(mixed.status == 0)
      #expect(
        mixed.errors
          == "Note: The networks have different classes (\(model): low, mid, high; \(other): low, "
          + "mid), so each answers for itself and there is no mean.\n")
      #expect(mixed.output.split(separator: "\n").count == 3)

      let fault = try valence("predict", model, "one/low-s1-0.wav", "gone.wav")
      #expect(fault.status == 1)
      #expect(fault.errors == "Error: gone.wav: there is no such file; check the path.\n")
      #expect(fault.output.split(separator: "\n").count == 2)
      let wrong = try valence("predict", model, "one/low-s1-0.wav", "--also", "one")
      #expect((wrong.status, wrong.output) == (2, ""))
      #expect(
        wrong.errors
          == "one: there is no network here; give a model.safetensors, or the folder of a trial that "
          + "holds one.\n")
    }
  }
}
