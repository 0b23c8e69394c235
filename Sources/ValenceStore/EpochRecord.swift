/// One line of a trial's `history.csv`.
package struct EpochRecord: Hashable, Sendable {
  /// From 1.
  package var epoch: Int
  /// The learning rate of the epoch's last step.
  package var learningRate: Double
  /// The mean training loss, with dropout and augmentation.
  package var trainLoss: Double
  /// The loss on the validation utterances; nil without any.
  package var validationLoss: Double?
  /// The unweighted average recall on the validation utterances; nil without any.
  package var validationUAR: Double?

  package init(
    epoch: Int, learningRate: Double, trainLoss: Double, validationLoss: Double? = nil,
    validationUAR: Double? = nil
  ) {
    self.epoch = epoch
    self.learningRate = learningRate
    self.trainLoss = trainLoss
    self.validationLoss = validationLoss
    self.validationUAR = validationUAR
  }
}
