import Foundation
import ValenceAudio
import ValenceClassic
package import ValenceCore
import ValenceCorpora
import ValenceFeatures
package import ValenceNN
package import ValencePlan
package import ValenceStore

/// A plan with its corpora read, labels mapped, folds made and trials listed; no audio is decoded.
package struct Experiment: Sendable {
  package let plan: Plan
  package let space: LabelSpace
  /// The corpora, in the plan's order.
  package let corpora: [PreparedCorpus]
  /// The trials, in the plan's order: variant, training set, seed, fold; then those of the baselines.
  package let trials: [Trial]
  /// The training sets, one for each entry of `train_on`.
  package let trainingSets: [TrainingSet]
  /// The baselines that are trained.
  package let baselines: [Variant]
  /// Sentences on the baselines of the plan that are left out.
  package let baselineRemarks: [String]

  /// What the networks that variants start from have heard; nil where none starts from one.
  let heardCheck: HeardCheck?
  /// Whether the files of all corpora still are what they were.
  let files: KnownFiles
  /// Where what is known of each corpus's files is kept between runs, by corpus.
  private let records: [String: DigestCache]

  /// Reads the corpora of `plan` and makes their folds.
  ///
  /// - Parameter cache: where the digests of files are kept, so that none is read twice; nil for nowhere.
  /// - Throws: `Problems` with everything that is wrong, over all corpora; `MachineFault` for a file that
  ///   is there and cannot be read.
  package init(_ plan: Plan, cache: FeatureCache? = nil) throws {
    var problems: [Problem] = []
    let loaded = try plan.corpora.compactMap { options -> Corpus? in
      try Self.collect(&problems, corpus: options.name) { try CorpusLoader.load(options) }
    }
    guard problems.isEmpty else { throw plan.placed(problems) }
    let space = plan.labels.space(
      nativeLabels: Set(loaded.flatMap { $0.utterances.map(\.label) }))
    let maker = FoldMaker(options: plan.splitProtocol)
    let records = Dictionary(
      uniqueKeysWithValues: loaded.compactMap { corpus in
        cache.map { (corpus.name, DigestCache(beside: $0, of: corpus.root.path)) }
      })
    let files = KnownFiles()
    let corpora = try loaded.compactMap { corpus -> PreparedCorpus? in
      try Self.collect(&problems, corpus: corpus.name) {
        let labeled = try corpus.labeled(by: space)
        let contents = try files.contents(of: labeled.utterances, record: records[corpus.name])
        let known = records[corpus.name]?.sounds(revision: AudioReader.digestRevision) ?? [:]
        let sides = try maker.sides(
          of: labeled, contents: contents, isTrainedOn: plan.trainOn.contains(corpus.name))
        var prepared = PreparedCorpus(
          corpus: corpus, labeled: labeled, contents: contents, files: files, sides: sides)
        if !known.isEmpty { prepared = prepared.knowing(contents.map { known[$0] }) }
        prepared.declare(plan.declaredNormalization(of: corpus.name))
        try prepared.chooseTested(maker)
        return prepared
      }
    }
    guard problems.isEmpty else { throw plan.placed(problems) }
    let misfits = CorpusCheck(plan: plan, corpora: corpora).problems
    guard misfits.isEmpty else { throw plan.placed(misfits) }
    try self.init(plan, space: space, corpora: corpora, files: files, records: records)
  }

  private init(
    _ plan: Plan, space: LabelSpace, corpora: [PreparedCorpus], files: KnownFiles,
    records: [String: DigestCache]
  ) throws {
    (self.files, self.records) = (files, records)
    self.plan = plan
    self.space = space
    do {
      let sets = try TrainingSet.all(of: plan, corpora: corpora)
      let checked = try DuplicateCheck(plan, corpora: corpora).checked(sets)
      trainingSets = checked.sets
      self.corpora = corpora.map {
        $0.remarking(checked.remarks[$0.name] ?? [], onFolds: checked.onFolds)
      }
      heardCheck = try HeardCheck(plan, corpora: corpora)
    } catch {
      throw plan.placed(error.all)
    }
    let check = ClassicCheck(sets: trainingSets)
    let misfits =
      check.problems(of: plan) + check.adaptationProblems(of: plan)
      + (heardCheck?.problems(of: plan, trainingSets) ?? [])
    guard misfits.isEmpty else { throw plan.placed(misfits) }
    (baselines, baselineRemarks) = check.baselines(of: plan)
    trials = Self.trials(of: plan, plan.variants + baselines, space: space, sets: trainingSets)
  }

  /// Whether each utterance is known by its samples, so that repacked copies are found.
  package var knowsSamples: Bool { corpora.allSatisfy(\.knowsSamples) }

  /// The experiment once it is known what its utterances decode to, by corpus: copies that have other bytes
  /// count from then on.
  ///
  /// - Throws: `Problems` if the plan refuses such copies.
  package func knowing(_ sounds: [String: [DigestCache.Sound?]]) throws -> Experiment {
    try Experiment(
      plan, space: space, corpora: corpora.map { $0.knowing(sounds[$0.name] ?? $0.sounds) },
      files: files, records: records)
  }

  /// Keeps what was learned of the samples of a corpus's utterances for later runs.
  func keep(_ sounds: [DigestCache.Sound?], of corpus: PreparedCorpus) {
    var learned: [Digest: DigestCache.Sound] = [:]
    for (index, sound) in sounds.enumerated() where corpus.sound(of: index) == nil {
      learned[corpus.contents[index]] = sound
    }
    records[corpus.name]?.keep(learned, revision: AudioReader.digestRevision)
  }

  package func corpus(_ name: String) -> PreparedCorpus {
    guard let corpus = corpora.first(where: { $0.name == name }) else {
      preconditionFailure("no corpus is called \(name)")
    }
    return corpus
  }

  package func trainingSet(_ name: String) -> TrainingSet {
    guard let set = trainingSets.first(where: { $0.name == name }) else {
      preconditionFailure("nothing is trained on \(name)")
    }
    return set
  }

  /// Whether a trial is one of a baseline.
  package func isOfBaseline(_ trial: Trial) -> Bool {
    baselines.contains { $0.name == trial.variant.name }
  }

  /// The layers of a variant's network.
  package func networkShape(of variant: Variant) -> NetworkShape {
    let settings = variant.settings
    guard
      let shape = try? NetworkShape(
        model: settings.model, input: variant.networkInput(frames: settings.frames),
        classes: space.classes.count)
    else { preconditionFailure("a plan with impossible shapes was accepted") }
    return shape
  }

  /// The most clips that a trial learns from, those of the validation side included.
  package var mostClips: Int {
    trials.map { $0.fold.clips([\.train, \.validation]).count }.max() ?? 0
  }

  /// The memory that training a variant takes, in bytes; of a classic model about.
  package func trainingBytes(of variant: Variant) -> Int {
    if let classic = variant.settings.classic {
      // Vectors as floats, as doubles, and as liblinear's pairs of index and value; a kernel, its factor and
      // those of the inner folds.
      let (clips, numbers) = (mostClips, variant.settings.clipVector.count)
      let kernel = classic.options.kind == .kernelRidge ? 4 * 8 * clips * clips : 0
      return 28 * clips * numbers + kernel
    }
    let training = variant.settings.training
    return networkShape(of: variant).cost.trainingBytes(
      batch: training.batch, optimizer: training.optimizer)
  }

  private static func trials(
    of plan: Plan, _ variants: [Variant], space: LabelSpace, sets: [TrainingSet]
  ) -> [Trial] {
    let data = Dictionary(
      uniqueKeysWithValues: Set(variants.map(Learning.init)).map {
        ($0, Trial.data(sets, $0))
      })
    var trials: [Trial] = []
    for variant in variants {
      let digests = data[Learning(variant)] ?? []
      let seeds = variant.settings.classic == nil ? plan.seeds : [Trial.noSeed]
      // Nothing is chosen among baselines.
      let isCompared = plan.variants.contains { $0.name == variant.name }
      for (set, digests) in zip(sets, digests) where isCompared || !set.isInner {
        for seed in seeds {
          for (fold, data) in zip(set.folds, digests) {
            let key = Trial.key(variant: variant, space: space, data: data, seed: seed)
            trials.append(
              Trial(
                number: trials.count + 1, variant: variant, train: set.name, fold: fold,
                seed: seed, key: key))
          }
        }
      }
    }
    return trials
  }

  private static func collect<Value>(
    _ problems: inout [Problem], corpus name: String, _ work: () throws -> Value
  ) throws -> Value? {
    do {
      return try work()
    } catch let fault as MachineFault {
      throw fault
    } catch let found as Problems {
      problems += found.all
    } catch let found as CorpusErrors {
      problems += Problems(found, corpus: name).all
    } catch let found as ErrorList<LabelError> {
      problems += Problems(found).all
    } catch let found as FoldErrors {
      problems += Problems(found, corpus: name).all
    } catch {
      problems.append(Problem("\(error)", key: "corpora.\(name)"))
    }
    return nil
  }
}

extension FoldMaker {
  /// The folds of a corpus, and it as a whole; nil each where nothing is trained on it so.
  typealias Sides = (folds: CorpusFolds?, whole: CorpusFolds?)

  /// The folds of a corpus, and it as a whole for networks that are tested on other corpora; nil each where
  /// none is asked for.
  fileprivate func sides(
    of corpus: LabeledCorpus, contents: [Digest], isTrainedOn: Bool
  ) throws -> Sides {
    guard isTrainedOn else { return (nil, nil) }
    if options.across == .leaveOneCorpusOut {
      return (try whole(of: corpus, contents: contents), nil)
    }
    let folds = try folds(of: corpus, contents: contents)
    guard options.across.choosesTest, options.acrossTraining == .all else { return (folds, nil) }
    return (folds, try whole(of: corpus, contents: contents))
  }
}

extension Plan {
  /// Problems that were found after reading, with the lines of the keys that they name.
  fileprivate func placed(_ problems: [Problem]) -> Problems {
    Problems(
      problems.map { problem in
        Problem(
          problem.message, at: problem.place ?? place(of: problem), key: problem.key)
      })
  }
}
