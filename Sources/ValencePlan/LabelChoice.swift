package import ValenceCore

/// Which classes the experiment has.
package enum LabelChoice: Hashable, Sendable {
  /// A space that Valence knows, by name.
  case builtIn(String)
  /// The labels of the corpora as they are.
  case native
  /// A space of the experiment's own.
  case custom(LabelSpace)

  /// The space, once it is known which labels the corpora have; `native` alone depends on them.
  package func space(nativeLabels: Set<String>) -> LabelSpace {
    switch self {
    case .builtIn(let name):
      guard let space = LabelSpace.builtIn(name) else {
        preconditionFailure("'\(name)' is not a built-in label space")
      }
      return space
    case .native: return .native(labels: nativeLabels)
    case .custom(let space): return space
    }
  }

  /// The number of classes where it is known before the corpora are read.
  package var classCount: Int? {
    switch self {
    case .builtIn(let name): LabelSpace.builtIn(name)?.classes.count
    case .native: nil
    case .custom(let space): space.classes.count
    }
  }
}
