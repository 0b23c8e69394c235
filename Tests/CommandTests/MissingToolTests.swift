import Foundation
import Testing
import ValenceTestSupport

@Suite("Tools that are not installed")
struct MissingToolTests {
  @Test(
    "films are refused before anything is done where ffmpeg is missing, whatever the plan drops")
  func films() throws {
    try Command.with { valence in
      let corpus = valence.folder.appending(path: "one")
      for name in try FileManager.default.contentsOfDirectory(atPath: corpus.path)
      where name.hasSuffix(".wav") {
        try FileManager.default.moveItem(
          at: corpus.appending(path: name),
          to: corpus.appending(path: name.replacing(".wav", with: ".mp4")))
      }
      let manifest = corpus.appending(path: "manifest.csv")
      let text = try String(contentsOf: manifest, encoding: .utf8).replacing(".wav", with: ".mp4")
      try Data(text.utf8).write(to: manifest)
      var bare = valence
      bare.environment["PATH"] = valence.folder.path
      let refused = try bare("run", "plan.yaml", "audio.unreadable=drop")
      #expect(refused.status == 2)
      #expect(
        refused.errors == """
          plan.yaml:3: corpora.one: corpus one: 36 of 36 utterances (high-s1-0.mp4, …) are decoded by \
          ffmpeg, which is not installed; install ffmpeg (Debian: apt-get install ffmpeg) or convert \
          them to WAV or FLAC.

          """)
      let doctor = try bare("doctor")
      #expect(doctor.status == 0)
      let line = doctor.output.split(separator: "\n").first { $0.hasPrefix("ffmpeg") }
      #expect(
        line?.split(separator: " ").joined(separator: " ")
          == "ffmpeg missing without it: no sound of MP4, M4A, MKV, AVI, … such as MELD's clips "
          + "(Debian: ffmpeg)")
    }
  }
}
