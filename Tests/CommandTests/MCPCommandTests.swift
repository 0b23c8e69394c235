import Foundation
import Testing
import ValenceTestSupport

@Suite("valence mcp")
struct MCPCommandTests {
  /// Lends the command in a folder with a trained model, whose path is relative.
  private func trained(_ body: (Command, String) throws -> Void) throws {
    try Command.with { valence in
      let run = try valence("run", "plan.yaml", "training.epochs=1")
      #expect(run.status == 0, "\(run.errors)")
      let trials = valence.folder.appending(path: "Results/study/trials")
      let key = try #require(
        try FileManager.default.contentsOfDirectory(atPath: trials.path).sorted().first)
      try body(valence, "Results/study/trials/\(key)")
    }
  }

  /// A line that calls a tool.
  private func call(_ id: Int, _ tool: String, _ arguments: [String: Any]) throws -> String {
    let message: [String: Any] = [
      "jsonrpc": "2.0", "id": id, "method": "tools/call",
      "params": ["name": tool, "arguments": arguments],
    ]
    let data = try JSONSerialization.data(withJSONObject: message)
    return String(decoding: data, as: UTF8.self)
  }

  /// Hands lines to the server, without `PATH`, `HOME` or locale; returns the answers by id.
  private func ask(
    _ valence: Command, _ model: String, _ lines: [String]
  ) throws -> [Int: [String: Any]] {
    try Data((lines.joined(separator: "\n") + "\n").utf8).write(
      to: valence.folder.appending(path: "lines"))
    let run = try valence.shell("env -i $VALENCE mcp \(model) --results Results < lines")
    #expect(run.status == 0, "\(run.errors)")
    var answers: [Int: [String: Any]] = [:]
    for line in run.output.split(separator: "\n") {
      let answer = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
      #expect(answer?["jsonrpc"] as? String == "2.0", "no message: \(line)")
      if let id = answer?["id"] as? Int { answers[id] = answer }
    }
    return answers
  }

  private func result(_ answer: [String: Any]?) throws -> [String: Any] {
    try #require(answer?["result"] as? [String: Any])
  }

  @Test("a recording by path, in base64 and in windows gets the probabilities of predict")
  func likePredict() throws {
    try trained { valence, model in
      let file = "one/low-s1-0.wav"
      let bytes = try Data(contentsOf: valence.folder.appending(path: file))
      let answers = try ask(
        valence, model,
        [
          call(1, "predict_emotion", ["path": file]),
          call(2, "predict_emotion", ["audio_base64": bytes.base64EncodedString()]),
          call(3, "predict_emotion", ["path": file, "window_s": 0.25, "hop_s": 0.1]),
        ])
      for (id, more) in [
        (1, []), (2, []), (3, ["--windows", "--window", "0.25", "--hop", "0.1"]),
      ] {
        let json = try valence("predict", [model, file, "--json"] + more)
        let expected = try #require(
          try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [[String: Any]])
        let content = try result(answers[id])["structuredContent"] as? [String: Any]
        let found = try #require(content?["answers"] as? [[String: Any]])
        #expect(found.count == expected.count && !found.isEmpty)
        for (one, other) in zip(found, expected) {
          #expect(one["prediction"] as? String == other["prediction"] as? String)
          #expect(one["start_s"] as? Double == other["start_s"] as? Double)
          let (a, b) = (one["probabilities"], other["probabilities"])
          let (mine, theirs) = (a as? [String: Double] ?? [:], b as? [String: Double] ?? [:])
          #expect(mine.keys.sorted() == ["high", "low", "mid"])
          for (name, value) in mine { #expect(abs(value - (theirs[name] ?? 9)) <= 1e-5) }
        }
      }
    }
  }

  @Test("nothing but messages is on standard output, whatever is wrong with a recording")
  func corrupt() throws {
    try trained { valence, model in
      var data =
        Data("ID3\u{4}".utf8) + Data((0..<6000).map { UInt8(truncatingIfNeeded: $0 &* 37) })
      data.insert(contentsOf: [0xFF, 0xFB, 0x90, 0x64], at: 500)
      try data.write(to: valence.folder.appending(path: "odd.mp3"))
      let wav = try Data(contentsOf: valence.folder.appending(path: "one/low-s1-0.wav"))
      try wav.prefix(60).write(to: valence.folder.appending(path: "cut.wav"))
      try Data("OggS".utf8).write(to: valence.folder.appending(path: "cut.ogg"))
      let names = ["odd.mp3", "cut.wav", "cut.ogg", "gone.wav", "one", "plan.yaml"]
      let answers = try ask(
        valence, model,
        names.enumerated().map { try call($0, "predict_emotion", ["path": $1]) } + ["{", "[]"])
      for (id, name) in names.enumerated() {
        let refused = try result(answers[id])
        #expect(refused["isError"] as? Bool == true, "\(name)")
        let text = (refused["content"] as? [[String: Any]])?.first?["text"] as? String ?? ""
        #expect(text.hasPrefix(name) && text.hasSuffix("."), "\(text)")
      }
    }
  }

  @Test("results are listed and compared as the commands do it, and a card is that of valence card")
  func results() throws {
    try trained { valence, model in
      #expect(
        try valence("run", "plan.yaml", "name=other", "training.epochs=1", "seeds=[2]").status == 0)
      let answers = try ask(
        valence, model,
        [
          call(1, "list_experiments", [:]),
          call(2, "compare", ["experiments": ["study", "other"], "networks": true]),
          call(3, "describe_model", [:]), call(4, "compare", ["experiments": ["nothing"]]),
        ])
      let listed = try result(answers[1])["structuredContent"] as? [String: Any]
      let names = (listed?["experiments"] as? [[String: Any]])?.compactMap { $0["name"] as? String }
      #expect(names?.sorted() == ["other", "study"])
      let compared = try result(answers[2])["structuredContent"] as? NSDictionary
      let command = try valence("compare", "study", "other", "--networks", "--json").output
      #expect(
        compared == (try JSONSerialization.jsonObject(with: Data(command.utf8)) as? NSDictionary))
      let cards = try result(answers[3])["structuredContent"] as? [String: Any]
      let card = (cards?["models"] as? [NSDictionary])?.first
      let own = try valence("card", model, "--json").output
      #expect(card == (try JSONSerialization.jsonObject(with: Data(own.utf8)) as? NSDictionary))
      #expect(try result(answers[4])["isError"] as? Bool == true)
    }
  }

  @Test("a signal ends it, and leaves no recording behind")
  func terminated() throws {
    try trained { valence, model in
      let line =
        "(sleep 30) | TMPDIR=$PWD/scratch timeout --preserve-status -s TERM 2 $VALENCE mcp \(model)"
      let run = try valence.shell("mkdir scratch; \(line); echo $?; ls scratch")
      #expect(run.output == "130\n", "\(run.output) \(run.errors)")
    }
  }

  @Test(
    "a model that cannot be read is a sentence on standard error, and nothing on standard output")
  func noModel() throws {
    try Command.with { valence in
      let run = try valence("mcp", "nothing")
      #expect((run.status, run.output) == (2, ""))
      #expect(run.errors.hasPrefix("nothing: there is no"), "\(run.errors)")
      let odd = try valence("schema", "--mcp", "--openai")
      #expect(odd.status == 2 && odd.errors.contains("Give either --openai or --mcp."))
    }
  }
}
