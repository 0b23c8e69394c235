import Testing
import ValenceFigures

/// One figure of each kind, with the cases that need care: missing cells, empty rows, notes.
enum SampleFigures {
  static let leak = "Speakers are shared between train and test (published split)."
  static let unlabeled = "Statistics of unlabeled test speech were used."

  static var all: [Figure] {
    var double = FigureOptions()
    double.column = .double
    let single = FigureOptions()
    return [
      confusion.figure(single), generalization.figure(single), generalization.gapFigure(single),
      heldOut.figure(double),
      ablation.figure(single), learningCurves.figure(single), shortCurves.figure(single),
      corpora.figure(double), factors.figure(single), contributions.figure(single),
    ] + layers.figures(single) + deepLayers.figures(double)
  }

  static func named(_ name: String) throws -> Figure {
    try #require(all.first { $0.name == name })
  }

  private static func value(
    _ mean: Double, _ interval: ClosedRange<Double>?, chance: Double = 0.25
  ) -> PlottedValue {
    PlottedValue(
      mean: mean, interval: interval.map { .init(low: $0.lowerBound, high: $0.upperBound) },
      networks: 15, chance: chance)
  }

  /// A row without samples.
  static var confusion: ConfusionFigure {
    var figure = ConfusionFigure(
      name: "confusion", title: "ravdess → emovo · concat",
      matrix: .init(
        classes: ["angry", "happy", "neutral", "sad"],
        counts: [[30, 6, 3, 1], [8, 20, 8, 4], [0, 0, 0, 0], [1, 2, 2, 15]], utterances: 50),
      uar: value(0.6667, 0.58...0.74, chance: 1 / 3),
      interval: "95 % interval over 12 test speakers")
    figure.notes = [unlabeled]
    return figure
  }

  /// A missing cell, one that scores other utterances than its column, a score below chance, a note on
  /// some cells and one on all.
  static var generalization: GeneralizationFigure {
    func cell(
      _ mean: Double, _ count: Int, within: Bool = false, leaks: Bool = false
    ) -> GeneralizationFigure.Cell {
      .init(
        value: value(mean, mean - 0.0349...mean + 0.0251), isWithin: within,
        tested: .init(utterances: count, basis: ["\(count / 60) speakers"], set: "\(count)"),
        notes: (leaks ? [leak] : []) + [unlabeled])
    }
    return GeneralizationFigure(
      name: "generalization", title: "Does fusion carry across corpora?",
      grid: .init(
        trainings: ["ravdess", "emovo", "emodb"], tests: ["ravdess", "emovo", "emodb"],
        cells: [
          [cell(0.6, 1440, within: true), cell(0.42, 588), cell(0.51, 535, leaks: true)],
          [cell(0.44, 1440), cell(0.47, 588, within: true), nil],
          [cell(0.2, 1440), cell(0.49, 580), cell(0.8, 535, within: true, leaks: true)],
        ]), interval: "95 % interval over test speakers")
  }

  /// Methods of one and of three networks, a missing cell and so a missing mean, an approximate interval.
  static var heldOut: GeneralizationFigure {
    func cell(_ mean: Double, _ count: Int, networks: Int = 3) -> GeneralizationFigure.Cell {
      var own = value(mean, count == 0 ? nil : mean - 0.052...mean + 0.047)
      own.networks = networks
      own.interval?.isApproximate = count == 400
      return .init(
        value: own, isWithin: false,
        tested: .init(
          utterances: count == 0 ? 2111 : count,
          basis: count == 0 ? [] : ["\(count / 60) speakers"],
          set: "\(count)"))
    }
    var figure = GeneralizationFigure(
      name: "leave-one-corpus-out", title: "What carries to a corpus that nobody has heard?",
      grid: .init(
        trainings: ["kernel ridge", "ridge, self-training", "cnn + lstm", "baseline svm"],
        tests: ["ravdess", "emovo", "urdu", "emodb", "mean"],
        cells: [
          [0.613, 0.688, 0.571, 0.842, 0.6785], [0.641, 0.714, 0.612, 0.871, 0.7095],
          [0.552, 0.601, nil, 0.74, nil], [0.578, 0.634, 0.535, 0.811, 0.6395],
        ].map { (row: [Double?]) in
          zip(row, [672, 336, 400, 339, 0]).map { mean, count in
            mean.map { cell($0, count, networks: row.contains(0.552) ? 3 : 1) }
          }
        }), interval: "95 % interval over test speakers")
    figure.axes = .heldOut
    figure.notes = ["Mean: of the corpora, each counted once.", unlabeled]
    return figure
  }

  /// A missing result, one without an interval, chance that differs between test sets.
  static var ablation: AblationFigure {
    func score(_ mean: Double, chance: Double = 0.25) -> PlottedValue {
      value(mean, mean - 0.04...mean + 0.03, chance: chance)
    }
    return AblationFigure(
      name: "ablation", title: "Which fusion?", variants: ["mel", "mfcc", "concat"],
      series: [
        .init(
          name: "ravdess", tested: "N = 672, 24 speakers",
          values: [score(0.5), score(0.45), score(0.55)], chosen: 0),
        .init(
          name: "ravdess → emovo", tested: "N = 336, 6 speakers",
          values: [score(0.35, chance: 1 / 3), nil, value(0.4, nil, chance: 1 / 3)], chosen: 0),
      ], interval: "95 % interval over test speakers")
  }

  /// Two corpora of different chance with all words, a missing layer, one without an interval.
  static var layers: LayersFigure {
    func line(_ name: String, _ tested: String, _ means: [Double?], chance: Double)
      -> LayersFigure.Line
    {
      let places =
        (0..<means.count - 3).map { LayersFigure.Place.layer($0) }
        + LayersFigure.words.map { .word($0.word) }
      return .init(
        name: name, tested: tested,
        points: zip(places, means).enumerated().map { index, point in
          let interval = index == 1 ? nil : point.1.map { $0 - 0.061...$0 + 0.052 }
          return .init(
            point.0, point.1.map { value($0, interval, chance: chance) }, isChosen: index == 3)
        })
    }
    var figure = LayersFigure(
      name: "layers", title: "Which layer carries emotion?", layers: 6,
      panels: [
        .init(
          title: "",
          lines: [
            line(
              "ravdess", "N = 1440, 24 speakers",
              [0.52, 0.63, 0.72, 0.746, nil, 0.70, 0.69, 0.658, 0.71, nil], chance: 0.125),
            line(
              "emovo", "N = 588, 6 speakers",
              [0.31, 0.42, 0.50, 0.52, 0.51, 0.48, 0.45, 0.44, 0.49, 0.53], chance: 1 / 7),
          ])
      ], interval: "95 % interval over test speakers")
    figure.encoders = [
      "Frozen encoder whisper-base (whisper-6x512-0123456789ab); what it has heard is not stated."
    ]
    figure.notes = [unlabeled]
    return figure
  }

  /// Two settings on three corpora: a panel for each, 25 layers, upright words.
  static var deepLayers: LayersFigure {
    func line(_ name: String, _ best: Double, chosen: Int? = nil) -> LayersFigure.Line {
      let numbered = (0...24).map { layer -> LayersFigure.Point in
        let mean = best - 0.001 * Double((layer - 11) * (layer - 11))
        return .init(
          .layer(layer), value(mean, mean - 0.05...mean + 0.04), isChosen: layer == chosen)
      }
      return .init(
        name: name, tested: "",
        points: numbered + [.init(.word("weighted"), value(best, best - 0.05...best + 0.04))])
    }
    return LayersFigure(
      name: "layers-deep", title: "Which layer, by whose statistics?", layers: 24,
      panels: [("ravdess", 0.72), ("emovo", 0.5), ("emodb", 0.9)].map { name, best in
        .init(
          title: "\(name) (N = 588, 6 speakers)",
          lines: [
            line("normalization=train", best),
            line("normalization=speaker", best + 0.05, chosen: 12),
          ])
      }, interval: "95 % interval over test speakers")
  }

  /// Two series, a lone pair, an interval that could not be made, a missing result, long values.
  static var factors: FactorsFigure {
    func effect(_ points: Double, _ low: Double?, _ high: Double?, _ parts: [Double] = [])
      -> FactorsFigure.Effect
    {
      var interval: ClosedRange<Double>?
      if let low, let high { interval = low / 100...high / 100 }
      return .init(
        difference: points / 100, interval: interval, parts: parts.map { $0 / 100 })
    }
    var figure = FactorsFigure(
      name: "factors", title: "Which settings matter?",
      factors: [
        .init(name: "fusion", base: "concat", levels: ["mel", "mfcc"]),
        .init(name: "channels", base: "32-64-128", levels: ["16-32-64"]),
        .init(name: "augmentation", base: "specaugment:time_masks:2", levels: ["none"]),
        .init(name: "hidden", base: "128", levels: ["32", "64", "256"]),
      ],
      series: [
        .init(
          name: "ravdess", base: value(0.612, nil), tested: "N = 672, 24 speakers",
          effects: [
            [
              effect(-2.1, -3.4, -0.6, [-1.6, -2.2, -2.5]),
              effect(-7.5, -9.4, -5.8, [-7, -7.3, -8.2]),
            ],
            [effect(-0.8, -2.1, 0.6, [-1.5, -0.4, -0.5])], [effect(-3.2, nil, nil)],
            [
              effect(-4.4, -6, -2.9, [-4, -4.4, -4.8]), nil,
              effect(0.7, -0.6, 1.9, [0.2, 1.2, 0.7]),
            ],
          ]),
        .init(
          name: "ravdess → emovo", base: value(0.384, nil), tested: "N = 336, 6 speakers",
          effects: [
            [effect(1.4, -1.8, 4.2, [0, 1, 3.2]), effect(-3.5, -7, 0.2, [-5, -4, -1.5])],
            [effect(0.9, -2, 3.9, [0.4, 0.5, 1.8])], [effect(-0.2, -3, 2.4, [-1, 0.2, 0.2])],
            [
              effect(-1.1, -4, 2, [-2, -1, -0.3]), effect(0, -2, 2, [-1, 0, 1]),
              effect(2.7, 0.1, 5, [2.2, 2.4, 3.5]),
            ],
          ]),
      ], interval: "95 % interval of the difference over test speakers")
    figure.notes = [unlabeled]
    return figure
  }

  /// Two series of different chance with a base of two groups, one that was never alone, a missing result, one
  /// without an interval.
  static var contributions: ContributionsFigure {
    func score(_ mean: Double?, chance: Double, _ networks: Int) -> PlottedValue? {
      mean.map {
        PlottedValue(
          mean: $0, interval: .init(low: $0 - 0.061, high: $0 + 0.052), networks: networks,
          chance: chance)
      }
    }
    func effect(_ points: Double, _ reach: Double? = 2.6) -> FactorsFigure.Effect {
      .init(
        difference: points / 100,
        interval: reach.map { (points - $0) / 100...(points + $0) / 100 }, parts: [])
    }
    var figure = ContributionsFigure(
      name: "contributions", title: "What does each feature add?",
      rows: (
        ["mel", "mfcc", "prosody", "spectral", "functionals of timing"], ["mel + mfcc", "all"]
      ),
      results: (
        [
          .init(
            name: "ravdess", tested: "N = 1440, 24 speakers",
            scores: [0.52, 0.50, 0.31, 0.44, 0.19, 0.55, 0.61].map { score($0, chance: 0.125, 24) }),
          .init(
            name: "emovo", tested: "N = 588, 6 speakers",
            scores: [0.38, 0.40, nil, 0.33, 0.24, 0.42, 0.45].map { score($0, chance: 1 / 7, 6) }),
        ],
        [
          .init(
            title: "Added to mel + mfcc", verb: "gained",
            effects: [
              [nil, nil, effect(4.1), effect(1.2), effect(0.3)],
              [nil, nil, effect(2.2, 4.4), effect(-1.1, 3.9), effect(0, nil)],
            ]),
          .init(
            title: "Left out of all", verb: "lost",
            effects: [
              [effect(1.5), effect(0.8), effect(3.2), effect(-0.4), effect(0.6)],
              [effect(0.2, 4), effect(2.9, 4.1), effect(1.3, 3.6), effect(-1.6, 3.3), nil],
            ]),
        ]
      ),
      intervals: (
        "95 % interval over test speakers", "95 % interval of the difference over test speakers"
      ))
    figure.blanks = [[], [0, 1], []]
    figure.notes = [unlabeled]
    return figure
  }

  /// Three networks of different lengths, one with a loss that is no number.
  static var learningCurves: LearningCurvesFigure {
    func run(_ name: String, _ losses: [Double], _ scores: [Double], best: Int)
      -> LearningCurvesFigure.Run
    {
      .init(
        name: name, trainLoss: losses, validationLoss: losses.map { $0 + 0.5 },
        validationScore: scores, bestEpoch: best)
    }
    return LearningCurvesFigure(
      name: "curves", title: "ravdess · concat",
      runs: [
        run("fold 1", [1.5, 1, 0.5, 0.25], [0.25, 0.5, 0.625, 0.5], best: 3),
        run("fold 2", [1.25, .nan], [0.25, 0.375], best: 2),
        run("fold 3", [1, 0.75, 0.5], [0.5, 0.25, 0.75], best: 3),
      ])
  }

  /// Two networks of one epoch that came out alike.
  static var shortCurves: LearningCurvesFigure {
    let run = LearningCurvesFigure.Run(
      name: "fold 1", trainLoss: [1.25], validationLoss: [1.25], validationScore: [0.25],
      bestEpoch: 1)
    var figure = LearningCurvesFigure(
      name: "curves-short", title: "ravdess · mel", runs: [run, run])
    figure.notes = [unlabeled]
    return figure
  }

  static var corpora: CorporaFigure {
    var figure = CorporaFigure(
      name: "corpora", title: "Corpora", classes: ["angry", "happy", "neutral"],
      corpora: [
        .init(
          name: "ravdess", counts: [192, 192, 96], durationsS: [3, 3.5, 4, 4.5, 5], speakers: 24),
        .init(
          name: "meld", counts: [1100, 0, 4700], durationsS: [0.5, 1, 2, 4, 305], speakers: nil,
          dropped: 2),
      ])
    figure.notes = ["This speech is synthetic."]
    return figure
  }

  /// Text that gnuplot, its enhanced mode, a shell, XML or a data file would take for a command.
  static let nastyTexts = [
    #"it's_a^{x} @foo "q" \n \\ 50% %g & <b> #no"#, "`touch pwned` $HOME", "ärger–Übermut ß",
    #"\U+0041 {/:Bold no} ~a{.5b}"#, "чувство ±Δ→−",
  ]
}
