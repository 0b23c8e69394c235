import Testing
import ValencePlan
import ValenceTestSupport

@testable import ValenceData
@testable import ValenceTraining

@Suite("Free memory")
struct FreeMemoryTests {
  @Test("there is some, and not more than a control group allows")
  func bytes() {
    #expect(FreeMemory.bytes > 1 << 20)
    func free(_ limit: String, _ taken: String, _ statistics: String = "") -> Int {
      FreeMemory.free(system: 1000, limit: limit, taken: taken, statistics: statistics)
    }
    #expect(free("max\n", "30\n") == 1000)
    #expect(free("", "") == 1000)
    #expect(free("900\n", "300\n") == 600)
    #expect(free("900\n", "300\n", "anon 250\ninactive_file 50\nactive_file 9\n") == 650)
    #expect(free("5000\n", "300\n") == 1000)
    #expect(free("300\n", "900\n") == 0)
  }

  @Test("a trial that takes more than there is fails by itself; the others run, as many as fit")
  func refusesTooLarge() throws {
    try Laboratory.with { laboratory in
      try laboratory.write(ToneCorpus(), as: "one")
      let text = laboratory.plan(
        "study", "sweep: {variants: {wide: {model.cnn.channels: [64]}, narrow: {}}}\n")
      let experiment = try laboratory.experiment(text)
      let needs = experiment.plan.variants.map(experiment.trainingBytes)
      let memory = needs[0] - 1
      #expect(needs[1] < memory)
      let summary = try laboratory.run(
        experiment,
        .init(jobs: 2, cores: 2, only: { $0.fold.name == "1" }, memory: memory))
      #expect(summary.trained == 1)
      #expect(summary.failures.map(\.title) == ["wide · one fold 1 · seed 1"])
      #expect(
        summary.failures.map(\.reason) == [
          "training takes about \(needs[0] >> 20) MiB of memory and \(memory >> 20) MiB are free; "
            + "lower training.batch or audio.clip_s."
        ])
    }
  }
}
