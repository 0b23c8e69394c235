import Foundation
import Testing
import ValencePredict
import ValenceServeOptions
import ValenceTestSupport

@testable import ValenceServe

extension ServerTests {
  @Suite("Requests")
  struct RequestTests {
    private static let wav = ToneCorpus.wav(Serving.samples(seconds: 3.3))

    private static func form(_ parts: [(head: String, body: Data)], boundary: String = "xyz")
      -> Data
    {
      parts.reduce(into: Data()) { form, part in
        form += Data("--\(boundary)\r\n\(part.head)\r\n\r\n".utf8) + part.body + Data("\r\n".utf8)
      } + Data("--\(boundary)--\r\n".utf8)
    }

    private static let formType = ["Content-Type": "multipart/form-data; boundary=xyz"]
    private static let wavType = ["Content-Type": "audio/wav"]
    private static let fileHead =
      "Content-Disposition: form-data; name=\"file\"; filename=\"a.wav\""

    @Test("an upload gets the answers that predict gives, whole and in windows")
    func sameAsPredict() async throws {
      try await Serving.with { place in
        for (query, windows) in [
          ("", nil), ("?windows=true", WindowOptions()),
          ("?hop_s=0.3&window_s=0.4", WindowOptions(windowS: 0.4, hopS: 0.3)),
        ] as [(String, WindowOptions?)] {
          let expected = try Serving.expected(Self.wav, windows: windows)
          #expect(windows == nil ? expected.count == 1 : expected.count > 5)
          let raw = try await place.ask("POST", "/v1/predict\(query)", Self.wavType, body: Self.wav)
          #expect(raw.status == 200, "\(raw.text)")
          expectSame(try Said.list(raw.body), expected)
          let form = try await place.ask(
            "POST", "/v1/predict\(query)", Self.formType,
            body: Self.form([(Self.fileHead, Self.wav)]))
          #expect(form.status == 200, "\(form.text)")
          #expect(try Said.list(form.body).allSatisfy { $0.file == "a.wav" })
          expectSame(try Said.list(form.body), expected)
        }
      }
    }

    @Test("many uploads at once each get their own answers")
    func sideBySide() async throws {
      try await Serving.with { place in
        try await withThrowingTaskGroup(of: Void.self) { group in
          for seed in 1...8 {
            group.addTask {
              let wav = ToneCorpus.wav(Serving.samples(seconds: 1, seed: UInt64(seed)))
              let expected = try Serving.expected(wav)
              let client = try await place.client()
              for _ in 0..<5 {
                let answer = try await client.ask("POST", "/v1/predict", Self.wavType, body: wav)
                expectSame(try Said.list(answer.body), expected)
              }
            }
          }
          try await group.waitForAll()
        }
      }
    }

    @Test("each mistake in an upload has its status and sentence", arguments: Mistake.all)
    func mistakes(mistake: Mistake) async throws {
      try await Serving.with({ ($0.limits.bytes, $0.limits.seconds) = (200_000, 5) }) { place in
        let answer = try await place.ask(
          "POST", "/v1/predict\(mistake.query)", mistake.headers, body: mistake.body)
        #expect(answer.status == mistake.status)
        let fault = try #require(answer.fault, "\(answer.text)")
        #expect(fault.contains(mistake.part), "\(fault)")
        #expect(!fault.contains("/tmp") && !fault.contains("valence-serve"), "\(fault)")
        // Others are served as before.
        let next = try await place.ask("POST", "/v1/predict", Self.wavType, body: Self.wav)
        #expect(next.status == 200)
      }
    }

    struct Mistake: CustomTestStringConvertible, Sendable {
      var testDescription: String
      var query = ""
      var headers = RequestTests.wavType
      var body = RequestTests.wav
      var status: Int
      var part: String

      static let all = [
        Mistake(testDescription: "no type", headers: [:], status: 415, part: "Content-Type"),
        Mistake(
          testDescription: "text", headers: ["Content-Type": "text/plain"], status: 415,
          part: "audio/wav"),
        Mistake(testDescription: "nothing", body: Data(), status: 400, part: "empty"),
        Mistake(
          testDescription: "no sound", query: "?name=notes.txt", body: Data("hello".utf8),
          status: 422,
          part: "notes.txt: this is not audio"),
        Mistake(
          testDescription: "cut off", query: "?name=../../etc/cut.wav",
          body: RequestTests.wav.prefix(20000), status: 422, part: "cut.wav"),
        Mistake(
          testDescription: "silence", body: ToneCorpus.wav([Float](repeating: 0, count: 8000)),
          status: 422, part: "upload"),
        Mistake(
          testDescription: "too many bytes", body: Data(count: 200_001), status: 413,
          part: "200000 bytes"),
        Mistake(
          testDescription: "too long", body: ToneCorpus.wav(Serving.samples(seconds: 5.2)),
          status: 413, part: "5.000 s"),
        Mistake(
          testDescription: "unknown setting", query: "?window=true", status: 400,
          part: "did you mean windows?"),
        Mistake(
          testDescription: "setting twice", query: "?hop_s=1&hop_s=2", status: 400, part: "twice"),
        Mistake(
          testDescription: "no number", query: "?hop_s=nan", status: 400, part: "hop_s: 'nan'"),
        Mistake(testDescription: "no hop", query: "?hop_s=0", status: 400, part: "hop"),
        Mistake(
          testDescription: "huge window", query: "?window_s=1e300", status: 400, part: "window"),
        Mistake(
          testDescription: "contradiction", query: "?windows=false&hop_s=1", status: 400,
          part: "windows=false"),
        Mistake(testDescription: "broken escape", query: "?name=%ff", status: 400, part: "escape"),
        Mistake(
          testDescription: "no boundary", headers: ["Content-Type": "multipart/form-data"],
          status: 400, part: "boundary"),
        Mistake(
          testDescription: "no form", headers: RequestTests.formType, status: 400,
          part: "last boundary"),
        Mistake(
          testDescription: "another field", headers: RequestTests.formType,
          body: RequestTests.form([
            ("Content-Disposition: form-data; name=\"hop_s\"", Data("1".utf8))
          ]
          ),
          status: 400, part: "'hop_s'"),
        Mistake(
          testDescription: "two files", headers: RequestTests.formType,
          body: RequestTests.form([(RequestTests.fileHead, wav), (RequestTests.fileHead, wav)]),
          status: 400, part: "several"),
        Mistake(
          testDescription: "head too large", headers: RequestTests.formType,
          body: RequestTests.form([(String(repeating: "x", count: 9000), Data())]), status: 400,
          part: "8192"),
      ]
      private static let wav = RequestTests.wav
    }

    @Test("what is not there, or not asked for so, is 404 and 405 with a sentence")
    func elsewhere() async throws {
      try await Serving.with { place in
        for path in ["/v2", "/v1/predict/", "/..%2f..%2fetc/passwd", "/app.js.map", "//", "/mcp"] {
          let answer = try await place.ask("GET", path)
          #expect([404, 405].contains(answer.status) && answer.fault != nil, "\(path)")
        }
        for (method, path, allowed) in [
          ("DELETE", "/v1/models", "GET, HEAD"), ("GET", "/v1/predict", "POST"),
          ("PUT", "/", "GET, HEAD"), ("POST", "/app.js", "GET, HEAD"), ("OPTIONS", "/mcp", "POST"),
        ] {
          let answer = try await place.ask(method, path)
          #expect(answer.status == 405 && answer.headers["allow"] == allowed, "\(method) \(path)")
          #expect(answer.fault?.contains(method) == true)
        }
      }
    }

    @Test("the page and its files are there, with a policy that lets in nothing else")
    func page() async throws {
      try await Serving.with { place in
        let page = try await place.ask("GET", "/")
        #expect(page.status == 200 && page.text.contains("<h1>Valence"))
        let policy = try #require(page.headers["content-security-policy"])
        #expect(policy.contains("default-src 'none'") && !policy.contains("unsafe"))
        #expect(page.headers["x-content-type-options"] == "nosniff")
        // Everything that the page names is there, and nothing is inline.
        let named = page.text.matches(of: /(?:src|href)="(\/[^"]+)"/).map { String($0.1) }
        #expect(
          named.count >= 3 && !page.text.contains("<script>") && !page.text.contains("style=\""))
        for path in named + PageFile.allCases.map(\.rawValue) {
          let file = try await place.ask("GET", path)
          #expect(file.status == 200 && !file.body.isEmpty, "\(path)")
          let head = try await place.ask("HEAD", path)
          #expect(head.status == 200 && head.headers["content-length"] == "\(file.body.count)")
        }
      }
    }

    @Test("models, health, metrics and the description tell the state and no path")
    func state() async throws {
      try await Serving.with { place in
        _ = try await place.ask("POST", "/v1/predict", Self.wavType, body: Self.wav)
        let models = try await place.ask("GET", "/v1/models")
        #expect(models.text.contains("\"classes\":[\"low\",\"mid\",\"high\"]"))
        #expect(models.text.contains("\"name\":\"\(Serving.model.lastPathComponent)\""))
        let health = try await place.ask("GET", "/health")
        #expect(health.text.contains("\"status\":\"ok\""))
        let metrics = try await place.ask("GET", "/metrics")
        let line = "valence_requests_total{route=\"/v1/predict\",status=\"200\"} 1"
        #expect(metrics.text.contains(line), "\(metrics.text)")
        #expect(try await place.metric("process_resident_memory_bytes") ?? 0 > 1e6)
        let heard = try await place.metric("valence_audio_seconds_total{route=\"/v1/predict\"}")
        #expect(abs((heard ?? 0) - 3.3) < 0.001)
        let description = try await place.ask("GET", "/openapi.json")
        let content = try JSONSerialization.jsonObject(with: description.body) as? [String: Any]
        let paths = try #require(content?["paths"] as? [String: Any])
        #expect(
          Set(paths.keys) == [
            "/openapi.json", "/health", "/metrics", "/v1/models", "/v1/predict", "/v1/stream",
            "/mcp",
          ])
        #expect(description.text.contains("\"operationId\":\"predict\""))
        for answer in [models, health, metrics, description] {
          #expect(!answer.text.contains("valence-secret") && !answer.text.contains("/tmp"))
        }
      }
    }

    @Test("no upload stays on disk, whatever became of it")
    func spool() async throws {
      func folders() throws -> [String] {
        try FileManager.default.contentsOfDirectory(
          atPath: FileManager.default.temporaryDirectory.path
        ).filter { $0.hasPrefix("valence-serve-") }
      }
      let spool = try Spool()
      let file = try spool.makeFile()
      try file.write(Data([1]))
      #expect(
        try FileManager.default.attributesOfItem(atPath: file.url.deletingLastPathComponent().path)[
          .posixPermissions] as? Int == 0o700)
      file.remove()
      #expect(!FileManager.default.fileExists(atPath: file.url.path))
      let own = file.url.deletingLastPathComponent().lastPathComponent
      #expect(try folders().contains(own))
      spool.remove()
      #expect(try !folders().contains(own))
    }

    @Test("the token is asked for, as a header or by a login")
    func token() async throws {
      let token = "correct-horse-battery-staple"
      try await Serving.with(token: token) { place in
        let form = ["Content-Type": "application/x-www-form-urlencoded"]
        #expect(try await place.ask("GET", "/v1/models").status == 401)
        #expect(try await place.ask("GET", "/metrics").status == 401)
        #expect(try await place.ask("GET", "/health").status == 200)
        for wrong in ["Bearer wrong", "Bearer \(token)x", "Basic \(token)", token, "Bearer"] {
          #expect(try await place.ask("GET", "/v1/models", ["Authorization": wrong]).status == 401)
        }
        let right = try await place.ask("GET", "/v1/models", ["Authorization": "Bearer \(token)"])
        #expect(right.status == 200)
        await #expect(throws: (any Error).self) { try await StreamClient(port: place.port) }
        #expect(try await place.ask("GET", "/").text.contains("name=\"token\""))

        let refused = try await place.ask("POST", "/login", form, body: Data("token=wrong".utf8))
        #expect(refused.status == 401 && refused.headers["set-cookie"] == nil)
        #expect(refused.text.contains("That is not the token."))
        let login = try await place.ask("POST", "/login", form, body: Data("token=\(token)".utf8))
        #expect(login.status == 303 && login.headers["location"] == "/")
        let cookie = try #require(login.headers["set-cookie"])
        #expect(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"))
        #expect(!cookie.contains(token) && !cookie.contains("Secure"))
        let own = ["Cookie": "a=b; \(cookie.prefix { $0 != ";" })"]
        #expect(try await place.ask("GET", "/v1/models", own).status == 200)
        #expect(try await place.ask("GET", "/", own).text.contains("data-login=\"true\""))
        let stream = try await StreamClient(port: place.port, "?rate_hz=8000", own)
        #expect(try await stream.next().text.contains("\"event\":\"start\""))

        #expect(try await place.ask("POST", "/logout", own).status == 303)
        #expect(try await place.ask("GET", "/v1/models", own).status == 401)
        #expect(!place.log.value.joined().contains(token))
        let secure = try await place.ask(
          "POST", "/login",
          form.merging(["Host": "localhost", "Origin": "https://localhost"]) { $1 },
          body: Data("token=\(token)".utf8))
        #expect(secure.status == 303 && secure.headers["set-cookie"]?.contains("; Secure") == true)
      }
    }

    @Test("requests for another host, or from another site's page, are refused")
    func origins() async throws {
      try await Serving.with({ $0.allowedHosts = ["speech.example.org"] }) { place in
        let port = place.port
        func expect(_ status: Int, _ host: String, _ origin: String? = nil) async throws {
          let own = try await place.ask(
            "GET", "/v1/models", ["Host": host, "Origin": origin].compactMapValues { $0 })
          #expect(own.status == status, "\(host) \(origin ?? "")")
        }
        for host in [
          "127.0.0.1", "localhost:\(port)", "LOCALHOST", "[::1]:\(port)", "speech.example.org",
        ] {
          try await expect(200, host)
        }
        for host in ["evil.example", "127.0.0.1.evil.example", "169.254.169.254:\(port)"] {
          try await expect(403, host)
        }
        for host in [
          "", "a b", "localhost:0", "localhost:99999", "localhost:x", "[::1", "a@localhost",
        ] {
          try await expect(400, host)
        }
        try await expect(200, "localhost:\(port)", "http://localhost:\(port)")
        try await expect(200, "speech.example.org", "https://speech.example.org")
        try await expect(200, "speech.example.org", "https://speech.example.org:443")
        for origin in [
          "http://evil.example", "null", "http://localhost", "http://localhost:\(port + 1)",
          "file://", "", "https://localhost:\(port).evil.example",
        ] {
          try await expect(403, "localhost:\(port)", origin)
        }
        await #expect(throws: (any Error).self) {
          try await StreamClient(port: port, "", ["Origin": "http://evil.example"])
        }
      }
    }
  }
}
