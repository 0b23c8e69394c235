import Foundation
import NIOCore
import NIOHTTP1
import ValenceCore
import ValenceLive
import ValenceServeOptions

extension Service {
  /// Answers a request.
  ///
  /// - Parameter route: what metrics call it.
  /// - Throws: `Refusal`.
  func answer(
    _ request: Request, _ reader: inout RequestReader, _ connection: Connection,
    _ route: inout String
  ) async throws -> Answer {
    try access.checkPlace(request)
    if let file = PageFile(rawValue: request.path) {
      route = Route.page.rawValue
      try Route.check(request.method, .GET, file.rawValue)
      return file.answer
    }
    guard let known = Route(rawValue: request.path) else {
      throw Refusal(.notFound, "There is nothing at this path; /openapi.json lists what there is.")
    }
    route = known.rawValue
    try known.check(request.method)
    if known.isGuarded { try access.checkAuthorized(request) }
    switch known {
    case .page: return page(request)
    case .login: return try await login(request, &reader)
    case .logout: return logout(request)
    case .openAPI:
      let hasToken = access.asksForToken
      return try Answer.json(
        OpenAPI(options: options, hasToken: hasToken).document)
    case .models: return try Answer.json(models.listing)
    case .predict: return try await predict(request, &reader)
    case .stream: throw connection.streamRefusal ?? Self.noUpgrade
    case .health: return try health(connection)
    case .metrics: return metricsText
    case .mcp: return try await agentAnswer(request, &reader)
    }
  }

  private static var noUpgrade: Refusal {
    var refusal = Refusal(
      .upgradeRequired, "\(Route.stream.rawValue) is a WebSocket; open it with ws:// or wss://.")
    refusal.headers = [("Upgrade", "websocket"), ("Connection", "Upgrade")]
    return refusal
  }

  // MARK: - The page and its login

  private func page(_ request: Request) -> Answer {
    PageFile.page(access.isAuthorized(request) ? .app : .login, asksForToken: access.asksForToken)
  }

  private func login(_ request: Request, _ reader: inout RequestReader) async throws -> Answer {
    guard request.mediaType == "application/x-www-form-urlencoded" else {
      throw Refusal(
        .unsupportedMediaType, "A login is a form; send application/x-www-form-urlencoded.")
    }
    let body = try await whole(&reader, most: 4096)
    let fields = try AskedSettings(
      Request.fields(Substring(String(decoding: body, as: UTF8.self)), in: "form"),
      known: ["token"], place: "form")
    guard access.asksForToken else { return Self.toPage }
    guard let token = fields.text("token"), access.isToken(token) else {
      // Guessing takes its time.
      try await Task.sleep(for: .milliseconds(500))
      var answer = PageFile.page(.refusedLogin, asksForToken: true)
      answer.status = .unauthorized
      return answer
    }
    var answer = Self.toPage
    answer.headers.append(
      ("Set-Cookie", cookie(access.logins.make(), seconds: Logins.seconds, request)))
    return answer
  }

  private func logout(_ request: Request) -> Answer {
    if let number = request.cookie(Logins.cookie) { access.logins.end(number) }
    var answer = Self.toPage
    answer.headers.append(("Set-Cookie", cookie("", seconds: 0, request)))
    return answer
  }

  private static var toPage: Answer {
    var answer = Answer(.seeOther)
    answer.headers = [("Location", "/")]
    return answer
  }

  private func cookie(_ value: String, seconds: Int, _ request: Request) -> String {
    // Behind a proxy only the browser knows that it came by HTTPS.
    let isSecure = request.header("Origin")?.lowercased().hasPrefix("https://") == true
    return "\(Logins.cookie)=\(value); Path=/; Max-Age=\(seconds); HttpOnly; SameSite=Strict"
      + (isSecure ? "; Secure" : "")
  }

  /// All of a small body.
  ///
  /// - Throws: `Refusal` with status 413 for more bytes than `most`.
  func whole(_ reader: inout RequestReader, most: Int) async throws -> Data {
    var body = Data()
    while let piece = try await reader.chunk() {
      guard reader.bytes <= most else {
        throw Refusal(.payloadTooLarge, "The body is larger than \(most) bytes; send less.")
      }
      body.append(contentsOf: piece.readableBytesView)
    }
    return body
  }

  // MARK: - The state of the server

  private struct Health: Encodable {
    var status: String
    var version: String
    var sessions: Int
  }

  private func health(_ connection: Connection) throws -> Answer {
    let isEnding = connection.isDraining
    return try Answer.json(
      Health(
        status: isEnding ? "draining" : "ok", version: Version.number, sessions: metrics.sessions),
      isEnding ? .serviceUnavailable : .ok)
  }

  private var metricsText: Answer {
    let gauges: [(name: String, help: String, value: Double)] = [
      ("valence_connections", "Open connections.", Double(connections.count)),
      ("valence_uploads", "Uploads that are received, wait or are heard.", Double(uploads.inUse)),
      ("valence_uploads_waiting", "Uploads that wait for a thread.", Double(recordings.length)),
      ("valence_jobs_waiting", "Jobs that wait for a thread.", Double(models.pool.waiting)),
    ]
    return Answer(
      type: "text/plain; version=0.0.4; charset=utf-8", body: Data(metrics.text(gauges).utf8))
  }
}
