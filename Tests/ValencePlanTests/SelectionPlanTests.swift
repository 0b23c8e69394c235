import Testing
import ValenceCorpora

@testable import ValencePlan

@Suite("Plans of which weights are kept, and of what chooses them")
struct SelectionPlanTests {
  @Test("what does not fit together is one sentence", arguments: wrong)
  func problems(wrong: WrongPlan) { #expect(complaints(wrong.text) == wrong.complaint) }

  static let wrong = [
    WrongPlan(
      "training: {selection: best}",
      "exp.yaml:6: training.selection: 'best' is not one of best_epoch, last, average."),
    WrongPlan(
      "training: {selection: [last]}",
      """
      exp.yaml:6: training.selection: expected one of best_epoch, last, average, found a list.
      """),
    WrongPlan(
      "training: {selection: {average: first}}",
      """
      exp.yaml:6: training.selection.average: 'first' is not one of last, exponential.
      """),
    WrongPlan(
      "training: {selection: {average: last, epochs: 1}}",
      "exp.yaml:6: training.selection.epochs: '1' is outside 2…10000."),
    WrongPlan(
      "training: {selection: {average: exponential, half_life_epochs: 0}}",
      "exp.yaml:6: training.selection.half_life_epochs: '0' is outside 0.1…1000."),
    WrongPlan(
      "training: {selection: {average: last, half_life: 3}}",
      """
      exp.yaml:6: training.selection.half_life: no such key; valid are average, epochs, half_life_epochs.
      """),
    WrongPlan(
      "training:\n  epochs: 8\n  selection: average",
      """
      exp.yaml:8: training.selection: averages the last 10 epochs, but training.epochs is 8; \
      {average: last, epochs: n} takes fewer.
      """),
    WrongPlan(
      "training:\n  refit: true\n  selection: last",
      """
      exp.yaml:7: training.refit: trains anew for the epochs that validation chose, but \
      training.selection is not best_epoch, so none are chosen; set it to false.
      """),
    WrongPlan(
      "training: {refit: twice}",
      "exp.yaml:6: training.refit: expected true or false, found text 'twice'."),
    WrongPlan(
      "protocol: {validation: none}",
      """
      exp.yaml:6: protocol.validation: with none nothing can choose the best epoch; set \
      training.selection to last or average, which train for all of training.epochs.
      """),
    WrongPlan(
      "protocol: {validation: none}\ntraining: {refit: true}",
      """
      exp.yaml:6: protocol.validation: with none nothing can choose the best epoch; set \
      training.selection to last or average, which train for all of training.epochs.
      """),
    WrongPlan(
      "protocol:\n  validation: none\nsweep: {grid: {training.selection: [last, best_epoch]}}",
      """
      exp.yaml:7: protocol.validation: with none nothing can choose the best epoch; set \
      training.selection to last or average, which train for all of training.epochs.
      """),
    WrongPlan(
      "protocol: {scored: outer}",
      "exp.yaml:6: protocol.scored: 'outer' is not one of test, inner."),
    WrongPlan(
      "protocol: {scored: inner}",
      """
      exp.yaml:6: protocol.scored: inner scores each corpus on speakers of its own training sides, and \
      protocol.across pairs tests on other corpora; set it to none.
      """),
    WrongPlan(
      "seeds: [4]\nreport: {ensemble: true}",
      """
      exp.yaml:7: report.ensemble: asks the networks of several seeds together, but seeds has only one; \
      give it more.
      """),
  ]

  private func identity(_ overrides: String...) throws -> String {
    try readPlan(EveryKeyTests.text, overrides: overrides).variants[0].identity
  }

  @Test("settings that choose the best epoch are what they were before there was a choice")
  func unchanged() throws {
    let plain = try identity()
    #expect(!plain.contains("selection") && !plain.contains("refit"))
    #expect(try identity("training.selection=best_epoch", "training.refit=false") == plain)
    #expect(try identity("training.refit=true") != plain)
  }

  @Test("patience and numbers of the other mean have no part in settings that do not use them")
  func setAside() throws {
    let last = try identity("training.selection=last")
    #expect(!last.contains("early_stopping"))
    #expect(
      try identity("training.selection=last", "training.early_stopping.patience=3") == last)
    let mean = try identity("training.selection=average")
    #expect(try identity("training.selection={}") == mean)
    #expect(
      try identity("training.selection={average: last, epochs: 10, half_life_epochs: 7}") == mean)
    #expect(mean.contains("average: last") && !mean.contains("half_life"))
    let decaying = try identity("training.selection={average: exponential}")
    #expect(decaying.contains("half_life_epochs: 5") && decaying != mean)
  }

  @Test("inner folds of a single corpus need no word about other corpora")
  func single() throws {
    let plan = try readPlan(
      EveryKeyTests.text,
      overrides: ["train_on=[ravdess]", "test_on=[ravdess]", "protocol.scored=inner"])
    #expect(plan.splitProtocol.scored == .inner)
  }
}
