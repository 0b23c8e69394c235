import Foundation
import Glibc
import Testing

/// A plain socket to a server of this process.
///
/// Each call that may wait does so on a thread of its own: the server runs on the threads of Swift's tasks,
/// of which a machine has two.
final class Client: Sendable {
  /// What came back.
  struct Response {
    var status: Int
    var headers: [String: String]
    var body: Data

    var text: String { String(decoding: body, as: UTF8.self) }
    /// The sentence of `{"error": sentence}`.
    var fault: String? {
      (try? JSONDecoder().decode([String: String].self, from: body))?["error"]
    }
  }

  struct Ended: Error {
    /// Whether the other side threw away what it had not read, and perhaps what this one had not.
    var isReset = false
  }

  let port: Int
  private let socket: Int32
  private let buffer = Locked(Data())

  init(port: Int) async throws {
    self.port = port
    socket = try await Self.waiting {
      let socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
      var limit = timeval(tv_sec: 10, tv_usec: 0)
      setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
      setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
      var address = sockaddr_in()
      address.sin_family = sa_family_t(AF_INET)
      address.sin_port = in_port_t(port).bigEndian
      address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
      let code = withUnsafePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
          connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
        }
      }
      guard code == 0 else {
        Glibc.close(socket)
        throw Ended()
      }
      return socket
    }
  }

  deinit { Glibc.close(socket) }

  /// Says that nothing more will be sent.
  func shut() { shutdown(socket, Int32(SHUT_WR)) }

  /// Sends bytes; returns how many the system took before the other side closed.
  @discardableResult
  func send(_ bytes: Data) async throws -> Int {
    try await Self.waiting { [socket] in
      var sent = 0
      while sent < bytes.count {
        let count = bytes[(bytes.startIndex + sent)...].withUnsafeBytes {
          Glibc.send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
        }
        if count <= 0 { return sent }
        sent += count
      }
      return sent
    }
  }

  @discardableResult
  func send(_ text: String) async throws -> Int { try await send(Data(text.utf8)) }

  /// So many bytes.
  func read(_ count: Int) async throws -> Data {
    while buffer.value.count < count { try await readMore() }
    return buffer.with { buffer in
      defer { buffer = Data(buffer.dropFirst(count)) }
      return Data(buffer.prefix(count))
    }
  }

  /// Reads to the end of the connection; returns whether that was no reset, and in time.
  func endsWell() async -> Bool {
    while true {
      do { try await readMore() } catch { return (error as? Ended)?.isReset == false }
    }
  }

  /// Everything up to the end of the connection.
  func readToEnd() async -> Data {
    while (try? await readMore()) != nil {}
    return buffer.value
  }

  private func readMore() async throws {
    let piece = try await Self.waiting { [socket] in
      var bytes = [UInt8](repeating: 0, count: 1 << 16)
      let count = recv(socket, &bytes, bytes.count, 0)
      guard count > 0 else { throw Ended(isReset: count < 0) }
      return Data(bytes.prefix(count))
    }
    buffer.with { $0.append(piece) }
  }

  /// The next response; skips `100 Continue`.
  func response(hasBody: Bool = true) async throws -> Response {
    var head = Data()
    while !head.hasSuffix("\r\n\r\n") { head += try await read(1) }
    let lines = String(decoding: head, as: UTF8.self).components(separatedBy: "\r\n")
    let status = Int(lines[0].split(separator: " ")[1]) ?? 0
    if status == 100 { return try await response(hasBody: hasBody) }
    var headers: [String: String] = [:]
    for line in lines.dropFirst() where line.contains(":") {
      let parts = line.split(separator: ":", maxSplits: 1)
      headers[parts[0].lowercased()] = parts[1].trimmingCharacters(in: .whitespaces)
    }
    let count = hasBody ? Int(headers["content-length"] ?? "0") ?? 0 : 0
    return Response(status: status, headers: headers, body: try await read(count))
  }

  /// Sends a request and reads the response.
  func ask(
    _ method: String, _ path: String, _ headers: [String: String] = [:], body: Data? = nil
  ) async throws -> Response {
    var head = "\(method) \(path) HTTP/1.1\r\n"
    for (name, value) in ["Host": "127.0.0.1:\(port)"].merging(headers, uniquingKeysWith: { $1 }) {
      head += "\(name): \(value)\r\n"
    }
    if let body { head += "Content-Length: \(body.count)\r\n" }
    try await send(Data((head + "\r\n").utf8) + (body ?? Data()))
    return try await response(hasBody: method != "HEAD")
  }

  private static func waiting<Value: Sendable>(
    _ work: @escaping @Sendable () throws -> Value
  ) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
      Thread.detachNewThread { continuation.resume(with: Result { try work() }) }
    }
  }
}

/// A value that one thread at a time may touch.
final class Locked<Value>: @unchecked Sendable {
  private let lock = NSLock()
  private var content: Value

  init(_ content: Value) { self.content = content }

  var value: Value { with { $0 } }

  func with<Result>(_ body: (inout Value) throws -> Result) rethrows -> Result {
    lock.lock()
    defer { lock.unlock() }
    return try body(&content)
  }
}

extension Data {
  fileprivate func hasSuffix(_ text: String) -> Bool {
    suffix(text.utf8.count).elementsEqual(text.utf8)
  }
}

// MARK: - WebSocket

/// A stream as a client sees it.
struct StreamClient {
  let client: Client

  /// A frame of the server.
  struct Frame {
    var kind: Int
    var body: Data

    /// The code of a close frame.
    var code: Int? { body.count >= 2 ? Int(body[0]) << 8 | Int(body[1]) : nil }
    var text: String { String(decoding: body, as: UTF8.self) }
  }

  /// How a frame is sent.
  struct Form {
    var isLast = true
    var isMasked = true
    var bits: UInt8 = 0
    /// In place of the true length.
    var length: UInt64?
  }

  /// That a stream was refused.
  struct Refused: Error {
    var status: Int
  }

  /// Opens a stream.
  ///
  /// - Throws: `Refused`.
  init(port: Int, _ query: String = "", _ headers: [String: String] = [:]) async throws {
    client = try await Client(port: port)
    let response = try await client.ask(
      "GET", "/v1/stream\(query)",
      [
        "Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
      ].merging(headers) { $1 })
    guard response.status == 101 else { throw Refused(status: response.status) }
    // The example of RFC 6455, section 1.3.
    #expect(response.headers["sec-websocket-accept"] == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")
  }

  /// Sends a frame.
  func send(_ kind: Int, _ body: Data, _ form: Form = Form()) async throws {
    try await client.send(Self.frame(kind, body, form))
  }

  /// The bytes of a frame.
  static func frame(_ kind: Int, _ body: Data, _ form: Form = Form()) -> Data {
    var frame = Data([UInt8(kind) | form.bits | (form.isLast ? 0x80 : 0)])
    let mask: UInt8 = form.isMasked ? 0x80 : 0
    let length = form.length ?? UInt64(body.count)
    switch length {
    case 0..<126: frame.append(mask | UInt8(length))
    case 126..<65536: frame += [mask | 126, UInt8(length >> 8), UInt8(length & 255)]
    default:
      frame.append(mask | 127)
      for shift in stride(from: 56, through: 0, by: -8) {
        frame.append(UInt8(truncatingIfNeeded: length >> UInt64(shift)))
      }
    }
    guard form.isMasked else { return frame + body }
    let key: [UInt8] = [0x37, 0xFA, 0x21, 0x3D]
    return frame + key + Data(body.enumerated().map { $1 ^ key[$0 % 4] })
  }

  func send(text: String) async throws { try await send(1, Data(text.utf8)) }

  /// The next frame.
  func next() async throws -> Frame {
    let head = try await client.read(2)
    var length = Int(head[1] & 0x7F)
    if length >= 126 {
      length = try await client.read(length == 126 ? 2 : 8).reduce(0) { $0 << 8 | Int($1) }
    }
    return Frame(kind: Int(head[0] & 0x0F), body: try await client.read(length))
  }

  /// All text messages up to the close frame, and its code; nil where the connection ended without.
  func rest() async -> (texts: [String], code: Int?) {
    var texts: [String] = []
    while let frame = try? await next() {
      if frame.kind == 1 { texts.append(frame.text) }
      if frame.kind == 8 { return (texts, frame.code) }
    }
    return (texts, nil)
  }
}
