import NIOHTTP1
import ValenceCore
import ValenceLive
import ValenceServeOptions
import ValenceStore

/// The description of the interface, OpenAPI 3.1.
struct OpenAPI {
  let options: ServeOptions
  let hasToken: Bool

  /// The whole document.
  var document: JSONValue {
    var content: [String: JSONValue] = [
      "openapi": "3.1.0",
      "info": [
        "title": "Valence",
        "version": .string(Version.number),
        "summary": "Speech emotion by trained networks",
        "description": .string(Self.description),
      ],
      "servers": [["url": "/"]],
      "paths": .object(paths),
      "components": .object(components),
    ]
    if hasToken { content["security"] = [["token": []], ["login": []]] }
    return .object(content)
  }

  private static let description = """
    Recordings go to POST /v1/predict, streams to the WebSocket /v1/stream. Every error is {"error": sentence}.
    """

  private var components: [String: JSONValue] {
    var components: [String: JSONValue] = ["schemas": .object(Self.schemas)]
    if hasToken {
      components["securitySchemes"] = [
        "token": ["type": "http", "scheme": "bearer"],
        "login": ["type": "apiKey", "in": "cookie", "name": .string(Logins.cookie)],
      ]
    }
    return components
  }

  private var paths: [String: JSONValue] {
    var paths: [String: JSONValue] = [:]
    for route in Route.allCases {
      guard let operation = operation(route) else { continue }
      let method = route.method == .GET ? "get" : "post"
      paths[route.rawValue] = .object([method: .object(operation)])
    }
    return paths
  }

  private func operation(_ route: Route) -> [String: JSONValue]? {
    switch route {
    case .page, .login, .logout: nil
    case .openAPI:
      plain(route, "openapi", "This document", "The document", type: "object")
    case .health: health
    case .metrics: metrics
    case .models: models
    case .predict: predict
    case .stream: stream
    case .mcp: agent
    }
  }

  /// An operation with the faults that all routes have, unless it answers them in its own way.
  func operation(
    _ route: Route, _ name: String, _ summary: String, answers: [String: JSONValue]
  ) -> [String: JSONValue] {
    var answers = answers
    answers["400"] = answers["400"] ?? Self.fault("The request is not understood.")
    answers["403"] = Self.fault("The Host or Origin header is that of another site.")
    if hasToken, route.isGuarded { answers["401"] = Self.fault("The token is missing or wrong.") }
    var operation: [String: JSONValue] = [
      "operationId": .string(name), "summary": .string(summary), "responses": .object(answers),
    ]
    if !route.isGuarded { operation["security"] = [] }
    return operation
  }

  private func plain(
    _ route: Route, _ name: String, _ summary: String, _ answer: String, type: String
  ) -> [String: JSONValue] {
    operation(
      route, name, summary,
      answers: ["200": Self.answer(answer, ["type": .string(type)])])
  }

  private var health: [String: JSONValue] {
    operation(
      .health, "health", "Whether the server takes requests",
      answers: [
        "200": Self.answer("It does.", Self.reference("Health")),
        "503": Self.answer("It stops.", Self.reference("Health")),
      ])
  }

  private var metrics: [String: JSONValue] {
    operation(
      .metrics, "metrics", "Counters in Prometheus's text format",
      answers: [
        "200": [
          "description": "The counters", "content": ["text/plain": ["schema": ["type": "string"]]],
        ]
      ])
  }

  private var models: [String: JSONValue] {
    operation(
      .models, "models", "The networks: what they hear, what they answer, their cards",
      answers: ["200": Self.answer("The networks", Self.reference("Models"))])
  }

  private var agent: [String: JSONValue] {
    var operation = operation(
      .mcp, "mcp", "The Model Context Protocol, a JSON-RPC message a request",
      answers: [
        "200": Self.answer("The reply", ["type": "object"]),
        "202": ["description": "The message wants no reply."],
        "400": Self.answer(
          "The message, or the request, is not understood: an error of JSON-RPC, or a sentence.",
          ["type": "object"]),
        "404": Self.answer("The method is not known.", ["type": "object"]),
        "406": Self.fault("Accept lacks a media type."),
        "413": Self.fault("The message is too large."),
        "415": Self.fault("The body is no JSON."),
        "503": Self.fault("There are too many requests."),
      ])
    operation["requestBody"] = [
      "required": true, "content": ["application/json": ["schema": ["type": "object"]]],
    ]
    return operation
  }

  // MARK: - Parts

  /// A reference to a schema of this document.
  static func reference(_ name: String) -> JSONValue {
    ["$ref": .string("#/components/schemas/\(name)")]
  }

  /// An answer in JSON.
  static func answer(_ description: String, _ schema: JSONValue) -> JSONValue {
    ["description": .string(description), "content": ["application/json": ["schema": schema]]]
  }

  /// An answer that says what is wrong.
  static func fault(_ description: String) -> JSONValue {
    answer(description, reference("Error"))
  }
}
