extension Safetensors {
  /// Arrays by name; names that differ in Unicode normalization only are two names.
  package struct Arrays: Sendable, Equatable, Sequence, ExpressibleByDictionaryLiteral {
    private var byName: [ExactName: Array] = [:]

    package init(_ arrays: [String: Array] = [:]) {
      for (name, array) in arrays { self[name] = array }
    }

    /// Gathers arrays; of equal names the last counts.
    package init(dictionaryLiteral elements: (String, Array)...) {
      for (name, array) in elements { self[name] = array }
    }

    /// The array of that very name.
    package subscript(name: String) -> Array? {
      get { byName[ExactName(name)] }
      set { byName[ExactName(name)] = newValue }
    }

    /// How many there are.
    package var count: Int { byName.count }
    /// The names, in order.
    package var keys: [String] { byName.keys.sorted().map(\.text) }
    /// The arrays, in the order of their names.
    package var values: [Array] { map(\.value) }
    /// The arrays by name, for names of which no two differ in normalization only.
    package var dictionary: [String: Array] {
      Dictionary(map { ($0.key, $0.value) }, uniquingKeysWith: { one, _ in one })
    }

    /// The arrays with their names, in the order of names.
    package func makeIterator() -> some IteratorProtocol<(key: String, value: Array)> {
      byName.sorted { $0.key < $1.key }.map { (key: $0.key.text, value: $0.value) }.makeIterator()
    }

    /// Those that belong.
    package func filter(_ belongs: ((key: String, value: Array)) -> Bool) -> Arrays {
      var result = self
      result.byName = byName.filter { belongs((key: $0.key.text, value: $0.value)) }
      return result
    }
  }
}
