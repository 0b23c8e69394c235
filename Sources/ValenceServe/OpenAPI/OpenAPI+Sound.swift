import ValenceLive
import ValenceServeOptions
import ValenceStore

extension OpenAPI {
  /// `POST /v1/predict`.
  var predict: [String: JSONValue] {
    let limits = options.limits
    var operation = self.operation(
      .predict, "predict", "Classes and probabilities of a recording",
      answers: [
        "200": Self.answer("The answers", Self.reference("Reply")),
        "408": Self.fault("The upload took too long."),
        "413": Self.fault(
          "The upload has more than \(limits.bytes) bytes or \(limits.seconds) s of sound."),
        "415": Self.fault("The upload is of a media type that is not taken."),
        "422": Self.fault("The recording cannot be heard: damaged, silent, in another format."),
        "503": Self.fault("There are \(limits.uploads) uploads already."),
        "507": Self.fault("The upload cannot be kept."),
      ])
    operation["parameters"] = [
      Self.parameter(
        "windows", ["type": "boolean"], "An answer for each window instead of one for the whole."),
      Self.parameter("window_s", Self.seconds, "The length of a window; by default the network's."),
      Self.parameter("hop_s", Self.seconds, "From window to window; by default half a window."),
      Self.parameter("name", ["type": "string"], "What answers call the recording."),
    ]
    let sound: JSONValue = ["schema": ["type": "string", "contentMediaType": "audio/wav"]]
    operation["requestBody"] = [
      "required": true,
      "description": .string("A recording in any format that `valence predict` reads."),
      "content": [
        "audio/*": sound, "application/octet-stream": sound,
        "multipart/form-data": [
          "schema": [
            "type": "object", "required": [.string(Upload.field)],
            "properties": .object([
              Upload.field: ["type": "string", "contentMediaType": "application/octet-stream"]
            ]),
          ]
        ],
      ],
    ]
    return operation
  }

  /// `GET /v1/stream`.
  var stream: [String: JSONValue] {
    var operation = self.operation(
      .stream, "stream", "A stream of sound, answered while it goes on (WebSocket)",
      answers: [
        "101": ["description": "The WebSocket is open."],
        "426": Self.fault("The request is no WebSocket's."),
        "503": Self.fault("There are \(options.limits.sessions) streams already."),
      ])
    operation["description"] = .string(
      "Settings come in the query or in a first text message {\"type\": \"start\", \"rate_hz\": 16000, "
        + "…}; then sound in binary messages of interleaved samples; then {\"type\": \"end\"}. Each text "
        + "message of the server is a LiveEvent; after {\"event\": \"error\", \"message\": …} it closes."
    )
    operation["parameters"] = [
      Self.parameter(
        "rate_hz", ["type": "integer", "minimum": 1000, "maximum": 768000], "Samples a second."),
      Self.parameter(
        "encoding",
        [
          "type": "string",
          "enum": .array(PCMDecoder.Encoding.allCases.map { .string($0.rawValue) }),
        ], "How a sample is written; s16le by default."),
      Self.parameter(
        "channels", ["type": "integer", "minimum": 1, "maximum": 64], "Interleaved; 1 by default."),
      Self.parameter("window_s", Self.seconds, "The length of a window; by default the network's."),
      Self.parameter("hop_s", Self.seconds, "From window to window; by default half a window."),
      Self.parameter(
        "gate", ["type": "boolean"], "Whether windows without voice go without an answer."),
    ]
    return operation
  }

  private static let seconds: JSONValue = ["type": "number", "exclusiveMinimum": 0]

  private static func parameter(
    _ name: String, _ schema: JSONValue, _ description: String
  ) -> JSONValue {
    [
      "name": .string(name), "in": "query", "required": false, "schema": schema,
      "description": .string(description),
    ]
  }

  /// The shapes of what is answered.
  static let schemas: [String: JSONValue] = {
    let text: JSONValue = ["type": "string"]
    let number: JSONValue = ["type": "number"]
    let shares: JSONValue = [
      "type": "object", "additionalProperties": ["type": "number", "minimum": 0, "maximum": 1],
    ]
    return [
      "Error": object(["error": text], optional: []),
      "Health": object(
        [
          "status": ["enum": ["ok", "draining"]], "version": text, "sessions": ["type": "integer"],
        ],
        optional: []),
      "Models": object(["models": ["type": "array", "items": reference("Model")]], optional: []),
      "Model": [
        "type": "object", "required": ["name", "classes", "rate_hz", "clip_s", "normalization"],
        "properties": [
          "name": text, "classes": ["type": "array", "items": text],
          "rate_hz": ["type": "integer"], "clip_s": number,
          "normalization": ["enum": ["none", "train", "corpus", "speaker"]],
          "card": ["type": "object"],
        ],
      ],
      "Reply": object(
        [
          "answers": ["type": "array", "items": reference("Answer")],
          "remarks": ["type": "array", "items": text],
          "faults": ["type": "array", "items": text],
          "duration_s": number,
        ], optional: []),
      "Answer": object(
        [
          "file": text, "model": text, "start_s": number, "end_s": number, "prediction": text,
          "probabilities": shares,
        ], optional: ["model", "prediction"]),
      "LiveEvent": [
        "type": "object", "required": ["event", "time_s"],
        "properties": [
          "event": ["enum": ["start", "onset", "window", "offset", "final", "end"]],
          "time_s": number, "start_s": number, "end_s": number, "model": text,
          "prediction": text, "probabilities": shares, "smoothed": shares, "voice_s": number,
          "latency_ms": number, "rate_hz": ["type": "integer"],
          "models": ["type": "array", "items": reference("Model")],
          "normalization": [
            "type": "object", "required": ["source"],
            "properties": ["source": text, "heard_s": number, "warm": ["type": "boolean"]],
          ],
        ],
      ],
    ]
  }()

  private static func object(
    _ properties: [String: JSONValue], optional: [String]
  ) -> JSONValue {
    [
      "type": "object", "properties": .object(properties),
      "required": .array(
        properties.keys.filter { !optional.contains($0) }.sorted().map { .string($0) }),
      "additionalProperties": false,
    ]
  }
}
