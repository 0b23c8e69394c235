import NIOHTTP1
import ValenceCore

/// Reads named settings, from a query or a message, each at most once.
struct AskedSettings {
  /// What they are part of, as a sentence names it: `query`, `start message`.
  let place: String
  private var values: [String: String] = [:]

  /// Takes fields whose names are all known.
  ///
  /// - Throws: `Refusal` with status 400 for an unknown name or one that is there twice.
  init(
    _ fields: [(name: String, value: String)], known: [String], place: String
  ) throws(Refusal) {
    self.place = place
    for (name, value) in fields {
      guard known.contains(name) else {
        let shown = String(name.prefix(40))
        throw Refusal(
          .badRequest,
          "\(place): \(shown): no such setting; \(NearestWord(among: known).hint(for: shown)).")
      }
      guard values.updateValue(value, forKey: name) == nil else {
        throw Refusal(.badRequest, "\(place): \(name): it is given twice; give it once.")
      }
    }
  }

  /// A text; nil where it is not given.
  func text(_ name: String) -> String? { values[name] }

  /// A finite number; nil where it is not given.
  ///
  /// - Throws: `Refusal` with status 400 for anything else.
  func number(_ name: String) throws(Refusal) -> Double? {
    guard let text = values[name] else { return nil }
    guard let number = Double(text), number.isFinite else {
      throw wrong(name, "give a number")
    }
    return number
  }

  /// A whole number; nil where it is not given.
  ///
  /// - Throws: `Refusal` with status 400 for anything else.
  func whole(_ name: String) throws(Refusal) -> Int? {
    guard let number = try number(name) else { return nil }
    guard let whole = Int(exactly: number) else { throw wrong(name, "give a whole number") }
    return whole
  }

  /// A truth value, where a name without a value means true; nil where it is not given.
  ///
  /// - Throws: `Refusal` with status 400 for anything else.
  func flag(_ name: String) throws(Refusal) -> Bool? {
    guard let text = values[name] else { return nil }
    switch text {
    case "true", "1", "": return true
    case "false", "0": return false
    default: throw wrong(name, "give true or false")
    }
  }

  /// A refusal that names a setting and its value.
  func wrong(_ name: String, _ right: String) -> Refusal {
    let value = String((values[name] ?? "").prefix(60))
    return Refusal(.badRequest, "\(place): \(name): '\(value)' is not usable; \(right).")
  }
}
