import Foundation
import NIOHTTP1
import ValenceLive
import ValencePredict

/// What a client says of the sound that it streams.
struct StreamSettings {
  var rateHz: Int
  var encoding: PCMDecoder.Encoding
  var channels: Int
  var options: LiveOptions

  /// The settings that a query or a start message may have.
  static let names = ["rate_hz", "encoding", "channels", "window_s", "hop_s", "gate"]

  /// Reads them.
  ///
  /// - Throws: `Refusal` with status 400, whose sentence names the setting.
  init(_ asked: AskedSettings) throws(Refusal) {
    guard let rateHz = try asked.whole("rate_hz") else {
      throw Refusal(
        .badRequest,
        "\(asked.place): rate_hz: it is missing; give the samples a second, such as 16000.")
    }
    self.rateHz = rateHz
    channels = try asked.whole("channels") ?? 1
    let word = asked.text("encoding") ?? PCMDecoder.Encoding.s16le.rawValue
    guard let encoding = PCMDecoder.Encoding(rawValue: word) else {
      throw asked.wrong("encoding", "give s16le or f32le")
    }
    self.encoding = encoding
    options = LiveOptions()
    options.windows.windowS = try asked.number("window_s")
    options.windows.hopS = try asked.number("hop_s")
    if try asked.flag("gate") == false { options.gate = nil }
  }

  /// The bytes of some seconds of sound, at least one.
  func bytes(inS seconds: Double) -> Int {
    let sampleBytes = encoding == .s16le ? 2 : 4
    return max(1, Int(Double(rateHz) * seconds) * channels * sampleBytes)
  }
}

/// A text message of a client.
enum StreamMessage {
  case start([(name: String, value: String)])
  case end

  /// Reads `{"type": "start", …}` or `{"type": "end"}`.
  ///
  /// - Throws: `Refusal` with status 400 for anything else.
  init(_ bytes: Data) throws(Refusal) {
    let fields: [String: Scalar]
    do { fields = try JSONDecoder().decode([String: Scalar].self, from: bytes) } catch {
      throw Refusal(
        .badRequest,
        "The message is no JSON object of plain values; send {\"type\": \"start\", …} or "
          + "{\"type\": \"end\"}.")
    }
    guard case .text(let type)? = fields["type"], type == "start" || type == "end" else {
      throw Refusal(.badRequest, "The message's type is not known; send start or end.")
    }
    let others = fields.filter { $0.key != "type" }
    if type == "end" {
      guard others.isEmpty else {
        throw Refusal(.badRequest, "An end message has nothing but its type; leave the rest out.")
      }
      self = .end
    } else {
      self = .start(
        others.sorted { $0.key < $1.key }.compactMap { name, value in
          value.text.map { (name, $0) }
        })
    }
  }

  /// A plain value.
  private enum Scalar: Decodable {
    case text(String)
    case number(Double)
    case flag(Bool)
    case null

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if container.decodeNil() {
        self = .null
      } else if let flag = try? container.decode(Bool.self) {
        self = .flag(flag)
      } else if let number = try? container.decode(Double.self) {
        self = .number(number)
      } else {
        self = .text(try container.decode(String.self))
      }
    }

    /// The value as a query would have it; nil for null, which means that it is not given.
    var text: String? {
      switch self {
      case .text(let text): text
      case .number(let number): "\(number)"
      case .flag(let flag): flag ? "true" : "false"
      case .null: nil
      }
    }
  }
}
