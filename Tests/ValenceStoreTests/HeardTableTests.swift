import Foundation
import Testing
import ValenceCore
import ValenceStore
import ValenceTestSupport

@Suite("What a network has heard as CSV")
struct HeardTableTests {
  private func clip(
    _ file: String, _ change: (inout HeardClip) -> Void = { _ in }
  ) -> HeardClip {
    var clip = HeardClip(
      side: .train, corpus: ("ravdess", "ravdess"), file: file, span: nil, speaker: "s1")
    clip.content = Digest(of: file)
    change(&clip)
    return clip
  }

  private var clips: [HeardClip] {
    [
      clip("a.wav"), clip("=1+2, \"b\".wav") { $0.speaker = "@s, \"2\"" },
      clip("日本語/音\n声.wav") { $0.speaker = nil },
      clip("c.wav") { $0.span = 0.1...(0.1 + 0.2) },
      clip("d.wav") { $0.side = .validation },
      clip("e.wav") { $0.samples = Digest(of: "samples") },
      clip("f.wav") { $0.content = nil },
      clip("g.wav") {
        $0.network = Digest(of: "network")
        ($0.corpus, $0.adapter) = ("mine", "folders")
      },
    ]
  }

  private func read(_ text: String, revision: Int = 3) throws -> [HeardClip] {
    try HeardTable.clips(
      in: Table(decoding: Data(text.utf8), name: "h.csv"), revision: revision, name: "h.csv")
  }

  @Test("clips come back as they were")
  func roundTrip() throws {
    #expect(try read(HeardTable.table(clips, revision: 3).harmlessText) == clips)
    #expect(try read(HeardTable.table([], revision: 3).harmlessText) == [])
  }

  @Test("samples that another revision of the decoder made are not compared")
  func revision() throws {
    let text = HeardTable.table(clips, revision: 2).harmlessText
    #expect(
      try read(text)
        == clips.map { clip in
          var clip = clip
          clip.samples = nil
          return clip
        })
  }

  @Test("tables of finished trials go on being read")
  func oldForm() throws {
    let digest = String(repeating: "0123456789abcdef", count: 4)
    let text = """
      network,side,corpus,adapter,file,start,end,speaker,content,samples
      ,train,one,emodb,03a01Fa.wav,,,03,\(digest),3:\(digest)
      \(digest),validation,two,manifest,x.wav,1.5,2.25,,,

      """
    let first = try read(text)[0]
    #expect(first.file == "03a01Fa.wav" && first.speaker == "03" && first.side == .train)
    #expect(first.content?.hex == digest && first.samples?.hex == digest && first.network == nil)
    let second = try read(text)[1]
    #expect(second.network?.hex == digest && second.span == 1.5...2.25 && second.speaker == nil)
    #expect(second.side == .validation && second.content == nil && second.corpus == "two")
  }

  @Test(
    "a row that is none is refused, by its number",
    arguments: [
      "x,train,c,a,f,,,s,,", ",trained,c,a,f,,,s,,", ",train,c,a,f,1,,s,,", ",train,c,a,f,2,1,s,,",
      ",train,c,a,f,nan,1,s,,", ",train,c,a,f,,,s,abc,", ",train,c,a,f,,,s,,abc",
      ",train,c,a,f,,,s,,3:abc",
    ])
  func damaged(row: String) throws {
    let text = "network,side,corpus,adapter,file,start,end,speaker,content,samples\n\(row)\n"
    #expect(throws: StoreError.damaged(file: "h.csv", reason: "row 1 cannot be read")) {
      try read(text)
    }
    #expect(throws: StoreError.self) { try read("file\nx\n") }
  }
}
