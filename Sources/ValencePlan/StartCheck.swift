import Foundation
import ValenceCore
import ValenceNN

/// Finds what keeps a variant from starting from the trained network that it names.
struct StartCheck {
  private let variant: Variant
  private let root: PlanNode
  private let file: String

  /// - Parameter root: the file with the variant's values in it, for the lines.
  init(_ variant: Variant, root: PlanNode, file: String) {
    self.variant = variant
    self.root = root
    self.file = file
  }

  private static let key = "training.start_from.model"

  private func problem(_ message: String, _ keys: String...) -> Problem {
    Problem(message, at: root.place(ofAny: keys, file: file), key: keys.first)
  }

  /// All that is wrong; classic models start from nothing.
  func problems() -> [Problem] {
    guard variant.settings.classic == nil, let start = variant.settings.training.startFrom else {
      return []
    }
    guard let model = start.file else {
      return [
        problem(
          "is missing; give the file of the network whose digest is \(start.digest.short)….",
          Self.key, "training.start_from.digest")
      ]
    }
    var found: [Problem] = []
    if start.freeze == .body, variant.settings.training.adaptation != nil {
      found.append(
        problem(
          "turns a gradient round that moves the body, but training.start_from.freeze is body, so nothing "
            + "moves it; use freeze: none, or leave this out.",
          "training.adaptation.gradient_reversal", "training.adaptation",
          "training.start_from.freeze"))
    }
    // A file that cannot be read was refused when its digest was looked for.
    guard let body = try? TrainedBody.network(in: model) else { return found }
    if body.isClassic {
      return found + [
        problem(
          "\(model.path) is a classic model, which has no body; give the model of a network.",
          Self.key)
      ]
    }
    if let other = try? body.difference(from: variant.identity) {
      found.append(
        problem(
          "the body does not fit: \(other.key) is \(other.here), but the network of \(model.path) was "
            + "trained with \(other.body); use the same audio, features and model as it.", Self.key)
      )
    }
    return found
  }
}
