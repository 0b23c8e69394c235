import ValenceCore

extension PlanScope {
  /// A number of any kind; `1e-3` is one.
  mutating func number(_ key: String, default value: Double, in range: ClosedRange<Double>)
    -> Double
  {
    var value = value
    record(key, .number(range), default: .number(value))
    if let node = node(key) { value = number(node, in: range, about: key, at: nil) ?? value }
    resolve(key, .number(value))
    return value
  }

  /// A list of different numbers of any kind; as many as `count` allows.
  mutating func numbers(
    _ key: String, default value: [Double], in range: ClosedRange<Double>, count: ClosedRange<Int>
  ) -> [Double] {
    var value = value
    record(
      key, .numbers(range, count: count), default: .list(value.map(ResolvedValue.number)))
    if let read = numberList(key, in: range, count: count),
      areDifferent(read.map { ResolvedValue.number($0).flow }, about: key)
    {
      value = read
    }
    resolve(key, .list(value.map(ResolvedValue.number)))
    return value
  }

  /// Two numbers of any kind, the lower one first.
  mutating func interval(
    _ key: String, default value: ClosedRange<Double>, in range: ClosedRange<Double>
  ) -> ClosedRange<Double> {
    var value = value
    record(
      key, .interval(range),
      default: .list([.number(value.lowerBound), .number(value.upperBound)]))
    if let read = numberList(key, in: range, count: 2...2) {
      if read[0] <= read[1] {
        value = read[0]...read[1]
      } else {
        let (low, high) = (ResolvedValue.number(read[1]).flow, ResolvedValue.number(read[0]).flow)
        note("\(high) is above \(low); expected [\(low), \(high)].", about: key)
      }
    }
    resolve(key, .list([.number(value.lowerBound), .number(value.upperBound)]))
    return value
  }

  /// The numbers of a list, or nil if it is not there or something is wrong with it.
  private mutating func numberList(
    _ key: String, in range: ClosedRange<Double>, count: ClosedRange<Int>
  ) -> [Double]? {
    guard let node = node(key) else { return nil }
    guard let elements = node.elements else {
      note("expected a list of numbers, found \(node.found).", about: key)
      return nil
    }
    let read = elements.compactMap { number($0, in: range, about: key, at: $0.place) }
    guard count.contains(elements.count) else {
      noteCount(elements.count, count, about: key)
      return nil
    }
    return read.count == elements.count ? read : nil
  }

  private mutating func number(
    _ node: PlanNode, in range: ClosedRange<Double>, about key: String, at place: SourcePlace?
  ) -> Double? {
    guard let number = node.number else {
      note("expected a number, found \(node.found).", about: key, at: place)
      return nil
    }
    guard range.contains(number) else {
      noteOutside(node, range.text, about: key, at: place)
      return nil
    }
    return number == 0 ? 0 : number  // -0 and 0 are one setting
  }

  /// A whole number.
  mutating func integer(_ key: String, default value: Int, in range: ClosedRange<Int>) -> Int {
    var value = value
    record(key, .integer(range), default: .integer(value))
    if let node = node(key) {
      value = wholeNumber(node, in: range, about: key, at: nil) ?? value
    }
    resolve(key, .integer(value))
    return value
  }

  /// A list of whole numbers; as many as `count` allows.
  mutating func integers(
    _ key: String, default value: [Int], in range: ClosedRange<Int>, count: ClosedRange<Int>
  ) -> [Int] {
    var value = value
    record(
      key, .integers(range, count: count), default: .list(value.map(ResolvedValue.integer)))
    if let node = node(key) {
      if let elements = node.elements {
        let read = elements.compactMap {
          wholeNumber($0, in: range, about: key, at: $0.place)
        }
        if !count.contains(elements.count) {
          noteCount(elements.count, count, about: key)
        } else if read.count == elements.count {
          value = read
        }
      } else {
        note("expected a list of whole numbers, found \(node.found).", about: key)
      }
    }
    resolve(key, .list(value.map(ResolvedValue.integer)))
    return value
  }

  private mutating func wholeNumber(
    _ node: PlanNode, in range: ClosedRange<Int>, about key: String, at place: SourcePlace?
  ) -> Int? {
    guard let text = node.wholeNumberText else {
      note("expected a whole number, found \(node.found).", about: key, at: place)
      return nil
    }
    guard let number = Int(text), range.contains(number) else {
      noteOutside(node, "\(range.lowerBound)…\(range.upperBound)", about: key, at: place)
      return nil
    }
    return number
  }

  private mutating func noteOutside(
    _ node: PlanNode, _ range: String, about key: String, at place: SourcePlace? = nil
  ) {
    note("'\(PlanNode.shortened(node.text ?? ""))' is outside \(range).", about: key, at: place)
  }

  private mutating func noteCount(_ found: Int, _ count: ClosedRange<Int>, about key: String) {
    let (low, high) = (count.lowerBound, count.upperBound)
    let wanted =
      high == Int.max
      ? "at least \(low) \(low == 1 ? "entry" : "entries")"
      : low == high ? "\(low) entries" : "\(low)…\(high) entries"
    note("expected \(wanted), found \(found).", about: key)
  }

  /// `true` or `false`.
  mutating func flag(_ key: String, default value: Bool) -> Bool {
    var value = value
    record(key, .flag, default: .flag(value))
    if let node = node(key) {
      if let flag = node.flag {
        value = flag
      } else {
        note("expected true or false, found \(node.found).", about: key)
      }
    }
    resolve(key, .flag(value))
    return value
  }

  /// One of the words of `T`.
  mutating func choice<T: RawRepresentable<String> & CaseIterable>(
    _ key: String, default value: T
  ) -> T {
    let words = T.allCases.map(\.rawValue)
    let word = word(key, default: value.rawValue, among: words)
    return T(rawValue: word) ?? value
  }

  /// One of `words`.
  mutating func word(_ key: String, default value: String, among words: [String]) -> String {
    var value = value
    record(key, .words(words), default: .text(value))
    if let node = node(key) { value = word(node, among: words, about: key, at: nil) ?? value }
    resolve(key, .text(value))
    return value
  }

  /// A list of different words of `T`.
  mutating func choices<T: RawRepresentable<String> & CaseIterable>(
    _ key: String, default value: [T], count: ClosedRange<Int>
  ) -> [T] {
    let words = T.allCases.map(\.rawValue)
    let read = self.words(key, default: value.map(\.rawValue), among: words, count: count)
    return read.compactMap(T.init(rawValue:))
  }

  /// A list of different words among `words`.
  mutating func words(
    _ key: String, default value: [String], among words: [String], count: ClosedRange<Int>
  ) -> [String] {
    var value = value
    record(
      key, .wordList(words, count: count), default: .list(value.map(ResolvedValue.text)))
    if let node = node(key) {
      if let elements = node.elements {
        let read = elements.compactMap { word($0, among: words, about: key, at: $0.place) }
        if !count.contains(elements.count) {
          noteCount(elements.count, count, about: key)
        } else if read.count == elements.count, areDifferent(read, about: key) {
          value = read
        }
      } else {
        note("expected a list of words, found \(node.found).", about: key)
      }
    }
    resolve(key, .list(value.map(ResolvedValue.text)))
    return value
  }

  /// Finds `node` among `words`, or notes which words there are.
  mutating func word(
    _ node: PlanNode, among words: [String], about key: String, at place: SourcePlace?
  ) -> String? {
    let all = words.joined(separator: ", ")
    guard let text = node.text else {
      note("expected one of \(all), found \(node.found).", about: key, at: place)
      return nil
    }
    guard !words.contains(text) else { return text }
    let nearest = NearestWord(among: words).nearest(to: text)
    let end = nearest.map { "; did you mean \($0)?" } ?? "."
    note("'\(PlanNode.shortened(text))' is not one of \(all)\(end)", about: key, at: place)
    return nil
  }

  /// A line of text.
  mutating func text(_ key: String, default value: String?) -> String? {
    var value = value
    record(key, .text, default: value.map(ResolvedValue.text))
    if let node = node(key) {
      if let text = node.text, !text.isEmpty {
        value = text
      } else {
        note("expected text, found \(node.text == "" ? "nothing" : node.found).", about: key)
      }
    }
    if let value { resolve(key, .text(value)) } else { resolveNothing(key) }
    return value
  }

  /// A list of different texts.
  mutating func texts(_ key: String, default value: [String], count: ClosedRange<Int>) -> [String] {
    var value = value
    record(key, .texts(count: count), default: .list(value.map(ResolvedValue.text)))
    if let node = node(key) {
      let read = node.elements?.compactMap(\.text).filter { !$0.isEmpty }
      if let elements = node.elements, let read {
        if let wrong = elements.first(where: { ($0.text ?? "").isEmpty }) {
          note("expected text, found \(wrong.found).", about: key, at: wrong.place)
        } else if !count.contains(elements.count) {
          noteCount(elements.count, count, about: key)
        } else if areDifferent(read, about: key) {
          value = read
        }
      } else {
        note("expected a list of texts, found \(node.found).", about: key)
      }
    }
    resolve(key, .list(value.map(ResolvedValue.text)))
    return value
  }

  /// Notes a text that a list has twice.
  private mutating func areDifferent(_ texts: [String], about key: String) -> Bool {
    var seen: Set<String> = []
    for text in texts where !seen.insert(text).inserted {
      note("'\(text)' is in this list twice.", about: key)
      return false
    }
    return true
  }
}

extension ClosedRange<Double> {
  /// `0…0.95`: both ends as a message shows them.
  fileprivate var text: String {
    "\(ResolvedValue.number(lowerBound).flow)…\(ResolvedValue.number(upperBound).flow)"
  }
}
