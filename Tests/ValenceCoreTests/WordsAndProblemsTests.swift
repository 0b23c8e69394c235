import Foundation
import Testing
import ValenceCore

@Suite("Nearest words")
struct NearestWordTests {
  @Test(
    "the distance counts insertions, deletions, substitutions and swaps, whatever the case",
    arguments: [
      ("", "", 0), ("", "abc", 3), ("abc", "", 3), ("hop_ms", "hop_ms", 0), ("Hop", "hop", 0),
      ("hop_msec", "hop_ms", 2), ("lables", "labels", 1), ("kitten", "sitting", 3),
      ("ca", "abc", 3),
    ])
  func distances(a: String, b: String, expected: Int) {
    #expect(NearestWord.distance(a, b) == expected)
    #expect(NearestWord.distance(b, a) == expected)
  }

  @Test("near is at most a third of the word, at least one letter")
  func limits() {
    let words = NearestWord(among: ["mel", "mfcc", "hop_ms", "speaker"])
    #expect(words.nearest(to: "mle") == "mel")
    #expect(words.nearest(to: "xyz") == nil)
    #expect(words.nearest(to: "hop_msec") == "hop_ms")
    #expect(words.nearest(to: "hop_seconds") == nil)
    #expect(NearestWord(among: []).nearest(to: "mel") == nil)
  }

  @Test("of words as near as each other the one that starts alike is meant")
  func ties() {
    #expect(NearestWord(among: ["ang", "anger", "angry"]).nearest(to: "angr") == "angry")
    #expect(NearestWord(among: ["bat", "cat"]).nearest(to: "at") == "bat")
  }

  @Test("a hint is the nearest word or the first eight valid ones")
  func hints() {
    let words = (1...9).map { "word\($0)" }
    #expect(NearestWord(among: words).hint(for: "wrod1") == "did you mean word1?")
    #expect(NearestWord(among: ["a1", "b2"]).hint(for: "xyz") == "valid are a1, b2")
    #expect(
      NearestWord(among: words).hint(for: "x")
        == "valid are word1, word2, word3, word4, word5, word6, word7, word8, …")
  }
}

@Suite("Problems")
struct ProblemTests {
  @Test("a problem prints place, key and message, as far as they are known")
  func printing() {
    let place = SourcePlace(file: "a.yaml", line: 14)
    #expect(
      Problem("no such key.", at: place, key: "hop").description == "a.yaml:14: hop: no such key.")
    #expect(Problem("no.", key: "hop").description == "hop: no.")
    #expect(Problem("no.", at: SourcePlace(file: "a.yaml")).description == "a.yaml: no.")
  }

  @Test("problems come in the order of file and line, those without a place last and as found")
  func order() {
    let problems = Problems([
      Problem("6", key: "b"), Problem("3", at: SourcePlace(file: "a", line: 10)),
      Problem("7", key: "a"), Problem("1", at: SourcePlace(file: "a", line: 2)),
      Problem("5", at: SourcePlace(file: "b", line: 1)),
      Problem("2", at: SourcePlace(file: "a", line: 2)),
      Problem("4", at: SourcePlace(file: "a", line: 10)),
    ])
    #expect(problems.all.map(\.message) == ["1", "2", "3", "4", "5", "6", "7"])
    #expect(problems.description.split(separator: "\n").count == 7)
  }
}

@Suite("Digests")
struct DigestTests {
  @Test("a digest is SHA-256 as FIPS 180-4 tabulates it")
  func known() {
    #expect(
      Digest(of: "abc").hex == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    #expect(
      Digest(of: Data()).hex == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
    #expect(Digest(of: "abc").short == "ba7816bf8f01cfea")
  }

  @Test("where one part ends and the next begins makes a difference")
  func parts() {
    let all = [["ab", "c"], ["a", "bc"], ["abc"], ["abc", ""], ["a,b", "c"], ["a", "b,c"]]
    #expect(Set(all.map { Digest(ofParts: $0) }).count == all.count)
    #expect(Digest(ofParts: ["a", "b"]) == Digest(ofParts: ["a", "b"]))
  }

  @Test("parts and feeds are hashed in their written form, which the keys of trials depend on")
  func form() {
    // By Python's hashlib: of `1:a,2:bc`, and of the numbers and texts below.
    #expect(
      Digest(ofParts: ["a", "bc"]).hex
        == "e995f0cf7ddc38d617e24e53d50febeed4d66b630b9fe374dcb0a9e70f46896f")
    var feed = Digest.Feed()
    feed.add(-1)
    feed.add("é")
    feed.add(nil as String?)
    feed.add("x" as String?)
    feed.add(Digest(of: "abc"))
    #expect(
      feed.digest().hex == "7018d0aff9c97611c25c504f6bff05d684ba9aa0780788067af3c7c0f4460017")
  }
}
