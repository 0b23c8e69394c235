import NIOHTTP1

/// What can be asked for, and how.
enum Route: String, CaseIterable, Sendable {
  case page = "/"
  case login = "/login"
  case logout = "/logout"
  case openAPI = "/openapi.json"
  case models = "/v1/models"
  case predict = "/v1/predict"
  case stream = "/v1/stream"
  case health = "/health"
  case metrics = "/metrics"
  case mcp = "/mcp"

  /// What metrics and logs call everything else.
  static let other = "other"

  /// The method that it is asked for with.
  var method: HTTPMethod {
    switch self {
    case .page, .openAPI, .models, .stream, .health, .metrics: .GET
    case .login, .logout, .predict, .mcp: .POST
    }
  }

  /// Whether it needs the token, where there is one.
  var isGuarded: Bool {
    switch self {
    case .models, .predict, .stream, .metrics, .mcp: true
    case .page, .login, .logout, .openAPI, .health: false
    }
  }

  /// Whether a method is one of those that are known, which alone are named in the log.
  static func isUsual(_ method: HTTPMethod) -> Bool {
    [.GET, .HEAD, .POST, .PUT, .DELETE, .OPTIONS, .PATCH].contains(method)
  }

  /// Checks the method.
  ///
  /// - Throws: `Refusal` with status 405.
  func check(_ method: HTTPMethod) throws(Refusal) {
    try Self.check(method, self.method, rawValue)
  }

  /// Checks the method of a path.
  ///
  /// - Throws: `Refusal` with status 405.
  static func check(
    _ method: HTTPMethod, _ right: HTTPMethod, _ path: String
  ) throws(Refusal) {
    guard method != right, !(method == .HEAD && right == .GET) else { return }
    var refusal = Refusal(
      .methodNotAllowed, "\(path) takes no \(method.rawValue); use \(right.rawValue).")
    refusal.headers = [("Allow", right == .GET ? "GET, HEAD" : right.rawValue)]
    throw refusal
  }
}
