import Foundation
import Testing
import ValenceAudio
import ValenceCore
import ValenceCorpora
import ValenceEncoders
import ValenceEvaluation
import ValenceFeatures
import ValenceFigures
import ValenceNN

@testable import ValencePlan
@testable import ValenceReport

/// What a plan says, in a form that a test can change field by field.
struct Facts: Equatable {
  var name, title: String
  var seeds: [UInt64]
  var corpora: [CorpusOptions]
  var labels: LabelChoice
  var trainOn, testOn: [String]
  var splitProtocol: ProtocolOptions
  var base: Settings
  /// The names of the baselines.
  var baselines: [String]
  var report: ReportOptions

  init(_ plan: Plan) {
    (name, title, seeds) = (plan.name, plan.title, plan.seeds)
    (corpora, labels) = (plan.corpora, plan.labels)
    (trainOn, testOn) = (plan.trainOn, plan.testOn)
    (splitProtocol, base, report) = (plan.splitProtocol, plan.base, plan.report)
    baselines = plan.baselines.map(\.name)
  }
}

/// A key set to something else than its default, and the one thing that this should change.
struct Change: Sendable, CustomTestStringConvertible {
  let override: String
  /// What else is set, before and after.
  let context: [String]
  let apply: @Sendable (inout Facts) -> Void
  var testDescription: String { (context + [override]).joined(separator: " ") }

  init(
    _ override: String, with context: [String] = [],
    _ apply: @escaping @Sendable (inout Facts) -> Void
  ) {
    self.override = override
    self.context = context
    self.apply = apply
  }
}

@Suite struct EveryKeyTests {
  static let text = """
    name: trial
    title: A question
    corpora:
      ravdess: {adapter: ravdess, path: "${CORPORA}/ravdess"}
      mine: {adapter: folders, path: corpora/calls, speaker: "^(?<speaker>[a-z]+)_"}
      other: {adapter: manifest, path: corpora/manifest.csv}
    labels: emotion4
    """

  static let general: [Change] =
    FileNameCode.published.filter { $0 != .ravdess }.map { code in
      Change("corpora.ravdess.adapter=\(code.word)") { $0.corpora[0].adapter = .fileName(code) }
    } + [
      Change("protocol.allow=[heard]") { $0.splitProtocol.allowances = [.heard] },
      Change("name=other") { $0.name = "other" },
      Change("title=\"Why: #1, 'two'\\n\"") { $0.title = "Why: #1, 'two'\n" },
      Change("seeds=[7, 0]") { $0.seeds = [7, 0] },
      Change("labels=meld7") { $0.labels = .builtIn("meld7") },
      Change("labels=native") { $0.labels = .native },
      Change(
        "labels={classes: [up, down], map: {\"*\": {JOY: up}, mine: {sad: down}}, drop: [calm, \"no\"]}"
      ) {
        $0.labels = .custom(
          LabelSpace(
            name: "custom", classes: ["up", "down"],
            maps: ["*": ["joy": "up"], "mine": ["sad": "down"]], dropped: ["calm", "no"]))
      },
      Change("train_on=[mine]") { $0.trainOn = ["mine"] },
      Change("test_on=[other, ravdess]") { $0.testOn = ["other", "ravdess"] },
      Change("corpora.ravdess.adapter=meld") { $0.corpora[0].adapter = .meld(labels: .emotion) },
      Change("corpora.ravdess={adapter: meld, path: corpora/emovo, labels: sentiment}") {
        $0.corpora[0].adapter = .meld(labels: .sentiment)
        $0.corpora[0].path = folder.appending(path: "corpora/emovo").standardizedFileURL
      },
      Change("corpora.ravdess.path=~/corpora/emovo") {
        $0.corpora[0].path = folder.appending(path: "corpora/emovo").standardizedFileURL
      },
      Change("corpora.ravdess.normalization=corpus", with: ["features.normalization=speaker"]) {
        $0.corpora[0].statistics = .corpus
      },
      Change("corpora.mine.normalization=speaker", with: ["features.normalization=corpus"]) {
        $0.corpora[1].statistics = .speaker
      },
      Change("corpora.mine.speaker=(?<speaker>.)") {
        $0.corpora[1].adapter = .folders(
          speaker: try? PathPattern("(?<speaker>.)", group: "speaker"))
      },
      Change("corpora.mine.emotion=_(?<emotion>[a-z]+)") {
        $0.corpora[1].adapter = .folders(
          speaker: try? PathPattern("^(?<speaker>[a-z]+)_", group: "speaker"),
          emotion: try? PathPattern("_(?<emotion>[a-z]+)", group: "emotion"))
      },
      Change("protocol.within=leave_one_speaker_out") {
        $0.splitProtocol.within = .leaveOneSpeakerOut
      },
      Change("protocol.within=official") { $0.splitProtocol.within = .official },
      Change("protocol.within.speaker_folds=4") { $0.splitProtocol.within = .speakerFolds(4) },
      Change("protocol.within={emobox: ./folds}") {
        $0.splitProtocol.within = .emobox(folder.appending(path: "folds").standardizedFileURL)
      },
      Change("protocol.within={csv: folds/folds.csv}") {
        $0.splitProtocol.within = .csv(
          folder.appending(path: "folds/folds.csv").standardizedFileURL)
      },
      Change("protocol.validation.speakers=1") { $0.splitProtocol.validation = .speakers(1) },
      Change("protocol.validation={fraction: 0.15}") {
        $0.splitProtocol.validation = .fraction(0.15)
      },
      Change("protocol.validation=none", with: ["training.selection=last"]) {
        $0.splitProtocol.validation = .none
      },
      Change("protocol.scored=inner", with: ["protocol.across=none"]) {
        $0.splitProtocol.scored = .inner
      },
      Change("protocol.missing_classes=allow") { $0.splitProtocol.missingClasses = .allow },
      Change("protocol.duplicates=leave_out_of_training") {
        $0.splitProtocol.duplicates = .leaveOutOfTraining
      },
      Change("protocol.duplicates=allow") { $0.splitProtocol.duplicates = .allow },
      Change("protocol.across=none") { $0.splitProtocol.across = .none },
      Change("protocol.across=pooled") { $0.splitProtocol.across = .pooled },
      Change("protocol.across=leave_one_corpus_out") {
        $0.splitProtocol.across = .leaveOneCorpusOut
      },
      Change(
        "protocol.across.nested=true",
        with: ["protocol.across={kind: leave_one_corpus_out}"]
      ) { $0.splitProtocol.acrossNested = true },
      Change("protocol.across.kind=pooled") { $0.splitProtocol.across = .pooled },
      Change("protocol.across.test=whole") { $0.splitProtocol.acrossTest = .whole },
      Change("protocol.across.train=all") { $0.splitProtocol.acrossTraining = .all },
      Change("protocol.across={kind: pooled, test: whole}") {
        $0.splitProtocol.across = .pooled
        $0.splitProtocol.acrossTest = .whole
      },
      Change("baselines=none") { $0.baselines = [] },
      Change("baselines=[lda, ridge, kernel_ridge, logistic]") {
        $0.baselines = ["lda", "ridge", "kernel_ridge", "logistic"].map { "baseline \($0)" }
      },
      Change("report.headline=macro_f1") { $0.report.headline = .macroF1 },
      Change("report.ensemble=true") { $0.report.ensemble = true },
      Change("report.figures=[learning_curves, ablation]") {
        $0.report.figures = [.learningCurves, .ablation]
      },
      Change("report.figures=[layers]") { $0.report.figures = [.layers] },
      Change("report.figures=[contributions]") { $0.report.figures = [.contributions] },
      Change("report.figures=[leave_one_corpus_out]") {
        $0.report.figures = [.leaveOneCorpusOut]
      },
      Change("report.formats=[png]") { $0.report.figureOptions.formats = [.png] },
      Change("report.column=double") { $0.report.figureOptions.column = .double },
    ]
    + CorpusOptions.Adapter.manifestColumns.map { word in
      Change("corpora.other.columns.\(word)=its \(word)") {
        $0.corpora[2].adapter = .manifest(columns: [word: "its \(word)"])
      }
    }

  static let settings: [Change] = [
    Change("audio.rate_hz=22050") { $0.base.audio.rateHz = 22050 },
    Change("audio.trim_db=35") { $0.base.audio.trimDb = 35 },
    Change("audio.clip_s=2.5") { $0.base.audio.clipS = 2.5 },
    Change("audio.long_clips=windows") { $0.base.audio.longClips = .windows },
    Change("audio.crop=end") { $0.base.audio.crop = .end },
    Change("audio.unreadable=drop") { $0.base.audio.unreadable = .drop },
    Change("features.window_ms=32") { $0.base.features.framing.windowMs = 32 },
    Change("features.hop_ms=12.5") { $0.base.features.framing.hopMs = 12.5 },
    Change("features.mel.bands=80") { $0.base.features.mel.bands = 80 },
    Change("features.mel.low_hz=0") { $0.base.features.mel.lowHz = 0 },
    Change("features.mel.high_hz=7600") { $0.base.features.mel.highHz = 7600 },
    Change("features.mfcc.coefficients=13") { $0.base.features.mfcc.coefficients = 13 },
    Change("features.mfcc.deltas=2") { $0.base.features.mfcc.deltas = 2 },
    Change("features.prosody=true") { $0.base.features.prosody = ProsodyOptions() },
    Change("features.prosody.low_hz=75") {
      $0.base.features.prosody = ProsodyOptions()
      $0.base.features.prosody?.lowHz = 75
    },
    Change("features.prosody.high_hz=400") {
      $0.base.features.prosody = ProsodyOptions()
      $0.base.features.prosody?.highHz = 400
    },
    Change("features.spectral=true") { $0.base.features.spectral = true },
    Change("features.normalization=speaker") { $0.base.features.normalization = .speaker },
    Change("features.fusion=branches") { $0.base.features.fusion = .branches },
    Change("model.cnn.channels=[8, 16, 32]") { $0.base.model.cnn.channels = [8, 16, 32] },
    Change("model.cnn.kernel=5") { $0.base.model.cnn.kernel = 5 },
    Change("model.cnn.pool=[1, 2, 4]") { $0.base.model.cnn.pool = [1, 2, 4] },
    Change("model.cnn.pool={time: [1, 2, 2]}") { $0.base.model.cnn.pool.time = [1, 2, 2] },
    Change("model.cnn.pool={frequency: [2, 2, 3]}") {
      $0.base.model.cnn.pool.frequency = [2, 2, 3]
    },
    Change("model.cnn.norm=layer") { $0.base.model.cnn.norm = .layer },
    Change("model.cnn.norm=none") { $0.base.model.cnn.norm = .none },
    Change("model.cnn.activation=gelu") { $0.base.model.cnn.activation = .gelu },
    Change("model.cnn.dropout=0.25") { $0.base.model.cnn.dropout = 0.25 },
    Change("model.projection=none") { $0.base.model.projection = nil },
    Change("model.projection.width=64") { $0.base.model.projection?.width = 64 },
    Change("model.projection.activation=gelu") { $0.base.model.projection?.activation = .gelu },
    Change("model.projection.activation=none") {
      $0.base.model.projection?.activation = ProjectionOptions.Activation.none
    },
    Change("model.projection.dropout=0.2") { $0.base.model.projection?.dropout = 0.2 },
    Change("model.projection.input_dropout=0.2") { $0.base.model.projection?.inputDropout = 0.2 },
    Change("model.rnn=none") { $0.base.model.rnn = nil },
    Change("model.rnn.cell=gru") { $0.base.model.rnn?.cell = .gru },
    Change("model.rnn.hidden=64") { $0.base.model.rnn?.hidden = 64 },
    Change("model.rnn.layers=2") { $0.base.model.rnn?.layers = 2 },
    Change("model.rnn.bidirectional=false") { $0.base.model.rnn?.bidirectional = false },
    Change("model.rnn.dropout=0.5") { $0.base.model.rnn?.dropout = 0.5 },
    Change("model.transformer={}") { $0.base.model.transformer = TransformerOptions() },
    Change("model.transformer.layers=3") {
      $0.base.model.transformer = TransformerOptions()
      $0.base.model.transformer?.layers = 3
    },
    Change("model.transformer.width=96") {
      $0.base.model.transformer = TransformerOptions()
      $0.base.model.transformer?.width = 96
    },
    Change("model.transformer.heads=6") {
      $0.base.model.transformer = TransformerOptions()
      $0.base.model.transformer?.heads = 6
    },
    Change("model.transformer.feed_forward=100") {
      $0.base.model.transformer = TransformerOptions()
      $0.base.model.transformer?.feedForward = 100
    },
    Change("model.transformer.positions=sinusoidal") {
      $0.base.model.transformer = TransformerOptions()
      $0.base.model.transformer?.positions = .sinusoidal
    },
    Change("model.transformer.positions=none") {
      $0.base.model.transformer = TransformerOptions()
      $0.base.model.transformer?.positions = TransformerOptions.Positions.none
    },
    Change("model.transformer.dropout=0") {
      $0.base.model.transformer = TransformerOptions()
      $0.base.model.transformer?.dropout = 0
    },
    Change("model.pooling=last") { $0.base.model.pooling = .last },
    Change("model.modality_dropout=0.2") { $0.base.model.modalityDropout = 0.2 },
    Change("model.head.hidden=[]") { $0.base.model.head.hidden = [] },
    Change("model.head.dropout=0") { $0.base.model.head.dropout = 0 },
    Change("training.epochs=40") { $0.base.training.epochs = 40 },
    Change("training.batch=8") { $0.base.training.batch = 8 },
    Change("training.optimizer.learning_rate=3e-5") {
      $0.base.training.optimizer.learningRate = 3e-5
    },
    Change("training.optimizer.name=adam") {
      $0.base.training.optimizer.name = .adam
      $0.base.training.optimizer.weightDecay = 0
    },
    Change("training.optimizer={name: sgd, weight_decay: 1e-2}") {
      $0.base.training.optimizer.name = .sgd
    },
    Change("training.optimizer.momentum=0.5") { $0.base.training.optimizer.momentum = 0.5 },
    Change("training.optimizer.nesterov=true") { $0.base.training.optimizer.nesterov = true },
    Change("training.optimizer.weight_decay=0") { $0.base.training.optimizer.weightDecay = 0 },
    Change("training.schedule.name=constant") { $0.base.training.schedule.name = .constant },
    Change("training.schedule.name=step") { $0.base.training.schedule.name = .step },
    Change("training.schedule.every_epochs=10") { $0.base.training.schedule.everyEpochs = 10 },
    Change("training.schedule.factor=0.5") { $0.base.training.schedule.factor = 0.5 },
    Change("training.schedule.warmup_epochs=0") { $0.base.training.schedule.warmupEpochs = 0 },
    Change("training.loss.name=focal") { $0.base.training.loss.name = .focal },
    Change("training.loss.gamma=0.5") { $0.base.training.loss.gamma = 0.5 },
    Change("training.loss.class_weights=none") { $0.base.training.loss.classWeights = .none },
    Change("training.loss.label_smoothing=0.05") {
      $0.base.training.loss.labelSmoothing = 0.05
    },
    Change(
      "training.adaptation={gradient_reversal: 0.25}", with: ["protocol.across=pooled"]
    ) { $0.base.training.adaptation = AdaptationOptions(gradientReversal: 0.25) },
    Change("training.balance=corpus", with: ["protocol.across=pooled"]) {
      $0.base.training.balance = .corpus
    },
    Change("training.clip_norm=1.5") { $0.base.training.clipNorm = 1.5 },
    Change("training.selection=last") { $0.base.training.selection = .last },
    Change("training.selection=average") {
      $0.base.training.selection = .average(AverageOptions())
    },
    Change("training.selection.average=exponential") {
      var options = AverageOptions()
      options.kind = .exponential
      $0.base.training.selection = .average(options)
    },
    Change("training.selection.epochs=4") {
      var options = AverageOptions()
      options.epochs = 4
      $0.base.training.selection = .average(options)
    },
    Change("training.selection.half_life_epochs=2.5") {
      var options = AverageOptions()
      options.halfLifeEpochs = 2.5
      $0.base.training.selection = .average(options)
    },
    Change("training.refit=true") { $0.base.training.refit = true },
    Change("training.early_stopping.metric=loss") { $0.base.training.earlyStopping.metric = .loss },
    Change("training.early_stopping.patience=4") { $0.base.training.earlyStopping.patience = 4 },
    Change("training.augmentation=none") { $0.base.training.augmentation.specaugment = nil },
    Change("training.augmentation.specaugment=none") {
      $0.base.training.augmentation.specaugment = nil
    },
    Change("training.augmentation.specaugment.time_masks=1") {
      $0.base.training.augmentation.specaugment?.timeMasks = 1
    },
    Change("training.augmentation.specaugment.time_frames=10") {
      $0.base.training.augmentation.specaugment?.timeFrames = 10
    },
    Change("training.augmentation.specaugment.freq_masks=3") {
      $0.base.training.augmentation.specaugment?.freqMasks = 3
    },
    Change("training.augmentation.specaugment.freq_bins=4") {
      $0.base.training.augmentation.specaugment?.freqBins = 4
    },
    Change("training.augmentation.noise={}") {
      $0.base.training.augmentation.noise = NoiseOptions()
    },
    Change("training.augmentation.noise.snr_db=[0, 15.5]") {
      $0.base.training.augmentation.noise = NoiseOptions()
      $0.base.training.augmentation.noise?.snrDb = 0...15.5
    },
    Change("training.augmentation.speed=[1.1, 0.9, 1]") {
      $0.base.training.augmentation.speed = [0.9, 1, 1.1]
    },
    Change("training.augmentation.mixup=0.2") { $0.base.training.augmentation.mixup = 0.2 },
  ]

  private static let vector = [
    "features.fusion=functionals", "features.functionals.of=[mfcc, mel, timing]",
  ]

  static let ofFunctionals: [Change] = [
    Change("features.functionals=true") { $0.base.features.functionals = .init() },
    Change("features.functionals.of=[timing, spectral]", with: ["features.fusion=functionals"]) {
      $0.base.features.functionals?.of = [.spectral, .timing]
    },
    Change("features.functionals.of=[egemaps, mfcc]", with: ["features.fusion=functionals"]) {
      $0.base.features.functionals?.of = [.mfcc, .egemaps]
    },
    Change("features.functionals.statistics=[voiced, moments]", with: vector) {
      $0.base.features.functionals?.statistics = [.moments, .voiced]
    },
    Change("features.functionals.mel_bands=40", with: vector) {
      $0.base.features.functionals?.melBands = 40
    },
    Change("features.functionals.mfcc_coefficients=13", with: vector) {
      $0.base.features.functionals?.mfccCoefficients = 13
    },
  ]

  @Test(
    "every key changes what it says and nothing else",
    arguments: general + settings + classic + ofFunctionals + ofEncoders + ofStarts)
  func change(change: Change) throws {
    let before = try readPlan(Self.text, overrides: change.context)
    var expected = Facts(before)
    change.apply(&expected)
    let changed = try readPlan(Self.text, overrides: change.context + [change.override])
    #expect(Facts(changed) == expected)
    #expect(before != changed)
  }

  @Test("the table above has every key that there is")
  func complete() throws {
    // No encoder may stand beside noise.
    let others = ["training.augmentation.noise={}", "features.prosody={}"]
    let network = ["training.augmentation.specaugment={}", "model.transformer={}"]
    let documents = try [
      network + others, network + Self.vector, network + Self.alone, overrides(model: "one"),
      ["model.classic=kernel_ridge"], ["model.classic=lda"],
    ].map { lines in
      let resolved = try readPlan(Self.text, overrides: lines)
      return try PlanDocument(text: resolved.resolvedYAML, file: "x", folder: folder)
    }
    // A plan without a sweep has no pairs of variants: `ComparedVariantTests` shows that key. What the path
    // and the digest of an encoder do is shown by `EncoderPlanTests`, those of a network by `StartPlanTests`.
    let changes =
      Self.general + Self.settings + Self.classic + Self.ofFunctionals + Self.ofEncoders
      + Self.ofStarts
    let keys =
      changes.map { String($0.override.prefix { $0 != "=" }) } + [
        "report.compare", "features.encoder",
        "features.encoder.path", "features.encoder.digest", "training.start_from",
        "training.start_from.model", "training.start_from.digest",
      ]
    func leaves(_ node: PlanNode, _ path: String) -> [String] {
      guard let entries = node.entries, !entries.isEmpty else { return [path] }
      return entries.flatMap { leaves($0.value, path.isEmpty ? $0.key : "\(path).\($0.key)") }
    }
    let all = documents.flatMap { leaves($0.root, "") }
    #expect(all.count > 50)
    for key in all where !key.hasPrefix("corpora.") {
      #expect(keys.contains(key), "\(key) is accepted, but no test shows that it does anything")
    }
  }

  @Test("the defaults of the file are those of the options structs")
  func defaults() throws {
    let plan = try readPlan(Self.text)
    #expect(plan.base == Settings())
    #expect(plan.splitProtocol == ProtocolOptions())
    #expect(plan.report == ReportOptions())
    #expect(plan.seeds == [1, 2, 3])
    #expect(plan.trainOn == ["ravdess", "mine", "other"])
    #expect(plan.testOn == plan.trainOn)
    let untitled = Self.text.replacingOccurrences(of: "title: A question\n", with: "")
    #expect(try readPlan(untitled).title == "trial")
    #expect(plan.variants.map(\.name) == ["base"])
    #expect(plan.variants[0].axes.isEmpty)
    #expect(plan.variants[0].settings == plan.base)
  }

  @Test("the resolved file reads as the same plan, whatever was changed")
  func roundTrip() throws {
    var random = RandomStream(seed: 11, "round trip")
    let sweeps = [
      "sweep={grid: {model.pooling: [mean, max], training.clip_norm: [1, 2.5e1, 1e-6]}}",
      "sweep={grid: {model.head.hidden: [[], [4], [4, 5]], training.augmentation: [none, {}]}}",
      "sweep={variants: {a: {}, \"1\": {model.rnn.hidden: 32}, c: {model.cnn: {channels: [4, 8], pool: [1, 3]}}}}",
      "sweep={grid: {model.pooling: [mean, max], training.batch: [4, 8]}, exclude: [{model.pooling: max, training.batch: 8}]}",
      "sweep={random: {draws: 3, seed: 8, axes: {training.batch: {integer: [4, 64]}, training.clip_norm: {log_uniform: [1e-3, 1]}, model.pooling: {choice: [mean, max]}}}}",
      "sweep={one_at_a_time: {model.rnn.layers: [3], training.clip_norm: [2.5e1, 1e-6]}}",
      "sweep=none",
    ]
    let changes = (Self.general + Self.settings + Self.classic.prefix(6)).map(\.override)
    let elsewhere = URL(filePath: "/elsewhere/Results/trial")
    var count = 0
    for _ in 0..<150 {
      var overrides = [sweeps[random.below(sweeps.count)]].filter { _ in random.below(2) == 0 }
      for change in random.shuffled(changes).prefix(random.below(12)) {
        let key = change.prefix { $0 != "=" }
        let isFree = !overrides.contains {
          let other = $0.prefix { $0 != "=" }
          return other.hasPrefix(key) || key.hasPrefix(other)
        }
        if isFree { overrides.append(change) }
      }
      guard let first = try? readPlan(Self.text, overrides: overrides) else { continue }
      count += 1
      let second = try readPlan(first.resolvedYAML)
      #expect(second == first, "\(overrides)")
      #expect(second.resolvedYAML == first.resolvedYAML, "\(overrides)")
      let moved = first.resolvedYAML(in: elsewhere)
      let third = try readPlan(moved, in: elsewhere)
      #expect(third == first, "\(overrides)")
      #expect(third.resolvedYAML(in: folder) == first.resolvedYAML(in: folder), "\(overrides)")
    }
    #expect(count > 75)
  }

  @Test("prosody counts where it is fused, and alone in any case")
  func prosody() throws {
    func identity(_ overrides: String...) throws -> String {
      let small = "training.augmentation=none"
      return try readPlan(Self.text, overrides: overrides + [small]).variants[0].identity
    }
    #expect(try identity() == identity("features.prosody=false"))
    #expect(try !identity().contains("prosody"), "settings without prosody are what they were")
    #expect(try identity() != identity("features.prosody=true"))
    #expect(try identity("features.prosody=true") == identity("features.prosody={high_hz: 500}"))
    let (mel, alone) = ("features.fusion=mel", "features.fusion=prosody")
    // In a sweep over fusions those of a single feature are without it.
    let sweep = "sweep={grid: {features.fusion: [mel, concat]}}"
    #expect(try identity(mel) == identity(sweep, "features.prosody=true"))
    #expect(try identity(alone) == identity(alone, "features.prosody=false"))
    #expect(try identity(alone) == identity(alone, "features.prosody=true"))
    #expect(try identity(alone) != identity(alone, "features.prosody.low_hz=75"))
    #expect(try identity(alone) == identity(alone, "features.mel.bands=80"))
    let resolved = try readPlan(Self.text, overrides: [alone, "training.augmentation=none"])
    #expect(resolved.base.features.prosody == ProsodyOptions())
    #expect(try readPlan(resolved.resolvedYAML) == resolved)
  }

  @Test("functionals and spectral descriptors count where they are fused")
  func vectors() throws {
    func identity(_ overrides: String...) throws -> String {
      try readPlan(Self.text, overrides: overrides).variants[0].identity
    }
    #expect(try identity() == identity("features.spectral=false", "features.functionals=false"))
    #expect(try !identity().contains("spectral") && !identity().contains("functionals"))
    #expect(try identity() != identity("features.spectral=true"))
    #expect(try identity() != identity("features.functionals=true"))
    #expect(try identity("features.functionals=true") == identity("features.functionals={}"))
    let (alone, spectral) = ("features.fusion=functionals", "features.fusion=spectral")
    #expect(try identity(spectral) == identity(spectral, "features.spectral=true"))
    #expect(try identity(alone) == identity(alone, "features.functionals=true"))
    #expect(try identity(alone) == identity(alone, "features.prosody=true"))
    for other in [
      "features.mel.bands=80", "features.mfcc.deltas=1",
      "features.functionals.of=[timing, prosody, mel, mfcc]", "features.functionals.statistics=all",
      "model.cnn.kernel=5", "training.augmentation.specaugment.time_masks=1",
    ] {
      #expect(try identity(alone) == identity(alone, other), "\(other)")
    }
    for other in [
      "features.prosody.low_hz=75", "features.hop_ms=5", "features.functionals.of=[mfcc]",
    ] {
      #expect(try identity(alone) != identity(alone, other), "\(other)")
    }
    let timing = "features.functionals.of=[timing]"
    for other in [
      "features.functionals.statistics=[moments]", "features.functionals.mel_bands=40",
      "features.functionals.mfcc_coefficients=13",
    ] {
      #expect(try identity(alone, timing) == identity(alone, timing, other), "\(other)")
    }
    let egemaps = "features.functionals.of=[egemaps]"
    for other in [
      "features.functionals.statistics=[moments]", "features.window_ms=40", "features.hop_ms=5",
      "features.prosody.low_hz=75",
    ] {
      #expect(try identity(alone, egemaps) == identity(alone, egemaps, other), "\(other)")
    }
    #expect(try identity(alone, egemaps) != identity(alone, timing))
    for overrides in [[alone], [alone, egemaps, "features.hop_ms=5"]] {
      let plan = try readPlan(Self.text, overrides: overrides)
      #expect(try readPlan(plan.resolvedYAML) == plan)
    }
    // Beside one feature the range of F0 is theirs alone; beside several, prosody would join those.
    let (mel, beside) = ("features.fusion=mel", "features.functionals=true")
    #expect(try identity(mel, beside) == identity(mel, beside, "features.prosody=true"))
    let range = "features.prosody.low_hz=75"
    #expect(try identity(mel, beside) != identity(mel, beside, range))
    #expect(try identity(mel, egemaps) == identity(mel, egemaps, range))
    #expect(try identity(mel, egemaps) != identity(mel, egemaps, "features.hop_ms=5"))
    for (fusion, kinds) in [(mel, [FeatureKind.mel]), ("features.fusion=stack", [.mel, .mfcc])] {
      let plan = try readPlan(
        Self.text, overrides: [fusion, beside, "features.mfcc.coefficients=64"])
      let features = plan.base.features
      #expect(features.kinds == kinds + [.functionals])
      #expect(features.branches.map(\.form) == [.image, .vector])
      #expect(ExtractionSettings(features, audio: plan.base.audio).kinds == features.kinds)
      #expect(try readPlan(plan.resolvedYAML) == plan)
    }
    let plan = try readPlan(Self.text, overrides: [alone])
    #expect(plan.base.features.functionals == FunctionalsOptions())
    #expect(plan.base.features.branches.map(\.form) == [.vector])
  }

  @Test("the resolved file spells out every default, and paths as they were written")
  func resolved() throws {
    let text = head + "features: {fusion: mel}\nmodel: {cnn: {channels: [8], pool: [2]}}\n"
    try expectGolden(readPlan(text).resolvedYAML, "resolved.yaml")
  }

  @Test("the example of the design is read, and says what the defaults are")
  func example() throws {
    let path = folder.appending(path: "cross-corpus.yaml").path
    let plan = try PlanReader(PlanDocument(contentsOf: path), environment: environment).read()
    var expected = Settings()
    expected.training.augmentation.noise = NoiseOptions()
    expected.training.augmentation.speed = [0.9, 1, 1.1]
    expected.training.augmentation.mixup = 0.2
    #expect(plan.base == expected)
    #expect(plan.splitProtocol == ProtocolOptions())
    #expect(plan.report == ReportOptions())
    #expect(plan.seeds == [1, 2, 3])
    #expect(plan.trainOn == ["ravdess", "emovo"])
    #expect(plan.testOn == ["ravdess", "emovo", "mine"])
    #expect(plan.corpora[3].adapter == .manifest(columns: ["emotion": "label"]))
    #expect(plan.corpora[0].path.path == folder.appending(path: "corpora/ravdess").path)
    #expect(plan.corpora[2].path.path == folder.appending(path: "corpora/calls").path)
    #expect(plan.variants.count == 8)
    #expect(plan.variants[7].name == "fusion=branches channels=32-64-128")
    let input = plan.variants[5].networkInput(frames: 300)
    let shape = try NetworkShape(model: plan.variants[5].settings.model, input: input, classes: 8)
    #expect(shape.cost.parameters == 1_996_904)  // PyTorch's reference network
  }
}
