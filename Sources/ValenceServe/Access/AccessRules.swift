import Foundation
import NIOHTTP1
import ValenceCore

/// Who may ask, and from which pages.
struct AccessRules: Sendable {
  /// The names that the server may be called by; nil where any will do.
  private let hosts: Set<String>?
  /// The digest of the token; nil where none is asked for.
  private let token: Digest?
  let logins = Logins()

  /// - Parameters:
  ///   - host: the address that is listened at.
  ///   - allowed: further names.
  ///   - token: what clients must send; nil asks for nothing.
  init(host: String, allowed: [String], token: String?) {
    self.token = token.map { Digest(of: $0) }
    // Whoever listens at the network is called by names that are not known here.
    let isLocal = ["127.0.0.1", "::1", "localhost"].contains(host.lowercased())
    guard isLocal || !allowed.isEmpty else {
      hosts = nil
      return
    }
    hosts = Set(["localhost", "127.0.0.1", "::1", host] + allowed).reduce(into: []) {
      $0.insert($1.lowercased())
    }
  }

  /// Whether a token is asked for.
  var asksForToken: Bool { token != nil }

  /// Refuses a request that another site's page makes a browser send.
  ///
  /// A page can have its own name mean 127.0.0.1 (DNS rebinding): then `Host` is that name. It can also
  /// send forms and open WebSockets to this server by its right name: then `Origin` is another one.
  ///
  /// - Throws: `Refusal` with status 400 or 403.
  func checkPlace(_ request: Request) throws(Refusal) {
    let fields = request.head.headers["Host"]
    guard fields.count == 1, let asked = Authority(fields[0]) else {
      throw Refusal(.badRequest, "The request has no usable Host header; send the server's name.")
    }
    if let hosts, !hosts.contains(asked.name) {
      throw Refusal(
        .forbidden,
        "This server is not called by the name in the Host header; use localhost, or start it with "
          + "--allow-host and that name.")
    }
    let origins = request.head.headers["Origin"]
    guard !origins.isEmpty else { return }
    guard origins.count == 1, let origin = Authority(origin: origins[0]),
      origin == asked.with(defaultPort: origin.defaultPort)
    else {
      throw Refusal(
        .forbidden, "The request comes from a page of another site; only this server's own may ask."
      )
    }
  }

  /// Whether the request has the token, or the cookie of a login.
  func isAuthorized(_ request: Request) -> Bool {
    guard token != nil else { return true }
    if let field = request.header("Authorization") {
      let words = field.split(separator: " ", maxSplits: 1)
      return words.count == 2 && words[0].lowercased() == "bearer" && isToken(String(words[1]))
    }
    return request.cookie(Logins.cookie).map(logins.isKnown) ?? false
  }

  /// Refuses a request that lacks both.
  ///
  /// - Throws: `Refusal` with status 401.
  func checkAuthorized(_ request: Request) throws(Refusal) {
    guard !isAuthorized(request) else { return }
    var refusal = Refusal(
      .unauthorized,
      "This needs the server's token; send it as Authorization: Bearer TOKEN, or log in at /.")
    refusal.headers = [("WWW-Authenticate", "Bearer")]
    throw refusal
  }

  /// Whether a text is the token.
  ///
  /// Digests are compared, all of them in the same time, so that the time tells nothing about the token.
  func isToken(_ text: String) -> Bool {
    guard let token else { return false }
    let difference = Digest(of: text).words ^ token.words
    return difference[0] | difference[1] | difference[2] | difference[3] == 0
  }
}

/// A host and port as `Host` and `Origin` name them.
struct Authority: Hashable, Sendable {
  let name: String
  let port: Int?
  let isSecure: Bool

  /// Reads `name`, `name:port` or `[address]:port`.
  init?(_ text: String, isSecure: Bool = false) {
    self.isSecure = isSecure
    guard !text.isEmpty, text.utf8.count <= 300,
      text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && !"/@?#\\,".utf8.contains($0) })
    else { return nil }
    var rest = Substring(text)
    if text.hasPrefix("[") {
      guard let end = text.firstIndex(of: "]") else { return nil }
      name = text[text.index(after: text.startIndex)..<end].lowercased()
      rest = text[text.index(after: end)...]
    } else {
      name = rest.prefix { $0 != ":" }.lowercased()
      rest = rest.drop { $0 != ":" }
    }
    guard !name.isEmpty else { return nil }
    if rest.isEmpty {
      port = nil
    } else {
      guard rest.hasPrefix(":"), let number = Int(rest.dropFirst()), (1...65535).contains(number)
      else { return nil }
      port = number
    }
  }

  /// Reads an origin, `https://name:port`; nil also for `null`.
  init?(origin: String) {
    for (scheme, isSecure) in [("http://", false), ("https://", true)] {
      guard origin.lowercased().hasPrefix(scheme) else { continue }
      guard let own = Authority(String(origin.dropFirst(scheme.count)), isSecure: isSecure) else {
        return nil
      }
      self = own.with(defaultPort: own.defaultPort)
      return
    }
    return nil
  }

  /// The port that the scheme means where none is named.
  var defaultPort: Int { isSecure ? 443 : 80 }

  private init(name: String, port: Int, isSecure: Bool) {
    (self.name, self.port, self.isSecure) = (name, port, isSecure)
  }

  /// The same with its port named; behind a proxy only the browser knows the scheme.
  func with(defaultPort: Int) -> Authority {
    Authority(name: name, port: port ?? defaultPort, isSecure: isSecure)
  }

  /// Names and ports count, not schemes.
  static func == (a: Authority, b: Authority) -> Bool { a.name == b.name && a.port == b.port }

  func hash(into hasher: inout Hasher) {
    hasher.combine(name)
    hasher.combine(port)
  }
}
