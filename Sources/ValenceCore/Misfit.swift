/// Options that do not fit: the field at fault, and what is wrong with its value.
///
/// The target that owns the options does not know what an experiment file calls their fields;
/// `ValencePlan` alone maps a field to its key.
package struct Misfit<Field: Hashable & Sendable>: Error, Hashable, Sendable {
  /// The field at fault.
  package let field: Field
  /// What is wrong with its value and what would be right; follows the field's name.
  package let message: Message
  /// A field that the message does not name, but that may be changed instead.
  private let alternative: Field?

  package init(_ field: Field, _ message: Message, or alternative: Field? = nil) {
    self.field = field
    self.message = message
    self.alternative = alternative
  }

  /// The field at fault, then the others that matter: where a user may look for the value.
  package var fields: [Field] { [field] + message.fields + [alternative].compactMap { $0 } }

  /// A sentence that may name other fields of the options: `"is above \(field: .highHz)."`.
  package struct Message: Hashable, Sendable, ExpressibleByStringInterpolation {
    fileprivate enum Part: Hashable, Sendable {
      case text(String)
      case field(Field)
    }

    package struct StringInterpolation: StringInterpolationProtocol {
      fileprivate var parts: [Part] = []

      package init(literalCapacity: Int, interpolationCount: Int) {
        parts.reserveCapacity(2 * interpolationCount + 1)
      }

      package mutating func appendLiteral(_ literal: String) { parts.append(.text(literal)) }

      package mutating func appendInterpolation(_ value: some CustomStringConvertible) {
        parts.append(.text(value.description))
      }

      package mutating func appendInterpolation(field: Field) { parts.append(.field(field)) }

      /// A part of a sentence that was made apart.
      package mutating func appendInterpolation(_ message: Message) { parts += message.parts }
    }

    private let parts: [Part]

    package init(stringLiteral text: String) { parts = [.text(text)] }

    package init(stringInterpolation: StringInterpolation) { parts = stringInterpolation.parts }

    /// The fields that the sentence names, in its order.
    package var fields: [Field] {
      parts.compactMap { part in
        if case .field(let field) = part { field } else { nil }
      }
    }

    /// The sentence with each field called by its name.
    package func text(naming name: (Field) -> String) -> String {
      parts.map { part in
        switch part {
        case .text(let text): text
        case .field(let field): name(field)
        }
      }.joined()
    }
  }
}

extension Misfit: CustomStringConvertible {
  /// `hopMs: …`, with the names that the source gives the fields.
  package var description: String { "\(field): \(message.text { "\($0)" })" }
}
