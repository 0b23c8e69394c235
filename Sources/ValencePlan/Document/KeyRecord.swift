import ValenceCore

/// A form that a key's value may have.
enum KeyForm: Hashable, Sendable {
  case number(ClosedRange<Double>)
  case numbers(ClosedRange<Double>, count: ClosedRange<Int>)
  /// Two numbers, the lower one first.
  case interval(ClosedRange<Double>)
  case integer(ClosedRange<Int>)
  case integers(ClosedRange<Int>, count: ClosedRange<Int>)
  case flag
  case words([String])
  case wordList([String], count: ClosedRange<Int>)
  case text
  case texts(count: ClosedRange<Int>)
  case path(Set<PathKind>)
  /// A regular expression with a group of this name.
  case pattern(group: String)
  /// A map of the keys below.
  case map
  /// A map with exactly one of these keys.
  case oneOf([String])
  /// A form that is described in words.
  case other(String)
}

/// A key as its reader describes it: the page `PlanReference` is made of these records.
struct KeyRecord: Sendable {
  let key: String
  var forms: [KeyForm] = []
  /// The default.
  var standard: ResolvedValue?
  var isRequired = false
  /// Whether a reader said all there is to say, so that the accessor it calls has nothing to add.
  var isSettled = false
  /// The keys of the map.
  var keys: [KeyRecord] = []

  init(_ key: String) { self.key = key }

  /// Adds what another reading of the same key found.
  mutating func merge(_ other: KeyRecord) {
    for form in other.forms where !forms.contains(form) { forms.append(form) }
    standard = standard ?? other.standard
    isRequired = isRequired || other.isRequired
    KeyRecord.merge(other.keys, into: &keys)
  }

  /// Adds the records of another reading; new keys go behind the one that they followed there.
  static func merge(_ others: [KeyRecord], into records: inout [KeyRecord]) {
    var next = 0
    for other in others {
      if let index = records.firstIndex(where: { $0.key == other.key }) {
        records[index].merge(other)
        next = index + 1
      } else {
        records.insert(other, at: next)
        next += 1
      }
    }
  }
}

extension PlanScope {
  /// Notes what may be written for a key and what counts without it, where records are kept.
  mutating func record(_ key: String, _ form: KeyForm, default value: ResolvedValue? = nil) {
    changeRecord(of: key) { record in
      if !record.forms.contains(form) { record.forms.append(form) }
      record.standard = record.standard ?? value
    }
  }

  /// Notes all that is to be said of a key, instead of what its accessor would say.
  mutating func settle(_ key: String, _ form: KeyForm, default value: ResolvedValue? = nil) {
    record(key, form, default: value)
    changeRecord(of: key) { $0.isSettled = true }
  }

  /// Notes that a key has no default.
  mutating func recordRequired(_ key: String) { changeRecord(of: key) { $0.isRequired = true } }
}
