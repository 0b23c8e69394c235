import Foundation
import Testing
import ValenceCore
import ValencePredict
import ValenceServeOptions
import ValenceTestSupport

@testable import ValenceServe

extension ServerTests {
  @Suite("Streams")
  struct StreamTests {
    private static let start = "{\"type\":\"start\",\"rate_hz\":8000,\"gate\":false}"
    private static let end = "{\"type\":\"end\"}"
    private static let samples = Serving.samples(seconds: 3.3)

    private static func windows(_ texts: [String]) throws -> [Said] {
      try texts.map(Said.init).filter { $0.event == "window" }
    }

    @Test("a stream gets the answers that predict gives of windows, however it is cut")
    func sameAsPredict() async throws {
      let expected = try Serving.expected(ToneCorpus.wav(Self.samples), windows: WindowOptions())
      let bytes = Serving.pcm(Self.samples)
      var random = RandomStream(seed: 3, "cuts")
      try await Serving.with { place in
        for way in 0..<5 {
          let stream = try await StreamClient(
            port: place.port, way == 0 ? "?rate_hz=8000&gate=false&channels=1&encoding=s16le" : "")
          if way != 0 { try await stream.send(text: Self.start) }
          var place = 0
          while place < bytes.count {
            let size = [bytes.count, 640, 1 + random.below(5000), 7, 100_000][way]
            let piece = bytes[place..<min(bytes.count, place + size)]
            place += piece.count
            if way == 4 {
              // One message in three frames, with a ping between.
              let third = piece.count / 3
              try await stream.send(2, piece.prefix(third), .init(isLast: false))
              try await stream.send(9, Data("here?".utf8))
              try await stream.send(0, piece.dropFirst(third).prefix(third), .init(isLast: false))
              try await stream.send(0, Data(piece.dropFirst(2 * third)))
            } else {
              try await stream.send(2, Data(piece))
            }
          }
          try await stream.send(text: Self.end)
          let (texts, code) = await stream.rest()
          #expect(code == 1000)
          #expect(try texts.first.map(Said.init)?.event == "start")
          #expect(try texts.last.map(Said.init)?.event == "end")
          expectSame(try Self.windows(texts), expected)
        }
        #expect(try await place.metric("valence_sessions_total") == 5)
        #expect(try await place.metric("valence_stream_closes_total{code=\"1000\"}") == 5)
        let heard = try await place.metric("valence_audio_seconds_total{route=\"/v1/stream\"}")
        #expect(abs((heard ?? 0) - 16.5) < 0.2)
      }
    }

    @Test("a single byte a frame is heard too, and others go on meanwhile")
    func singleBytes() async throws {
      let part = Array(Self.samples.prefix(4000))
      let expected = try Serving.expected(ToneCorpus.wav(part), windows: WindowOptions())
      try await Serving.with { place in
        let stream = try await StreamClient(port: place.port)
        try await stream.send(text: Self.start)
        let frames = Serving.pcm(part).reduce(into: Data()) {
          $0 += StreamClient.frame(2, Data([$1]))
        }
        async let sent = stream.client.send(frames)
        #expect(try await place.ask("GET", "/health").status == 200)
        #expect(try await sent == frames.count)
        try await stream.send(text: Self.end)
        expectSame(try Self.windows(await stream.rest().texts), expected)
      }
    }

    @Test("each mistake has its sentence and close code", arguments: Mistake.all)
    func mistakes(mistake: Mistake) async throws {
      try await Serving.with { place in
        let stream = try await StreamClient(port: place.port, mistake.query)
        for frame in mistake.frames { try await stream.client.send(frame) }
        let (texts, code) = await stream.rest()
        #expect(code == mistake.code)
        let last = try #require(texts.last)
        let said = try Said(last)
        #expect(said.event == "error", "\(last)")
        #expect(said.message?.contains(mistake.part) == true, "\(last)")
        // Others are served as before.
        #expect(try await place.ask("GET", "/health").status == 200)
      }
    }

    struct Mistake: CustomTestStringConvertible, Sendable {
      var testDescription: String
      var query = "?rate_hz=8000"
      var frames: [Data] = []
      var code: Int
      var part: String

      private static func text(_ text: String) -> [Data] {
        [StreamClient.frame(1, Data(text.utf8))]
      }
      private static func start(_ fields: String) -> [Data] {
        text("{\"type\":\"start\",\(fields)}")
      }
      private static func float(_ value: Float) -> Data {
        withUnsafeBytes(of: value.bitPattern.littleEndian) { Data($0) }
      }
      private static func of(_ kind: Int, _ body: Data, _ form: StreamClient.Form) -> [Data] {
        [StreamClient.frame(kind, body, form)]
      }

      static let all: [Mistake] =
        settings + messages + [
          Mistake(
            testDescription: "not a number", query: "?rate_hz=8000&encoding=f32le",
            frames: [StreamClient.frame(2, Data((0..<400).flatMap { _ in float(.nan) }))],
            code: 1007,
            part: "no finite number"),
          Mistake(
            testDescription: "integers as floats", query: "?rate_hz=8000&encoding=f32le",
            frames: [StreamClient.frame(2, Data((0..<400).flatMap { _ in float(9000) }))],
            code: 1007,
            part: "full scale"),
          Mistake(
            testDescription: "half a sample",
            frames: [
              StreamClient.frame(2, Data([1])), StreamClient.frame(1, Data(StreamTests.end.utf8)),
            ],
            code: 1007, part: "1 bytes of a frame of 2"),
          Mistake(
            testDescription: "not masked", frames: of(2, Data([1]), .init(isMasked: false)),
            code: 1002, part: "not masked"),
          Mistake(
            testDescription: "an extension", frames: of(2, Data([1]), .init(bits: 0x40)),
            code: 1002,
            part: "extension"),
          Mistake(
            testDescription: "a giant frame", frames: of(2, Data(), .init(length: 1 << 62)),
            code: 1009, part: "1048576 bytes"),
          Mistake(
            testDescription: "a length beyond Int", frames: of(2, Data(), .init(length: .max)),
            code: 1009, part: "1048576 bytes"),
          Mistake(
            testDescription: "a large ping", frames: of(9, Data(count: 126), .init()), code: 1002,
            part: "125 bytes"),
          Mistake(
            testDescription: "a ping in parts", frames: of(9, Data(), .init(isLast: false)),
            code: 1002, part: "control frame"),
          Mistake(
            testDescription: "no such kind", frames: of(5, Data(), .init()), code: 1002,
            part: "kind"),
          Mistake(
            testDescription: "an end without a beginning", frames: of(0, Data(), .init()),
            code: 1002,
            part: "without its beginning"),
          Mistake(
            testDescription: "two beginnings",
            frames: of(2, Data(), .init(isLast: false)) + of(2, Data(), .init()), code: 1002,
            part: "has ended"),
        ]

      private static let settings: [Mistake] = [
        ("no rate", "gate=true", 1008, "rate_hz: it is missing"),
        ("rate 1", "rate_hz=1", 1008, "1 Hz"),
        ("rate 10^9", "rate_hz=1000000000", 1008, "1000000000"),
        ("rate 10^300", "rate_hz=1e300", 1008, "rate_hz"),
        ("half a rate", "rate_hz=0.5", 1008, "whole"),
        ("negative rate", "rate_hz=-8000", 1008, "-8000"),
        ("channels 0", "rate_hz=8000&channels=0", 1008, "channels"),
        ("channels 10^18", "rate_hz=8000&channels=1000000000000000000", 1008, "channels"),
        ("encoding", "rate_hz=8000&encoding=mp3", 1008, "s16le or f32le"),
        ("hop 0", "rate_hz=8000&hop_s=0", 1008, "hop"),
        ("hop too long", "rate_hz=8000&hop_s=1e9", 1008, "hop"),
        ("window", "rate_hz=8000&window_s=60", 1008, "window"),
        ("no such setting", "rate=8000", 1008, "rate: no such setting"),
      ].map { Mistake(testDescription: $0, query: "?\($1)", code: $2, part: $3) }

      private static let messages: [Mistake] = [
        ("no JSON", "", text("{"), 1008, "no JSON object"),
        ("deep JSON", "", text(String(repeating: "[", count: 4000)), 1008, "no JSON object"),
        ("a list", "", text("[1]"), 1008, "no JSON object"),
        ("no UTF-8", "", [StreamClient.frame(1, Data([0xFF, 0xFE]))], 1008, "no JSON object"),
        ("a long text", "", text(String(repeating: " ", count: 5000)), 1009, "4096"),
        ("no type", "", text("{}"), 1008, "type"),
        ("an end before the start", "", text(StreamTests.end), 1008, "before its start"),
        (
          "sound before the start", "", [StreamClient.frame(2, Data(count: 2))], 1008,
          "before the start"
        ),
        ("a rate as text", "", start("\"rate_hz\":\"many\""), 1008, "'many'"),
        ("a list as rate", "", start("\"rate_hz\":[1]"), 1008, "plain values"),
        ("start twice", "?rate_hz=8000", text(StreamTests.start), 1008, "started already"),
        (
          "more in an end", "?rate_hz=8000", text("{\"type\":\"end\",\"a\":1}"), 1008, "nothing but"
        ),
      ].map { Mistake(testDescription: $0, query: $1, frames: $2, code: $3, part: $4) }
    }

    @Test("a close frame is answered by one, with the same code where it is a legal one")
    func closing() async throws {
      try await Serving.with { place in
        for (body, code) in [
          (Data(), nil), (Data([3, 232]), 1000), (Data([0x0F, 0xA0]), 4000),
          (Data([3, 237]), 1002),
          (Data([7]), 1002),
        ] as [(Data, Int?)] {
          let stream = try await StreamClient(port: place.port, "?rate_hz=8000")
          try await stream.send(8, body)
          let (_, own) = await stream.rest()
          #expect(own == code)
        }
      }
    }

    @Test("no more streams than may be; a place is free again when one ends")
    func places() async throws {
      try await Serving.with({ $0.limits.sessions = 2 }) { place in
        var open = [
          try await StreamClient(port: place.port), try await StreamClient(port: place.port),
        ]
        let client = try await place.client()
        let refused = try await client.ask(
          "GET", "/v1/stream",
          [
            "Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13",
            "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
          ])
        #expect(refused.status == 503 && refused.headers["retry-after"] == "1")
        #expect(refused.fault?.contains("2 streams") == true)
        open.removeFirst()
        while try await place.metric("valence_sessions") != 1 {
          try await Task.sleep(for: .milliseconds(20))
        }
        _ = try await StreamClient(port: place.port)
        #expect(try await place.ask("GET", "/v1/stream").status == 426)
        #expect(open.count == 1)
      }
    }

    @Test("a silent client is asked whether it is there, and cut off if not")
    func silence() async throws {
      try await Serving.with({ ($0.limits.idleS, $0.limits.headerS) = (2, 1.5) }) { place in
        let alive = try await StreamClient(port: place.port, "?rate_hz=8000")
        let gone = try await StreamClient(port: place.port, "?rate_hz=8000")
        let never = try await StreamClient(port: place.port)
        _ = try await alive.next()
        let begin = ContinuousClock.now
        // Pings do not put off the start.
        for _ in 0..<3 { try await never.send(9, Data()) }
        while ContinuousClock.now - begin < .seconds(3) {
          #expect(try await alive.next().kind == 9)
          try await alive.send(10, Data())
        }
        #expect(await gone.rest().code == nil)
        #expect(await never.rest().code == nil)
        try await alive.send(text: Self.end)
        #expect(await alive.rest().code == 1000)
      }
    }

    @Test("a client that takes no answers is cut off; what waits for it does not grow")
    func slowReader() async throws {
      try await Serving.with({ $0.limits.idleS = 1 }) { place in
        let stream = try await StreamClient(
          port: place.port, "?rate_hz=8000&gate=false&hop_s=0.02&window_s=0.4")
        let bytes = StreamClient.frame(2, Serving.pcm(Serving.samples(seconds: 20)))
        var sent = 0
        // Some megabytes of answers, which nobody reads.
        for _ in 0..<200 {
          let count = try await stream.client.send(bytes)
          sent += count
          if count < bytes.count { break }
        }
        #expect(sent < 200 * bytes.count, "the server took everything")
        #expect(try await place.ask("GET", "/health").status == 200)
        while try await place.metric("valence_sessions") != 0 {
          try await Task.sleep(for: .milliseconds(50))
        }
      }
    }

    @Test(
      "the end of the server closes streams with 1001, answers what was asked and takes nothing new"
    )
    func draining() async throws {
      var options = ServeOptions(models: [Serving.model.path])
      options.port = 0
      let server = try await Server.start(options, token: nil, writeLog: { _ in })
      let stream = try await StreamClient(port: server.port, "?rate_hz=8000")
      let idle = try await Client(port: server.port)
      #expect(try await idle.ask("GET", "/health").status == 200)
      let busy = try await Client(port: server.port)
      let wav = ToneCorpus.wav(Self.samples)
      try await busy.send(
        "POST /v1/predict HTTP/1.1\r\nHost: localhost\r\nContent-Type: audio/wav\r\n"
          + "Content-Length: \(wav.count)\r\n\r\n")
      try await busy.send(wav.prefix(1000))
      // The head is with the server before it stops.
      #expect(try await Client(port: server.port).ask("GET", "/health").status == 200)
      async let isWhole = server.drain()
      #expect(await stream.rest().code == 1001)
      #expect(await idle.readToEnd().isEmpty)
      await #expect(throws: (any Error).self) {
        _ = try await Client(port: server.port).ask("GET", "/health")
      }
      try await busy.send(Data(wav.dropFirst(1000)))
      let answer = try await busy.response()
      #expect(answer.status == 200 && answer.headers["connection"] == "close")
      #expect(await isWhole)
    }
  }
}
