import Testing
import ValenceNN
import ValenceStore
import ValenceTestSupport

@testable import ValenceTraining

@Suite("The epoch whose weights are kept")
struct EarlyStoppingTests {
  private func epoch(_ number: Int, uar: Double, loss: Double) -> EpochRecord {
    EpochRecord(
      epoch: number, learningRate: 0.1, trainLoss: 1, validationLoss: loss, validationUAR: uar)
  }

  @Test("of equal validation UARs the lower validation loss wins, of equals in both the first")
  func order() {
    let first = epoch(1, uar: 0.5, loss: 0.7)
    #expect(epoch(2, uar: 0.5, loss: 0.6).isBetter(than: first, by: .uar))
    #expect(!epoch(2, uar: 0.5, loss: 0.7).isBetter(than: first, by: .uar))
    #expect(!epoch(2, uar: 0.5, loss: 0.8).isBetter(than: first, by: .uar))
    #expect(epoch(2, uar: 0.6, loss: 0.8).isBetter(than: first, by: .uar))
    #expect(!epoch(2, uar: 0.4, loss: 0.1).isBetter(than: first, by: .uar))
    #expect(epoch(2, uar: 0.4, loss: 0.6).isBetter(than: first, by: .loss))
    #expect(!epoch(2, uar: 0.6, loss: 0.7).isBetter(than: first, by: .loss))
  }

  @Test("a trial keeps the best of its history by UAR, then by loss")
  func kept() throws {
    try Laboratory.with { laboratory in
      try laboratory.write(ToneCorpus(), as: "one")
      try laboratory.run(laboratory.plan(), ["training.epochs=12"])
      let store = laboratory.store()
      var ties = 0
      for record in try store.records() {
        let history = try store.history(of: record)
        let top = history.compactMap(\.validationUAR).max()
        let equals = history.filter { $0.validationUAR == top }
        let best = equals.min { ($0.validationLoss ?? 0) < ($1.validationLoss ?? 0) }
        #expect(record.training.bestEpoch == best?.epoch)
        if best?.epoch != equals.first?.epoch { ties += 1 }
      }
      // Else the first of equals would do.
      #expect(ties > 0)
    }
  }
}
