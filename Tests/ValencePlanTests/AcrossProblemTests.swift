import Foundation
import Testing
import ValenceCore

@testable import ValencePlan

@Suite("What is wrong between corpora and protocol")
struct AcrossProblemTests {
  @Test("corpora that a protocol cannot unite are refused", arguments: united)
  func unite(wrong: WrongPlan) { #expect(complaints(wrong.text) == wrong.complaint) }

  static let united = [
    WrongPlan(
      "train_on: [emovo]\nprotocol: {across: pooled}",
      """
      exp.yaml:7: protocol.across: pooled unites several training corpora, but train_on has only \
      emovo; use pairs.
      """),
    WrongPlan(
      "train_on: [emovo]\nprotocol:\n  across: leave_one_corpus_out",
      """
      exp.yaml:8: protocol.across: leave_one_corpus_out unites several training corpora, but \
      train_on has only emovo; use pairs.
      """),
    WrongPlan(
      file: head.replacingOccurrences(
        of: "labels:", with: "  urdu: {adapter: urdu, path: corpora/calls}\nlabels:")
        + "train_on: [emovo, ravdess]\ntest_on: [emovo, urdu]\n"
        + "protocol: {across: leave_one_corpus_out}",
      """
      exp.yaml:8: test_on: leave_one_corpus_out tests each corpus on a network that was trained on \
      the others of train_on, so test_on may not name urdu, which train_on lacks.
      """),
    WrongPlan(
      "protocol: {across: poled}",
      """
      exp.yaml:6: protocol.across: 'poled' is not one of none, pairs, leave_one_corpus_out, pooled; \
      did you mean pooled?
      """),
    WrongPlan(
      "protocol: {across: {kind: none, test: whole}}",
      """
      exp.yaml:6: protocol.across.test: serves pairs and pooled; none tests on no other corpus.
      """),
    WrongPlan(
      "training: {balance: corpus}",
      """
      exp.yaml:6: training.balance: corpus weighs the corpora that a model learns from, but here each \
      learns from one; unite them by protocol.across: pooled or leave_one_corpus_out, or leave it out.
      """),
    WrongPlan(
      "training: {balance: corpus}\nprotocol: {across: leave_one_corpus_out}",
      """
      exp.yaml:6: training.balance: corpus weighs the corpora that a model learns from, but here each \
      learns from one; unite them by protocol.across: pooled or leave_one_corpus_out, or leave it out.
      """),
    WrongPlan(
      "training: {adaptation: {gradient_reversal: 0.5}}",
      """
      exp.yaml:6: training.adaptation.gradient_reversal: tells apart the corpora that a model learns \
      from, but here each learns from one; unite them by protocol.across: pooled or \
      leave_one_corpus_out, or leave it out.
      """),
    WrongPlan(
      "training: {adaptation: {gradient_reversal: 0}}\nprotocol: {across: pooled}",
      "exp.yaml:6: training.adaptation.gradient_reversal: '0' is outside 0.0001…100."),
    WrongPlan(
      "training: {adaptation: reversal}\nprotocol: {across: pooled}",
      "exp.yaml:6: training.adaptation: expected a map of keys, found text 'reversal'."),
    WrongPlan(
      "training: {balance: speaker}",
      "exp.yaml:6: training.balance: 'speaker' is not one of none, corpus."),
    WrongPlan(
      "protocol: {across: {kind: leave_one_corpus_out, train: all}}",
      """
      exp.yaml:6: protocol.across.train: serves pairs and pooled; leave_one_corpus_out trains on the \
      whole of every other corpus.
      """),
    WrongPlan(
      "model: {classic: {name: ridge, balance: corpus}}",
      """
      exp.yaml:6: model.classic.balance: corpus weighs the corpora that a model learns from, but here each \
      learns from one; unite them by protocol.across: pooled or leave_one_corpus_out, or leave it out.
      """),
    WrongPlan(
      "model: {classic: {name: ridge, inner: corpora}}",
      """
      exp.yaml:6: model.classic.inner: corpora holds out in turn the corpora that a model learns from, but \
      here each learns from one; unite them by protocol.across: pooled or leave_one_corpus_out, or leave it out.
      """),
    WrongPlan(
      "protocol: {across: {kind: pairs, nested: true}}",
      """
      exp.yaml:6: protocol.across.nested: serves leave_one_corpus_out; pairs trains nothing for a choice.
      """),
    WrongPlan(
      "protocol: {across: {kind: leave_one_corpus_out, nested: true}}",
      """
      exp.yaml:6: protocol.across.nested: nested chooses a variant for each held-out corpus by models of all \
      the others but one, so train_on and test_on must name the same three corpora or more; they name 2 and 2.
      """),
    WrongPlan(
      "protocol: {across: {kind: pairs, train: whole}}",
      "exp.yaml:6: protocol.across.train: 'whole' is not one of folds, all."),
    WrongPlan(
      "protocol: {across: {kind: pooled, train: all}}",
      """
      exp.yaml:6: protocol.across.train: all serves networks that are tested on a corpus they do not \
      learn from, but pooled has none here; leave it out, or name such a corpus in test_on.
      """),
    WrongPlan(
      "train_on: [emovo]\ntest_on: [emovo]\nprotocol: {across: {train: all}}",
      """
      exp.yaml:8: protocol.across.train: all serves networks that are tested on a corpus they do not \
      learn from, but pairs has none here; leave it out, or name such a corpus in test_on.
      """),
    WrongPlan(
      "protocol: {across: {kind: pairs, test: all}}",
      """
      exp.yaml:6: protocol.across.test: 'all' is not one of same, whole.
      """),
    WrongPlan(
      "protocol: {across: all}",
      """
      exp.yaml:6: protocol.across: 'all' is not one of none, pairs, leave_one_corpus_out, pooled.
      """),
  ]
}
