import Foundation
import NIOCore
import NIOWebSocket
import ValenceServeOptions
import ValenceStore

/// Why a stream ends early: a close code (RFC 6455 section 7.4) and a sentence.
struct StreamFault: Error, Sendable {
  var code: WebSocketErrorCode
  var sentence: String

  init(_ code: WebSocketErrorCode, _ sentence: String) {
    (self.code, self.sentence) = (code, sentence)
  }

  /// What broke the protocol.
  init(_ error: NIOWebSocketError) {
    switch error {
    case .invalidFrameLength:
      self.init(
        .messageTooLarge,
        "A frame is larger than \(ServeOptions.greatestFrame) bytes; send the sound in smaller ones."
      )
    case .fragmentedControlFrame:
      self.init(.protocolError, "A control frame is in parts; send it whole.")
    case .multiByteControlFrameLength:
      self.init(.protocolError, "A control frame has more than 125 bytes; send fewer.")
    }
  }

  /// The message that a client reads before the stream is closed.
  private struct Content: Encodable {
    var event = "error"
    var message: String
  }

  /// The message as text.
  var text: ByteBuffer { StreamText.buffer(Content(message: sentence)) }

  /// The body of a close frame: the code, and as much of a reason as fits.
  static func body(_ code: WebSocketErrorCode, _ reason: String = "") -> ByteBuffer {
    var body = ByteBuffer()
    body.write(webSocketErrorCode: code)
    var short = reason
    while short.utf8.count > 123 { short.removeLast() }
    body.writeString(short)
    return body
  }
}

/// Values as the text of a message.
enum StreamText {
  /// JSON on one line, without a line end.
  static func buffer(_ value: some Encodable) -> ByteBuffer {
    ByteBuffer(bytes: ((try? JSON.encoded(value, onOneLine: true)) ?? Data()).dropLast())
  }
}
