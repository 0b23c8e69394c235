import Foundation
import NIOHTTP1
import Synchronization
import ValenceCore

/// The browsers that have sent the token: each has a random number in a cookie, never the token itself.
final class Logins: Sendable {
  /// The cookie's name.
  static let cookie = "valence_session"
  /// How long a login holds.
  static let seconds = 12 * 3600
  private static let most = 1000

  /// Until when each holds, by the digest of its number: what is in memory lets nobody in.
  private let known = Mutex<[Digest: ContinuousClock.Instant]>([:])

  /// Makes a login; returns the cookie's value.
  func make() -> String {
    var random = SystemRandomNumberGenerator()
    let number = (0..<4).map { _ in
      let digits = String(random.next() as UInt64, radix: 16)
      return String(repeating: "0", count: 16 - digits.count) + digits
    }.joined()
    let now = ContinuousClock.now
    known.withLock { known in
      known = known.filter { $0.value > now }
      if known.count >= Self.most, let oldest = known.min(by: { $0.value < $1.value }) {
        known[oldest.key] = nil
      }
      known[Digest(of: number)] = now + .seconds(Self.seconds)
    }
    return number
  }

  /// Whether a cookie's value is that of a login that still holds.
  func isKnown(_ number: String) -> Bool {
    known.withLock { known in known[Digest(of: number)].map { $0 > .now } ?? false }
  }

  /// Ends a login.
  func end(_ number: String) { known.withLock { $0[Digest(of: number)] = nil } }
}

extension Request {
  /// The value of a cookie; nil where it is missing or sent twice.
  func cookie(_ name: String) -> String? {
    let values = head.headers["Cookie"].flatMap { $0.split(separator: ";") }.compactMap { pair in
      let sides = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      let isNamed = sides.count == 2 && sides[0].trimmingCharacters(in: .whitespaces) == name
      return isNamed ? sides[1].trimmingCharacters(in: .whitespaces) : nil
    }
    return values.count == 1 ? values[0] : nil
  }
}
