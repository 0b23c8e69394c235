import Foundation

/// The learning rate of each step of training: a warm-up, then constant, half a cosine or steps.
///
/// With W warm-up steps of T in all, step s (from 0) has peak · (s + 1) / W while s < W; after that
/// the peak, or peak · (1 + cos(π · (s − W) / (T − W))) / 2 (Loshchilov and Hutter, 2017), or
/// peak · factor^⌊(s − W) / steps between falls⌋.
package struct LearningRateSchedule: Hashable, Sendable {
  private let name: ScheduleOptions.Name
  private let peak: Double
  private let warmupSteps: Int
  private let totalSteps: Int
  private let fallSteps: Int
  private let factor: Double

  /// Plans `epochs` epochs of `stepsPerEpoch` steps each.
  package init(_ options: ScheduleOptions, peak: Double, epochs: Int, stepsPerEpoch: Int) {
    precondition(epochs > 0 && stepsPerEpoch > 0, "\(epochs) epochs of \(stepsPerEpoch) steps")
    name = options.name
    self.peak = peak
    warmupSteps = options.warmupEpochs * stepsPerEpoch
    totalSteps = epochs * stepsPerEpoch
    fallSteps = options.everyEpochs * stepsPerEpoch
    factor = options.factor
  }

  /// The rate of a step, counted from 0.
  package func rate(step: Int) -> Double {
    if step < warmupSteps { return peak * Double(step + 1) / Double(warmupSteps) }
    switch name {
    case .constant: return peak
    case .step: return peak * pow(factor, Double((step - warmupSteps) / fallSteps))
    case .cosine:
      let progress = Double(step - warmupSteps) / Double(max(1, totalSteps - warmupSteps))
      return peak * (1 + cos(.pi * min(1, progress))) / 2
    }
  }
}
