import Foundation
import Testing
import ValenceCore
import ValencePlan
import ValenceStore
import ValenceTestSupport

@testable import ValenceData

/// A key of the plan with another value, and what that does to a trial.
struct KeyChange: Sendable, CustomTestStringConvertible {
  enum Effect: Sendable {
    /// Another trial with other numbers.
    case changes
    /// Another trial; these data are too plain to show other numbers.
    case mayChange
    /// The same trial with the same numbers.
    case nothing
  }

  let override: String
  let effect: Effect
  /// What else is set, before and after.
  let context: [String]

  init(_ override: String, _ effect: Effect = .changes, with context: String...) {
    (self.override, self.effect, self.context) = (override, effect, context)
  }

  /// The key alone.
  var key: String { String(override.prefix { $0 != "=" }) }

  var testDescription: String { (context + [override]).joined(separator: " ") }
}

@Suite("Every key of the plan: in a trial's identity if and only if it changes its numbers")
struct IdentityOfKeysTests {
  private static let short = "audio.clip_s=0.3"
  private static let concat = "features.fusion=concat"
  private static let sgd = "training.optimizer.name=sgd"
  private static let step = "training.schedule={name: step, warmup_epochs: 0, every_epochs: 1}"
  private static let focal = "training.loss.name=focal"
  private static let transformer =
    "model.transformer={layers: 1, width: 8, heads: 2, feed_forward: 8}"
  private static let ridge = "model.classic=ridge"
  private static let named = "model.classic={name: ridge, penalty: 1}"
  private static let adapting = "model.classic={name: ridge, penalty: 1, self_training: {}}"
  private static let kernel = "model.classic={name: kernel_ridge, penalty: 1}"
  /// A network beside it, without which its keys would be refused.
  private static let model = "sweep={variants: {a: {model.classic: ridge}, b: {}}}"
  private static let noise = "training.augmentation.noise={}"
  private static let wide = "audio.rate_hz=16000"
  private static let vector = "features.fusion=functionals"
  private static let exponential = "training.selection={average: exponential}"
  private static let branches = "features.fusion=branches"
  private static let tiny = "features.encoder.path=tiny-whisper"
  private static let alone = "features.fusion=encoder"
  private static let body = "training.start_from={model: body.safetensors}"
  private static let heard = "protocol.allow=[heard]"

  static let settings: [KeyChange] = [
    .init("audio.rate_hz=16000"),
    .init("audio.trim_db=20", .mayChange),
    .init("audio.clip_s=0.4"),
    .init("audio.long_clips=windows", with: short),
    .init("audio.crop=end", with: short),
    .init("audio.unreadable=drop", .nothing),
    .init("features.window_ms=40"),
    .init("features.hop_ms=25"),
    .init("features.mel.bands=16"),
    .init("features.mel.low_hz=100"),
    .init("features.mel.high_hz=3000"),
    .init("features.mel.bands=16", .nothing, with: "features.fusion=prosody"),
    .init("features.mfcc.coefficients=6", with: concat),
    .init("features.mfcc.coefficients=6", .nothing),
    .init("features.mfcc.deltas=1", with: concat),
    .init("features.mfcc.deltas=1", .nothing),
    .init("features.prosody=true", with: concat),
    .init("features.prosody.low_hz=200", with: "features.fusion=prosody"),
    .init("features.prosody.high_hz=900", with: "features.fusion=prosody"),
    .init("features.spectral=true", with: concat),
    .init("features.functionals=true"),
    .init("features.functionals=true", .nothing, with: vector),
    .init("model.projection.width=5", with: "features.functionals=true"),
    .init("features.functionals.of=[timing, mel]", with: vector),
    .init("features.functionals.of=[egemaps]", with: vector),
    .init("features.functionals.statistics=[moments]", with: vector),
    .init("features.functionals.mel_bands=20", with: vector),
    .init("features.functionals.mfcc_coefficients=13", with: vector),
    .init("features.mel.bands=16", .nothing, with: vector),
    .init("training.augmentation.specaugment.time_masks=3", .nothing, with: vector),
    .init("model.projection.width=5", with: vector),
    .init("model.projection.input_dropout=0.5", with: vector),
    .init("features.encoder={path: tiny-whisper}", with: wide, branches),
    .init("features.encoder.layer=1", with: wide, alone, tiny),
    .init("features.encoder.layer=weighted", with: wide, alone, tiny),
    .init("features.encoder.layer=nested", with: wide, alone, tiny, ridge),
    .init("features.encoder.pad_s=30", with: wide, alone, tiny),
    .init("features.encoder.heard=[iemocap]", .nothing, with: wide, alone, tiny),
    .init("model.projection.width=5", with: wide, alone, tiny),
    .init("model.cnn.kernel=5", .nothing, with: wide, alone, tiny),
    .init("features.hop_ms=25", .nothing, with: wide, alone, tiny),
    .init("features.normalization=none"),
    .init("features.normalization=corpus"),
    .init("features.normalization=speaker"),
    .init("features.fusion=mfcc"),
    .init("features.fusion=branches"),
    .init("model.cnn.channels=[5]"),
    .init("model.cnn.kernel=5"),
    .init("model.cnn.pool=[1]"),
    .init("model.cnn.pool={time: [1], frequency: [2]}"),
    .init("model.cnn.pool={time: [2], frequency: [3]}"),
    .init("model.cnn.norm=layer"),
    .init("model.cnn.norm=none"),
    .init("model.cnn.activation=gelu"),
    .init("model.cnn.dropout=0.25"),
    .init("model.projection=none", .nothing),
    .init("model.projection.width=5", .nothing),
    .init("model.projection.activation=gelu", .nothing),
    .init("model.projection.dropout=0.5", .nothing),
    .init("model.projection.input_dropout=0.5", .nothing),
    .init("model.rnn=none"),
    .init("model.rnn.cell=gru"),
    .init("model.rnn.hidden=5"),
    .init("model.rnn.layers=2"),
    .init("model.rnn.bidirectional=false"),
    .init("model.rnn.dropout=0.5", with: "model.rnn.layers=2"),
    .init(transformer),
    .init("model.transformer.layers=2", with: transformer),
    .init("model.transformer.width=12", with: transformer),
    .init("model.transformer.heads=1", with: transformer),
    .init("model.transformer.feed_forward=9", with: transformer),
    .init("model.transformer.positions=sinusoidal", with: transformer),
    .init("model.transformer.positions=none", with: transformer),
    .init("model.transformer.dropout=0", with: transformer),
    .init("model.pooling=last"),
    .init("model.modality_dropout=0.5", .nothing),
    .init("model.modality_dropout=0.5", with: "features.functionals=true"),
    .init("model.head.hidden=[9]"),
    .init("model.head.dropout=0"),
    .init(ridge),
    .init("model.classic=kernel_ridge"),
    .init("model.classic={name: lda}"),
    .init("model.classic.penalty=1", with: "model.classic={name: ridge}"),
    .init("model.classic.class_weights=none", with: "model.classic={name: ridge, penalty: 1}"),
    .init("model.classic.pooling=mean_std", with: "model.classic={name: ridge, penalty: 1}"),
    .init(
      "model.classic.pooling=nested",
      with: "model.classic={name: ridge, penalty: 1, pooling: mean_std}"),
    .init("model.classic.gamma=3", with: kernel),
    .init("model.classic.kernels=group", with: kernel, concat),
    .init("model.classic.shrinkage=0.5", with: "model.classic={name: lda}"),
    .init("model.classic.balance=corpus", .mayChange, with: named, "protocol.across=pooled"),
    .init(
      "model.classic.inner=corpora", .mayChange, with: "model.classic={name: ridge}",
      "protocol.across=pooled"),
    .init("model.classic.self_training={}", with: named),
    .init("model.classic.self_training.rounds=1", .mayChange, with: adapting),
    .init("model.classic.self_training.share=0.5", with: adapting),
    .init("model.classic.self_training.score=others", with: adapting),
    .init("model.rnn.hidden=5", .nothing, with: model),
    .init("training.epochs=4", .nothing, with: model),
    .init("training.augmentation.speed=[0.9]", .nothing, with: model),
    .init("features.normalization=speaker", with: ridge),
    .init("features.mfcc.coefficients=6", .nothing, with: ridge),
    .init("training.start_from=none", .nothing),
    .init(body, with: heard),
    .init("training.start_from.model=other.safetensors", with: heard, body),
    .init("training.start_from.model=copy.safetensors", .nothing, with: heard, body),
    .init("training.start_from.freeze=body", with: heard, body),
    .init("training.start_from.freeze=none", .nothing, with: heard, body),
    .init(body, .nothing, with: heard, model),
    .init("training.epochs=4"),
    .init("training.batch=7"),
    .init("training.optimizer.learning_rate=0.01"),
    .init("training.optimizer.name=adam"),
    .init("training.optimizer.momentum=0.5", with: sgd),
    .init("training.optimizer.nesterov=true", with: sgd),
    .init("training.optimizer.weight_decay=0.1"),
    .init("training.schedule.name=cosine"),
    .init("training.schedule.every_epochs=2", with: step),
    .init("training.schedule.factor=0.5", with: step),
    .init("training.schedule.warmup_epochs=1"),
    .init("training.loss.name=focal"),
    .init("training.loss.gamma=0.5", with: focal),
    .init("training.loss.class_weights=none"),
    .init("training.loss.label_smoothing=0.05"),
    .init("training.adaptation={}", with: "protocol.across=pooled"),
    .init(
      "training.adaptation.gradient_reversal=0.5",
      with: "protocol.across=pooled", "training.adaptation={}"),
    .init("training.balance=corpus", with: "protocol.across=pooled"),
    .init("training.clip_norm=0.01"),
    .init("training.selection=best_epoch", .nothing),
    .init("training.selection=last", .mayChange),
    .init("training.selection={average: last, epochs: 2}", .mayChange),
    .init("training.selection={average: exponential}", .mayChange),
    .init("training.selection.half_life_epochs=1", .mayChange, with: exponential),
    .init("training.selection.epochs=2", .nothing, with: exponential),
    .init("training.early_stopping.patience=1", .nothing, with: "training.selection=last"),
    .init("training.refit=true", .mayChange),
    .init("training.refit=false", .nothing),
    .init("training.early_stopping.metric=loss", .mayChange),
    .init("training.early_stopping.patience=1", .mayChange),
    .init("training.augmentation=none"),
    .init("training.augmentation.specaugment=none"),
    .init("training.augmentation.specaugment.time_masks=3"),
    .init("training.augmentation.specaugment.time_frames=8"),
    .init("training.augmentation.specaugment.freq_masks=3"),
    .init("training.augmentation.specaugment.freq_bins=5"),
    .init("training.augmentation.noise={}"),
    .init("training.augmentation.noise.snr_db=[0, 5]", with: noise),
    .init("training.augmentation.speed=[0.9, 1.1]"),
    .init("training.augmentation.mixup=0.2"),
  ]

  static let others: [KeyChange] = [
    .init("name=other", .nothing),
    .init("title=\"Another question\"", .nothing),
    .init("seeds=[2]"),
    .init("labels.classes=[mid, low, high]"),
    .init("labels.drop=[other, none]", .nothing),
    .init("labels.map={two: {other: high}}", .nothing),
    .init("labels.map={one: {other: high}}"),
    .init("train_on=[one]", .nothing),
    .init("test_on=[one]", .nothing),
    .init("corpora.one.normalization=corpus", with: "features.normalization=speaker"),
    .init("corpora.one.normalization=speaker", with: "features.normalization=corpus"),
    .init("corpora.one.normalization=corpus", .nothing, with: "features.normalization=corpus"),
    .init("corpora.two.normalization=corpus", .nothing, with: "features.normalization=speaker"),
    .init("protocol.within={csv: one/manifest.csv}"),
    .init("protocol.validation.speakers=2"),
    .init("protocol.validation=none", with: "training.selection=last"),
    .init(
      "protocol.scored=inner", with: "protocol.across=none", "protocol.within={speaker_folds: 3}"),
    .init("protocol.missing_classes=allow", .nothing),
    .init("protocol.allow=[heard]", .nothing),
    .init("protocol.duplicates=allow", .nothing),
    .init("protocol.duplicates=leave_out_of_training", .nothing),
    .init("protocol.across=none", .nothing),
    .init("protocol.across.kind=pooled"),
    .init(
      "protocol.across.nested=false", .nothing, with: "protocol.across.kind=leave_one_corpus_out"),
    .init("protocol.across.test=whole", .nothing),
    .init("protocol.across.train=all", .nothing),
    .init("protocol.across=pooled"),
    .init("baselines=[majority]", .nothing),
    .init("report.headline=accuracy", .nothing),
    .init("report.ensemble=true", .nothing, with: "seeds=[1, 2]"),
    .init(
      "report.compare=[[b, a]]", .nothing,
      with: "sweep={variants: {a: {}, b: {model.rnn.hidden: 3}}}"),
    .init("report.figures=[corpora]", .nothing),
    .init("report.formats=[svg]", .nothing),
    .init("report.column=double", .nothing),
  ]

  /// Unlike numbers of clips by class, so that class weights matter, and some without a class.
  private func corpus(seed: UInt64) -> ToneCorpus {
    var corpus = ToneCorpus(speakers: 6, clips: 2, seed: seed)
    corpus.split()
    for index in corpus.rows.indices where corpus.rows[index].file.hasSuffix("-1.wav") {
      if corpus.rows[index].label == "low" { corpus.rows[index].label = "other" }
    }
    return corpus
  }

  /// The key of the plan's first trial and what training left of it.
  private func first(
    _ laboratory: Laboratory, _ overrides: [String], in results: String
  ) throws -> (key: String, files: [Data]) {
    let text = laboratory.plan(corpora: ["one", "two"])
      .replacing("epochs: 8", with: "epochs: 3").replacing("batch: 8", with: "batch: 4")
    let experiment = try laboratory.experiment(text, overrides)
    _ = try laboratory.run(experiment, .init(results: results, only: { $0.number == 1 }))
    let store = laboratory.store(experiment.plan.name, in: results)
    let record = try #require(try store.records().first)
    return (
      record.key,
      try ["model.safetensors", "history.csv", "predictions/one.csv"].map {
        try Data(contentsOf: store.trialFolder(record.key).appending(path: $0))
      }
    )
  }

  @Test(
    "a key changes the trial's key if and only if it changes its numbers",
    arguments: settings + others)
  func effect(change: KeyChange) throws {
    try Laboratory.with { laboratory in
      try laboratory.write(corpus(seed: 1), as: "one")
      try laboratory.write(corpus(seed: 2), as: "two")
      _ = try TinyEncoder(in: laboratory.url(""))
      if (change.context + [change.override]).contains(where: {
        $0.contains("start_from.") || $0 == Self.body
      }) {
        let body = try laboratory.writeBody()
        try laboratory.writeBody("other.safetensors", classes: ["mid", "new"], seed: 8)
        try FileManager.default.copyItem(at: body, to: laboratory.url("copy.safetensors"))
      }
      let before = try first(laboratory, change.context, in: "before")
      let after = try first(laboratory, change.context + [change.override], in: "after")
      switch change.effect {
      case .changes:
        #expect(before.key != after.key)
        // The settings stand in the model's file and would differ in any case.
        #expect(before.files.dropFirst() != after.files.dropFirst())
      case .mayChange: #expect(before.key != after.key)
      case .nothing:
        #expect(before.key == after.key)
        #expect(before.files == after.files)
      }
    }
  }

  @Test("the tables above have every key of the plan but the corpora")
  func complete() throws {
    try Laboratory.with { laboratory in
      try laboratory.write(corpus(seed: 1), as: "one")
      try laboratory.write(corpus(seed: 2), as: "two")
      let experiment = try laboratory.experiment(
        laboratory.plan(corpora: ["one", "two"]),
        [
          Self.concat, Self.noise, "protocol.across=pooled", "training.adaptation={}",
          Self.transformer, "features.prosody={}",
          "training.augmentation.speed=[1.1]",
        ])
      var path: [String] = []
      var keys: [String] = []
      for line in experiment.plan.resolvedYAML.split(separator: "\n") {
        let depth = line.prefix { $0 == " " }.count / 2
        path = path.prefix(depth) + [String(line.dropFirst(2 * depth).prefix { $0 != ":" })]
        if !line.hasSuffix(":") { keys.append(path.joined(separator: ".")) }
      }
      #expect(keys.count > 60)
      let tried = (Self.settings + Self.others).map(\.key)
      for key in keys where !key.hasPrefix("corpora.") && !key.hasPrefix("sweep") {
        #expect(
          tried.contains { key == $0 || key.hasPrefix($0 + ".") },
          "\(key): no test shows whether it belongs to a trial's identity")
      }
    }
  }
}
