import Foundation
import Testing
import ValencePredict
import ValenceStore
import ValenceTestSupport

@testable import ValenceAgent

@Suite("The tools for agents")
struct ToolTests {
  /// The sentence of a tool error; nil of a result.
  private func refusal(_ result: JSONValue?) -> String? {
    guard result?["isError"] == true, result?["structuredContent"] == nil else { return nil }
    return result?["content"]?[0]?["text"]?.string
  }

  @Test("a recording in base64 is heard, and its file is gone afterwards")
  func base64() async throws {
    let lab = AgentLab()
    for prefix in ["", "data:audio/wav;base64,"] {
      let result = try #require(
        await lab.call(
          "predict_emotion", "{\"audio_base64\": \"\(prefix)\(AgentLab.recording())\"}", over: .http
        ))
      let answer = try #require(result["structuredContent"]?["answers"]?[0])
      #expect(answer["prediction"] == "low" && answer["model"] == "0a1b2c")
      #expect(answer["probabilities"] == .object(["low": .number(0.75), "high": .number(0.25)]))
      let model = try #require(result["structuredContent"]?["models"]?[0])
      #expect(model["tests"]?[0]?["uar"] == .number(0.75) && model["trained_on"] == .null)
      #expect(result["structuredContent"]?["remarks"]?.items == ["0a1b2c hears well."])
    }
    #expect(lab.heard.all.map(\.name) == ["audio_base64", "audio_base64"])
    #expect(lab.heard.all.allSatisfy { $0.bytes == 8044 && $0.windows == nil })
    let left = try FileManager.default.contentsOfDirectory(atPath: lab.agent.scratch.path)
    #expect(left == [])
    let mode = try FileManager.default.attributesOfItem(atPath: lab.agent.scratch.path)
    #expect(mode[.posixPermissions] as? Int == 0o700)
    lab.agent.close()
    #expect(!FileManager.default.fileExists(atPath: lab.agent.scratch.path))
  }

  @Test("a path is read over standard input and output, and refused over HTTP")
  func path() async throws {
    let lab = AgentLab()
    let result = await lab.call("predict_emotion", "{\"path\": \"/nowhere/call.wav\"}")
    #expect(result?["isError"] == false && lab.heard.all.map(\.name) == ["/nowhere/call.wav"])
    for arguments in [
      "{\"path\": \"/etc/passwd\"}", "{\"path\": \"a\", \"audio_base64\": \"AAAA\"}",
    ] {
      #expect(
        refusal(await lab.call("predict_emotion", arguments, over: .http))
          == "path: over HTTP no file of the server's machine is read; give the recording in "
          + "audio_base64.")
    }
    #expect(lab.heard.all.count == 1)
    #expect(
      refusal(await lab.call("predict_emotion", "{\"path\": \"/dev/zero\"}"))
        == "/dev/zero: this is no regular file; give an audio file.")
  }

  @Test(
    "what windows are asked for reaches the model",
    arguments: [
      ("\"windows\": true", nil, nil), ("\"window_s\": 0.25", 0.25, nil),
      ("\"hop_s\": 1", nil, 1), ("\"windows\": true, \"window_s\": 0.5, \"hop_s\": 0.1", 0.5, 0.1),
    ] as [(String, Double?, Double?)])
  func windows(arguments: String, window: Double?, hop: Double?) async throws {
    let lab = AgentLab()
    let result = await lab.call(
      "predict_emotion",
      "{\"audio_base64\": \"\(AgentLab.recording())\", \"path\": null, \(arguments)}")
    #expect(result?["isError"] == false, "\(String(describing: result))")
    let windows = try #require(lab.heard.all.first?.windows)
    #expect(windows.windowS == window && windows.hopS == hop)
  }

  @Test(
    "what a tool cannot do is a sentence of the tool",
    arguments: [
      ("predict_emotion", "{}", "Give the recording: its path, or its bytes in audio_base64."),
      (
        "predict_emotion", "{\"audio_base64\": null, \"path\": null}",
        "Give the recording: its path, or its bytes in audio_base64."
      ),
      (
        "predict_emotion", "{\"path\": \"a\", \"audio_base64\": \"AAAA\"}",
        "Give the recording either by path or in audio_base64, not both."
      ),
      ("predict_emotion", "{\"path\": 5}", "path should be a string, and is a number."),
      ("predict_emotion", "{\"path\": \"\"}", "path should be the path of an audio file."),
      (
        "predict_emotion", "{\"path\": \"a\", \"windows\": \"yes\"}",
        "windows should be true or false, and is a string."
      ),
      (
        "predict_emotion", "{\"path\": \"a\", \"window\": 1}",
        "window: predict_emotion has no such argument; did you mean windows?"
      ),
      (
        "predict_emotion", "{\"path\": \"a\", \"hop_s\": 0}",
        "hop_s should be more than 0, and is 0.0."
      ),
      (
        "predict_emotion", "{\"path\": \"a\", \"hop_s\": 1e999}",
        "hop_s should be a number, and is an object or a number beyond all bounds."
      ),
      (
        "predict_emotion", "{\"path\": \"a\", \"windows\": false, \"hop_s\": 1}",
        "window_s and hop_s are for windows, but windows is false; leave one out."
      ),
      (
        "predict_emotion", "{\"audio_base64\": \"****\"}",
        "audio_base64: this is not base64; encode the bytes of the audio file anew."
      ),
      ("predict_emotion", "{\"audio_base64\": \"\"}", "audio_base64: the recording is empty."),
      (
        "predict_emotion", "{\"audio_base64\": [[]]}",
        "audio_base64 should be a string, and is a list of other things."
      ),
      (
        "describe_model", "{\"model\": \"0a1b2d\"}",
        "model: no model here is called 0a1b2d; did you mean 0a1b2c?"
      ),
      ("list_experiments", "{\"all\": true}", "all: list_experiments takes no arguments."),
      (
        "list_experiments", "{}",
        "This server was started without a folder of results, so it knows no experiments; whoever "
          + "starts it names one by --results."
      ),
    ])
  func refusals(tool: String, arguments: String, sentence: String) async {
    #expect(refusal(await AgentLab().call(tool, arguments)) == sentence)
  }

  @Test("bytes that are no sound are called what they are, without the path of their file")
  func noSound() async throws {
    let lab = AgentLab()
    let text = Data("this is no sound at all".utf8).base64EncodedString()
    let sentence = try #require(
      refusal(await lab.call("predict_emotion", "{\"audio_base64\": \"\(text)\"}")))
    #expect(sentence.hasPrefix("audio_base64: ") && !sentence.contains("/"), "\(sentence)")
    #expect(lab.heard.all.isEmpty)
  }

  @Test("recordings and windows beyond the limits are refused before they are heard")
  func limits() async throws {
    var limits = Agent.Limits()
    (limits.bytes, limits.seconds, limits.windows) = (1 << 20, 2, 10)
    let lab = AgentLab(limits: limits)
    let long = AgentLab.recording(seconds: 3)
    #expect(
      refusal(await lab.call("predict_emotion", "{\"audio_base64\": \"\(long)\"}"))
        == "audio_base64: the recording has 3.0 s, and at most 2 s are heard; send parts of it.")
    let large = String(repeating: "AAAA", count: 1 << 19)
    #expect(
      refusal(await lab.call("predict_emotion", "{\"audio_base64\": \"\(large)\"}"))
        == "audio_base64: the recording has more than 1 MiB; send parts of it, or a compressed form."
    )
    #expect(
      refusal(
        await lab.call(
          "predict_emotion", "{\"audio_base64\": \"\(AgentLab.recording())\", \"hop_s\": 0.001}"))
        == "hop_s: a window every 0.001 s of 0.5 s would be more than 10 windows; give a longer hop, or "
        + "a part of the recording.")
    #expect(lab.heard.all.isEmpty)
  }

  @Test("the card is that of the model")
  func card() async throws {
    let lab = AgentLab()
    let result = try #require(await lab.call("describe_model", "{\"model\": \"0a1b2c\"}"))
    let card = try #require(result["structuredContent"]?["models"]?[0])
    #expect(card == (try JSONValue(of: AgentLab.card)))
    #expect(card["scores"]?[0]?["model"]?["low"] == .number(0.5))
  }

  @Test("over HTTP no path of the server reaches an answer")
  func paths() async throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "valence-\(UUID())")
    defer { try? FileManager.default.removeItem(at: folder) }
    let study = folder.appending(path: "private-results/study")
    try FileManager.default.createDirectory(at: study, withIntermediateDirectories: true)
    try Data("name: study".utf8).write(to: study.appending(path: "experiment.yaml"))
    do {
      let lab = AgentLab(results: folder.appending(path: "private-results"))
      for (tool, arguments) in [
        ("compare", "{\"experiments\": [\"study\"]}"),
        ("compare", "{\"experiments\": [\"other\"]}"),
        ("compare", "{\"experiments\": [\"../x\"]}"), ("list_experiments", "{}"),
        ("predict_emotion", "{\"audio_base64\": \"\(AgentLab.recording())\"}"),
        ("describe_model", "{}"),
      ] {
        let result = try #require(await lab.call(tool, arguments, over: .http))
        #expect(!result.text.contains(folder.path), "\(tool): \(result.text)")
        #expect(!result.text.contains("secret"), "\(tool): \(result.text)")
      }
    }
  }
}
