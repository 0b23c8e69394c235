import Foundation
import Testing
import ValenceServeOptions
import ValenceTestSupport

@testable import ValenceServe

extension ServerTests {
  @Suite("Ends of connections")
  struct EndingTests {
    private static let wav = ToneCorpus.wav(Serving.samples(seconds: 0.6))
    private static let host = "Host: localhost\r\n"
    private static let upload =
      "POST /v1/predict HTTP/1.1\r\n\(host)Content-Type: audio/wav\r\nContent-Length: \(wav.count)\r\n\r\n"

    @Test("a client that sends nothing more after its requests gets all answers, then the end")
    func halfClosed() async throws {
      try await Serving.with { place in
        let health = "GET /health HTTP/1.1\r\n\(Self.host)\r\n"
        for (bytes, statuses) in [
          (Data(health.utf8), [200]), (Data(Self.upload.utf8) + Self.wav, [200]),
          (Data((health + "GET /no HTTP/1.1\r\n\(Self.host)\r\n" + health).utf8), [200, 404, 200]),
        ] {
          let client = try await place.client()
          try await client.send(bytes)
          client.shut()
          for status in statuses { #expect(try await client.response().status == status) }
          #expect(await client.readToEnd().isEmpty)
        }
      }
    }

    @Test("a client that ends within a request, or before it, is not waited for")
    func halfClosedWithin() async throws {
      try await Serving.with { place in
        for bytes in [
          Data("GET /health HTTP/1.1\r\nHost: loc".utf8), Data(Self.upload.utf8),
          Data(Self.upload.utf8) + Self.wav.prefix(500),
        ] {
          let client = try await place.client()
          try await client.send(bytes)
          client.shut()
          let answer = try await client.response()
          #expect(answer.status == 400 && answer.fault?.contains("no whole") == true)
          #expect(await client.readToEnd().isEmpty)
        }
        let silent = try await place.client()
        silent.shut()
        let begin = ContinuousClock.now
        #expect(await silent.readToEnd().isEmpty)
        #expect(ContinuousClock.now - begin < .seconds(5))
        while try await place.metric("valence_connections") != 1 {
          try await Task.sleep(for: .milliseconds(20))
        }
      }
    }

    @Test("a stream whose client sends nothing more ends with all its events")
    func halfClosedStream() async throws {
      try await Serving.with { place in
        let sound = Serving.pcm(Serving.samples(seconds: 1.2))
        let whole = try await StreamClient(port: place.port, "?rate_hz=16000")
        try await whole.send(2, sound)
        try await whole.send(text: "{\"type\":\"end\"}")
        whole.client.shut()
        let (texts, code) = await whole.rest()
        #expect(code == 1000 && texts.last?.contains("\"end\"") == true, "\(texts)")
        let cut = try await StreamClient(port: place.port, "?rate_hz=16000")
        try await cut.send(2, sound)
        cut.client.shut()
        #expect(await cut.rest().code == nil)
        while try await place.metric("valence_sessions") != 0 {
          try await Task.sleep(for: .milliseconds(20))
        }
      }
    }

    /// What had arrived was heard to its end, frame by frame, so that the server could not end in time.
    @Test("a client that floods and goes away keeps nothing busy")
    func flood() async throws {
      try await Serving.with({ $0.limits.drainS = 2 }) { place in
        let frame = StreamClient.frame(2, Data([1]))
        let frames = (0..<800_000).reduce(into: Data()) { data, _ in data += frame }
        let stream = try await StreamClient(port: place.port, "?rate_hz=16000")
        try await stream.client.send(frames)
        _ = stream
      }
    }

    private struct Weak {
      weak var connection: Connection?
    }

    /// Each stream stayed in memory with its buffers: what ends it held the connection that held it.
    @Test("nothing is left of a connection that has ended")
    func release() async throws {
      try await Serving.with { place in
        let connections = place.server.service.connections
        let stream = try await StreamClient(port: place.port, "?rate_hz=16000")
        _ = try await stream.next()
        let kept = try await place.client()
        #expect(try await kept.ask("GET", "/health").status == 200)
        let begun = try await place.client()
        try await begun.send("GET /")
        while connections.count != 3 { try await Task.sleep(for: .milliseconds(5)) }
        let met = connections.all.map { Weak(connection: $0) }
        for client in [stream.client, kept, begun] { client.shut() }
        let begin = ContinuousClock.now
        while met.contains(where: { $0.connection != nil }) {
          try await Task.sleep(for: .milliseconds(20))
          if ContinuousClock.now - begin > .seconds(9) { break }
        }
        #expect(met.count == 3 && met.allSatisfy { $0.connection == nil })
      }
    }

    /// The socket was closed with unread bytes, so the client's system threw away what it had received.
    @Test("a refusal is read by a client that is still sending")
    func refusalWhileSending() async throws {
      try await Serving.with({ $0.limits.bytes = 10_000 }) { place in
        let rest = Data(repeating: 120, count: 1 << 20)
        for _ in 0..<10 {
          for (begin, status) in [
            ("hello\r\n\r\n", 400), ("GET /\(String(repeating: "y", count: 20000))", 431),
            ("GET /nothing HTTP/1.1\r\n\(Self.host)Connection: close\r\n\r\n", 404),
            (
              "POST /v1/predict HTTP/1.1\r\n\(Self.host)Content-Type: audio/wav\r\n"
                + "Content-Length: 10000000000\r\n\r\n", 413
            ),
          ] {
            let client = try await place.client()
            #expect(try await client.send(Data(begin.utf8) + rest) > rest.count)
            let answer = try await client.response()
            #expect(answer.status == status && answer.fault != nil)
            #expect(await client.endsWell())
          }
          let stream = try await StreamClient(port: place.port, "?rate_hz=16000")
          try await stream.send(2, rest, StreamClient.Form(length: 1 << 40))
          let (texts, code) = await stream.rest()
          #expect(code == 1009 && texts.last?.contains("larger than") == true, "\(texts)")
          #expect(await stream.client.endsWell())
        }
      }
    }

    @Test("a client that does not end after its last answer is cut off, in time and in bytes")
    func stubborn() async throws {
      try await Serving.with { place in
        let silent = try await place.client()
        try await silent.send("hello\r\n\r\n")
        #expect(try await silent.response().status == 400)
        let begin = ContinuousClock.now
        while try await place.metric("valence_connections") != 1 {
          try await Task.sleep(for: .milliseconds(20))
        }
        #expect((.seconds(1) ... .seconds(6)).contains(ContinuousClock.now - begin))
        let loud = try await place.client()
        let sent = try await loud.send(Data("hello\r\n\r\n".utf8) + Data(count: 64 << 20))
        #expect(sent < 64 << 20)
      }
    }
  }
}
