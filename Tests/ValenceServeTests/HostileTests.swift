import Foundation
import Testing
import ValenceCore
import ValenceServeOptions
import ValenceTestSupport

@testable import ValenceServe

extension ServerTests {
  @Suite("Hostile clients")
  struct HostileTests {
    private static let wav = ToneCorpus.wav(Serving.samples(seconds: 0.6))

    @Test(
      "what is no HTTP is answered in a sentence, and the connection closed",
      arguments: [
        ("hello\r\n\r\n", 400), ("GET / HTTP/9.9\r\n\r\n", 505), ("GET /\r\n\r\n", 505),
        ("\u{16}\u{3}\u{1}\u{2}\u{0}", 400), ("GET / HTTP/1.1\r\nHost\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n", 400),
        (
          "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
          400
        ),
        ("GET / HTTP/1.1\r\nHost: localhost\r\nX: " + String(repeating: "x", count: 20000), 431),
        ("GET / HTTP/1.1\r\nHost: localhost\r\n" + String(repeating: "X: y\r\n", count: 200), 431),
        ("GET http://localhost/ HTTP/1.1\r\nHost: localhost\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\n\r\n", 400), ("GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400),
      ])
    func noHTTP(text: String, status: Int) async throws {
      try await Serving.with { place in
        let client = try await place.client()
        try await client.send(text)
        let answer = try await client.response()
        #expect(answer.status == status)
        #expect(answer.fault?.hasSuffix(".") == true, "\(answer.text)")
        #expect(try await place.ask("GET", "/health").status == 200)
      }
    }

    @Test("slow heads and bodies are cut off, and do not keep others waiting")
    func slow() async throws {
      try await Serving.with({ ($0.limits.headerS, $0.limits.bodyS) = (1.5, 1.5) }) { place in
        let silent = try await place.client()
        let drip = try await place.client()
        let body = try await place.client()
        try await body.send(
          "POST /v1/predict HTTP/1.1\r\nHost: localhost\r\nContent-Type: audio/wav\r\nContent-Length: 99\r\n\r\n"
        )
        for letter in "GET / HTTP/1.1" {
          if try await drip.send(String(letter)) == 0 { break }
          #expect(try await place.ask("GET", "/health").status == 200)
          try await Task.sleep(for: .milliseconds(150))
        }
        #expect(await silent.readToEnd().isEmpty)
        #expect(await drip.readToEnd().isEmpty)
        let answer = try await body.response()
        #expect(answer.status == 408 && answer.fault?.contains("faster") == true)
        #expect(await body.readToEnd().isEmpty)
        // Nor does one that has asked already stay for ever.
        let kept = try await place.client()
        #expect(try await kept.ask("GET", "/health").status == 200)
        #expect(await kept.readToEnd().isEmpty)
      }
    }

    @Test("an upload over the limit is refused before it is sent, or where it passes the limit")
    func largeUploads() async throws {
      try await Serving.with({ $0.limits.bytes = 200_000 }) { place in
        let head = "POST /v1/predict HTTP/1.1\r\nHost: localhost\r\nContent-Type: audio/wav\r\n"
        let promised = try await place.client()
        try await promised.send(head + "Content-Length: 10000000000\r\n\r\n")
        #expect(try await promised.response().status == 413)
        let asked = try await place.client()
        try await asked.send(head + "Expect: 100-continue\r\nContent-Length: 10000000000\r\n\r\n")
        #expect(try await asked.response().status == 413)
        let chunked = try await place.client()
        try await chunked.send(head + "Transfer-Encoding: chunked\r\n\r\n")
        let chunk = Data("10000\r\n".utf8) + Data(count: 65536) + Data("\r\n".utf8)
        for _ in 0..<20 { try await chunked.send(chunk) }
        #expect(try await chunked.response().status == 413)
        // One that is waited for, and one in chunks, within the limit.
        let polite = try await place.client()
        try await polite.send(
          head + "Expect: 100-continue\r\nContent-Length: \(Self.wav.count)\r\n\r\n")
        let word = try await polite.read(25)
        #expect(String(decoding: word, as: UTF8.self) == "HTTP/1.1 100 Continue\r\n\r\n")
        try await polite.send(Self.wav)
        #expect(try await polite.response().status == 200)
      }
    }

    /// NIO's own handler lost such a request, so that its client waited in vain.
    @Test("a request that asks for another protocol is answered by HTTP/1.1")
    func otherProtocols() async throws {
      try await Serving.with { place in
        for (connection, upgrade) in [
          ("Upgrade, HTTP2-Settings", "h2c"), ("Upgrade", "websocket"), ("keep-alive", "websocket"),
        ] {
          let headers = ["Connection": connection, "Upgrade": upgrade]
          #expect(try await place.ask("GET", "/health", headers).status == 200)
          let upload = headers.merging(["Content-Type": "audio/wav"]) { $1 }
          let answer = try await place.ask("POST", "/v1/predict", upload, body: Self.wav)
          #expect(answer.status == 200 && answer.headers["connection"] == "close")
          let stream = try await place.ask("GET", "/v1/stream", headers)
          #expect([400, 426].contains(stream.status), "\(connection): \(stream.status)")
        }
      }
    }

    /// Found by mutated requests: both the parser and the route answered.
    @Test(
      "a request whose body breaks has one answer",
      arguments: [
        ("audio/wav", 400), ("text/plain", 415), ("multipart/form-data; boundary=x", 400),
      ])
    func brokenBody(type: String, status: Int) async throws {
      try await Serving.with { place in
        let client = try await place.client()
        try await client.send(
          "POST /v1/predict HTTP/1.1\r\nHost: localhost\r\nContent-Type: \(type)\r\n"
            + "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n")
        // Once with a moment between, in which the route may answer.
        if type != "audio/wav" { #expect(try await place.ask("GET", "/health").status == 200) }
        try await client.send("ZZ\r\n\r\nGET /health HTTP/1.1\r\nHost: localhost\r\n\r\n")
        #expect(try await client.response().status == status)
        #expect(await client.readToEnd().isEmpty)
        #expect(try await place.ask("GET", "/health").status == 200)
      }
    }

    @Test("pipelined requests are answered in their order; a client that goes away harms nobody")
    func pipelining() async throws {
      try await Serving.with { place in
        let client = try await place.client()
        let host = "Host: localhost\r\n\r\n"
        try await client.send(
          "GET /health HTTP/1.1\r\n\(host)GET /nothing HTTP/1.1\r\n\(host)HEAD / HTTP/1.1\r\n\(host)"
        )
        #expect(try await client.response().status == 200)
        #expect(try await client.response().status == 404)
        #expect(try await client.response(hasBody: false).status == 200)
        for _ in 0..<20 {
          let gone = try await place.client()
          try await gone.send(
            "POST /v1/predict HTTP/1.1\r\n"
              + "Content-Type: audio/wav\r\nContent-Length: \(Self.wav.count)\r\n" + host)
          try await gone.send(Self.wav)
        }
        #expect(try await place.ask("GET", "/health").status == 200)
      }
    }

    @Test("no more connections, and no more uploads, than may be")
    func places() async throws {
      try await Serving.with({ ($0.limits.connections, $0.limits.uploads) = (3, 2) }) { place in
        let head =
          "POST /v1/predict HTTP/1.1\r\nHost: localhost\r\nContent-Type: audio/wav\r\n"
          + "Content-Length: \(Self.wav.count)\r\n\r\n"
        let first = try await place.client()
        let second = try await place.client()
        for client in [first, second] { try await client.send(head) }
        let third = try await place.client()
        while true {
          let uploads = try await third.ask("GET", "/metrics").text.contains("valence_uploads 2.0")
          if uploads { break }
        }
        let answer = try await third.ask(
          "POST", "/v1/predict", ["Content-Type": "audio/wav"], body: Self.wav)
        #expect(answer.status == 503 && answer.headers["retry-after"] == "1")
        // Its upload was not read, so it is closed.
        #expect(await third.readToEnd().isEmpty)
        third.shut()
        try await Task.sleep(for: .milliseconds(200))
        let fourth = try await place.client()
        #expect(try await fourth.ask("GET", "/health").status == 200)
        let fifth = try await place.client()
        let begin = ContinuousClock.now
        #expect(await fifth.readToEnd().isEmpty)
        #expect(ContinuousClock.now - begin < .seconds(5), "it was not closed")
        #expect(try await fourth.ask("GET", "/health").status == 200)
        for client in [first, second] {
          try await client.send(Self.wav)
          #expect(try await client.response().status == 200)
        }
      }
    }

    @Test("thousands of damaged requests: an answer or an end each, and the server goes on")
    func damagedRequests() async throws {
      let body =
        Data("--xyz\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\n".utf8)
        + Self.wav.prefix(400) + Data("\r\n--xyz--\r\n".utf8)
      let whole =
        "POST /v1/predict?windows=true&hop_s=0.2 HTTP/1.1\r\nHost: localhost\r\nOrigin: http://localhost\r\n"
        + "Content-Type: multipart/form-data; boundary=xyz\r\nContent-Length: \(body.count)\r\n\r\n"
      try await Serving.with({ ($0.limits.headerS, $0.limits.bodyS) = (5, 5) }) { place in
        var random = RandomStream(seed: 11, "requests")
        for _ in 0..<1000 {
          let bytes = Damage.apply(to: Array(whole.utf8 + body), &random)
          let client = try await place.client()
          try await client.send(Data(bytes))
          client.shut()
          let answer = String(decoding: await client.readToEnd(), as: UTF8.self)
          #expect(answer.isEmpty || answer.hasPrefix("HTTP/1.1 "), "\(answer)")
          #expect(
            !answer.hasPrefix("HTTP/1.1 500"),
            "\(answer) to \(String(decoding: bytes, as: UTF8.self))")
        }
        #expect(try await place.ask("GET", "/health").status == 200)
      }
    }

    @Test("thousands of damaged messages: an answer or an end each, and the server goes on")
    func damagedMessages() async throws {
      let text =
        "{\"type\":\"start\",\"rate_hz\":8000,\"encoding\":\"f32le\",\"channels\":1,\"hop_s\":0.2}"
      let sound = Serving.samples(seconds: 0.2).reduce(into: Data()) { data, sample in
        withUnsafeBytes(of: sample.bitPattern.littleEndian) { data += $0 }
      }
      let whole =
        StreamClient.frame(1, Data(text.utf8)) + StreamClient.frame(2, sound)
        + StreamClient.frame(1, Data("{\"type\":\"end\"}".utf8))
      try await Serving.with { place in
        var random = RandomStream(seed: 12, "messages")
        for _ in 0..<1000 {
          let stream = try await StreamClient(port: place.port)
          try await stream.client.send(Data(Damage.apply(to: Array(whole), &random)))
          stream.client.shut()
          let (texts, code) = await stream.rest()
          for text in texts { #expect(throws: Never.self) { try Said(text) } }
          #expect(code != 1011, "\(texts)")
        }
        while try await place.metric("valence_sessions") != 0 {
          try await Task.sleep(for: .milliseconds(20))
        }
      }
    }

    @Test("a form means the same however it arrives")
    func cutForms() throws {
      var random = RandomStream(seed: 5, "forms")
      let body = (0..<300).map { _ in UInt8([13, 10, 45, 45, 97][random.below(5)]) }
      let form =
        Array(
          "preamble\r\n--a-b\r\ncontent-disposition: form-data; name=\"file\"; filename=\"x \\\"y\\\".wav\"\r\n\r\n"
            .utf8)
        + body
        + Array(
          "\r\n--a-b  \r\nContent-Disposition: form-data; name=other\r\n\r\n\r\n--a-b--\r\nrest"
            .utf8)
      for _ in 0..<200 {
        var reader = MultipartReader(boundary: "a-b")
        var heads: [MultipartReader.PartHead] = []
        var contents: [[UInt8]] = []
        var place = 0
        while place < form.count {
          let end = min(form.count, place + 1 + random.below(40))
          for event in try reader.take(form[place..<end]) {
            switch event {
            case .begin(let head):
              heads.append(head)
              contents.append([])
            case .bytes(let bytes): contents[contents.count - 1] += bytes
            case .end: break
            }
          }
          place = end
        }
        try reader.finish()
        #expect(heads.map(\.name) == ["file", "other"])
        #expect(heads.map(\.fileName) == ["x \"y\".wav", nil])
        #expect(contents == [body, []])
      }
    }

    @Test("names of uploads cannot be paths, empty or unprintable")
    func names() {
      for (name, shown) in [
        ("a.wav", "a.wav"), ("/etc/passwd", "passwd"), ("C:\\x\\é b.wav", "é b.wav"),
        ("..", "upload"),
        ("", "upload"), ("a\r\nb\u{202E}c\u{0}", "abc"), (" ", "upload"), ("a/", "a"),
      ] {
        #expect(UploadName.cleaned(name) == shown)
      }
      #expect(UploadName.cleaned(String(repeating: "x", count: 5000)).count == 120)
    }
  }
}
