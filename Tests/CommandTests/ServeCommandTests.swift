import Foundation
import Testing
import ValenceTestSupport

@Suite("valence serve")
struct ServeCommandTests {
  @Test("a network is served until SIGTERM; the whole way through both programs")
  func whole() throws {
    try Command.with { valence in
      #expect(try valence("run", "plan.yaml", "training.epochs=1").status == 0)
      let outcome = try valence.shell(
        """
        export VALENCE_TOKEN=0123456789abcdef
        "$VALENCE" serve Results/study/trials/* --port 0 --threads 1 >out 2>log & pid=$!
        for try in {1..200}; do grep -q Listening out && break; sleep .05; done
        port=$(sed 's,.*:\\([0-9]*\\)/$,\\1,' out)
        exec 3<>/dev/tcp/127.0.0.1/$port
        printf 'GET /health HTTP/1.1\\r\\nHost: localhost\\r\\n\\r\\n' >&3; read -r line <&3; echo "$line"
        exec 4<>/dev/tcp/127.0.0.1/$port
        printf 'GET /metrics HTTP/1.1\\r\\nHost: localhost\\r\\n\\r\\n' >&4; read -r line <&4; echo "$line"
        kill -TERM $pid; wait $pid; echo "status $?"
        """)
      #expect(outcome.output.contains("HTTP/1.1 200 OK"), "\(outcome)")
      #expect(outcome.output.contains("HTTP/1.1 401 Unauthorized"))
      #expect(outcome.output.hasSuffix("status 0\n"), "\(outcome)")
      let log = try String(contentsOf: valence.folder.appending(path: "log"), encoding: .utf8)
      let events = try log.split(separator: "\n").map { line in
        try #require(JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])["event"]
          as? String
      }
      #expect(events.first == "listening" && events.last == "stopped")
      #expect(events.filter { $0 == "request" }.count == 2)
    }
  }

  @Test(
    "what keeps it from starting is said in a sentence",
    arguments: [
      (["serve", "nowhere"], "nowhere: there is no network here"),
      (["serve", "x", "--port", "70000"], "--port: 70000 is outside of 0 to 65535; give a port"),
      (["serve", "x", "--max-bytes", "1"], "--max-bytes: 1 is outside of 1024 to 1000000000000"),
      (["serve", "x", "--idle-timeout", "nan"], "--idle-timeout: nan is outside of 0.01 to 86400"),
      (["serve", "x", "--token-file", "none"], "none: no token can be read here"),
      (["serve", "x", "--token-file", "short"], "short: the token must have at least 16"),
    ])
  func faults(arguments: [String], sentence: String) throws {
    try TemporaryFolder.with { folder in
      try folder.write(["short": "secret\n"])
      let outcome = try Command(folder: folder.url)(arguments[0], Array(arguments.dropFirst()))
      #expect(outcome.status == 2 && outcome.output == "")
      #expect(outcome.errors.contains(sentence), "\(outcome.errors)")
    }
  }

  @Test("where the server's program is missing, the command says how to build it")
  func missing() throws {
    try TemporaryFolder.with { folder in
      let alone = folder.url.appending(path: "valence")
      try FileManager.default.copyItem(at: Command.executable, to: alone)
      let outcome = try Command(folder: folder.url).shell("./valence serve x")
      #expect(outcome.status == 2)
      #expect(
        outcome.errors
          == "valence-serve: the server is a program of its own, and is not there beside "
          + "valence; build it with swift build -c release --product valence-serve.\n")
    }
  }
}
