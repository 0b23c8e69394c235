import Testing
import ValenceCore

@Suite("Label spaces")
struct LabelSpaceTests {
  private func decided(_ name: String, _ label: String) throws -> String? {
    let space = try #require(LabelSpace.builtIn(name))
    return switch space.decide(label, corpus: "any") {
    case .mapped(let index): space.classes[index]
    case .dropped: nil
    case .unknown: "unknown"
    }
  }

  @Test(
    "each built-in space maps the emotions as documented",
    arguments: [
      ("sentiment3", ["negative", "negative", "negative", "negative", "positive", "neutral"]),
      ("emotion4", ["angry", nil, nil, "sad", "happy", "neutral"]),
      ("ekman6", ["anger", "disgust", "fear", "sadness", "happiness", nil]),
      ("meld7", ["anger", "disgust", "fear", "sadness", "joy", "neutral"]),
    ] as [(String, [String?])])
  func builtIn(name: String, expected: [String?]) throws {
    let labels = ["Angry", "disgust", "fearful", "SAD", "joy", "neutral"]
    #expect(try labels.map { try decided(name, $0) } == expected)
  }

  @Test("calm is neutral sentiment, else left out; only a pleasant surprise has a sentiment")
  func calm() throws {
    #expect(try decided("sentiment3", "calm") == "neutral")
    #expect(try decided("emotion4", "calm") == nil)
    #expect(try decided("sentiment3", "surprised") == nil)
    #expect(try decided("sentiment3", "pleasant surprise") == "positive")
    #expect(try decided("ekman6", "pleasant surprise") == "surprise")
    #expect(try decided("ekman6", "ps") == "surprise")
  }

  @Test("a word that no corpus is known to use is unknown, never dropped")
  func unknown() throws {
    for name in LabelSpace.builtInNames where name != "native" {
      #expect(try decided(name, "angr") == "unknown")
    }
    #expect(LabelSpace.builtIn("emotion5") == nil)
    #expect(LabelSpace.builtIn("native") == nil)
  }

  @Test("the native space has every label as its own class, in alphabetical order")
  func native() {
    let space = LabelSpace.native(labels: ["Sad", "angry", "calm"])
    #expect(space.classes == ["angry", "calm", "sad"])
    #expect(space.decide("SAD", corpus: "x") == .mapped(2))
    #expect(space.decide("happy", corpus: "x") == .unknown)
  }

  @Test("the corpus's map comes first, then the common one, then drops, then the same name")
  func order() {
    let space = LabelSpace(
      name: "custom", classes: ["Up", "down"],
      maps: ["a": ["Joy": "down"], "*": ["joy": "Up", "calm": "Up"]], dropped: ["Calm", "bored"])
    #expect(space.decide("joy", corpus: "a") == .mapped(1))
    #expect(space.decide("joy", corpus: "b") == .mapped(0))
    #expect(space.decide("calm", corpus: "b") == .mapped(0))
    #expect(space.decide("Bored", corpus: "b") == .dropped)
    #expect(space.decide("up", corpus: "b") == .mapped(0))
    #expect(space.knownLabels(in: "b") == ["bored", "calm", "down", "joy", "up"])
  }
}
