public import ValenceCore
import ValenceCorpora
import ValenceFeatures
import ValenceNN
public import ValencePlan

/// A plan with its corpora read, labels mapped, folds made and trials listed; no audio is decoded.
public struct Experiment: Sendable {
  /// The plan.
  public let plan: Plan
  /// The classes.
  public let space: LabelSpace
  /// The corpora, in the plan's order.
  public let corpora: [PreparedCorpus]
  /// The trials, in the plan's order: variant, training set, seed, fold.
  public let trials: [Trial]
  /// What networks learn from.
  let trainingSets: [TrainingSet]

  /// Reads the corpora of `plan` and makes their folds.
  ///
  /// - Throws: `Problems` with everything that is wrong, over all corpora.
  public init(_ plan: Plan) throws {
    var problems: [Problem] = []
    let loaded = plan.corpora.compactMap { options -> Corpus? in
      Self.collect(&problems, key: "corpora.\(options.name)") { try CorpusLoader.load(options) }
    }
    guard problems.isEmpty else { throw plan.placed(problems) }
    let space = plan.labels.space(
      nativeLabels: Set(loaded.flatMap { $0.utterances.map(\.label) }))
    let maker = FoldMaker(options: plan.splitProtocol)
    let isWhole = plan.splitProtocol.across == .leaveOneCorpusOut
    let corpora = loaded.compactMap { corpus -> PreparedCorpus? in
      Self.collect(&problems, key: "corpora.\(corpus.name)") {
        let labeled = try corpus.labeled(by: space)
        let isTrainedOn = plan.trainOn.contains(corpus.name)
        return PreparedCorpus(
          corpus: corpus, labeled: labeled,
          contents: PreparedCorpus.contents(of: labeled.utterances),
          folds: isTrainedOn
            ? try isWhole ? maker.whole(of: labeled) : maker.folds(of: labeled) : nil)
      }
    }
    guard problems.isEmpty else { throw plan.placed(problems) }
    let misfits = CorpusCheck(plan: plan, corpora: corpora).problems
    guard misfits.isEmpty else { throw plan.placed(misfits) }
    let sets: [TrainingSet]
    do {
      sets = try TrainingSet.all(of: plan, corpora: corpora)
    } catch {
      throw plan.placed(error.all)
    }
    self.plan = plan
    self.space = space
    self.corpora = corpora
    trainingSets = sets
    trials = Self.trials(of: plan, space: space, sets: sets)
  }

  /// The corpus of that name.
  public func corpus(_ name: String) -> PreparedCorpus {
    guard let corpus = corpora.first(where: { $0.name == name }) else {
      preconditionFailure("no corpus is called \(name)")
    }
    return corpus
  }

  /// The training set of that name.
  func trainingSet(_ name: String) -> TrainingSet {
    guard let set = trainingSets.first(where: { $0.name == name }) else {
      preconditionFailure("nothing is trained on \(name)")
    }
    return set
  }

  /// The layers of a variant's network.
  func networkShape(of variant: Variant) -> NetworkShape {
    let settings = variant.settings
    guard
      let shape = try? NetworkShape(
        model: settings.model, input: variant.networkInput(frames: settings.frames),
        classes: space.classes.count)
    else { preconditionFailure("a plan with impossible shapes was accepted") }
    return shape
  }

  /// What training a variant takes in memory, in bytes.
  func trainingBytes(of variant: Variant) -> Int {
    let training = variant.settings.training
    return networkShape(of: variant).cost.trainingBytes(
      batch: training.batch, optimizer: training.optimizer)
  }

  private static func trials(
    of plan: Plan, space: LabelSpace, sets: [TrainingSet]
  ) -> [Trial] {
    let data = Dictionary(
      uniqueKeysWithValues: Set(plan.variants.map(\.settings.features.normalization)).map {
        ($0, Trial.data(sets, normalization: $0))
      })
    var trials: [Trial] = []
    for variant in plan.variants {
      let digests = data[variant.settings.features.normalization] ?? []
      for (set, digests) in zip(sets, digests) {
        for seed in plan.seeds {
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
    _ problems: inout [Problem], key: String, _ work: () throws -> Value
  ) -> Value? {
    do {
      return try work()
    } catch let found as Problems {
      problems += found.all
    } catch {
      problems.append(Problem("\(error)", key: key))
    }
    return nil
  }
}

extension Plan {
  /// Problems that were found after reading, with the lines of the keys that they name.
  fileprivate func placed(_ problems: [Problem]) -> Problems {
    Problems(
      problems.map { problem in
        Problem(
          problem.message, at: problem.place ?? problem.key.map { place(of: $0) },
          key: problem.key)
      })
  }
}
