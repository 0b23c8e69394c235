import Foundation
import Testing
import ValenceCore
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

  @Test("an ffmpeg does not outlive the program that was killed while it decoded")
  func killed() throws {
    try Command.with { valence in
      let corpus = valence.folder.appending(path: "one")
      for name in try FileManager.default.contentsOfDirectory(atPath: corpus.path)
      where name.hasSuffix(".wav") {
        // The beginning of a Matroska file, whose length only ffmpeg can tell.
        try Data([0x1A, 0x45, 0xDF, 0xA3] + [UInt8](repeating: 0, count: 1000))
          .write(to: corpus.appending(path: name.replacing(".wav", with: ".mkv")))
      }
      let manifest = corpus.appending(path: "manifest.csv")
      let text = try String(contentsOf: manifest, encoding: .utf8).replacing(".wav", with: ".mkv")
      try Data(text.utf8).write(to: manifest)
      let note = valence.folder.appending(path: "process")
      let tools = valence.folder.appending(path: "tools")
      try FileManager.default.createDirectory(at: tools, withIntermediateDirectories: true)
      try writeShellProgram(
        "echo $$ > '\(note.path)'\nkill -KILL $PPID\nexec sleep 60",
        to: tools.appending(path: "ffmpeg"))
      var valence = valence
      let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
      valence.environment["PATH"] = "\(tools.path):\(path)"
      #expect(try valence("run", "plan.yaml").status == -1, "it was killed by a signal")
      let process = try String(contentsOf: note, encoding: .utf8)
        .trimmingCharacters(in: .whitespacesAndNewlines)
      // The kernel ends it at once, but on a busy machine it takes a moment to be gone.
      let ffmpeg = try #require(ProcessIdentity(text: process))
      let deadline = ContinuousClock.now + .seconds(20)
      while ffmpeg.isRunning, ContinuousClock.now < deadline { usleep(10_000) }
      #expect(!ffmpeg.isRunning, "process \(process) is still there")
    }
  }
}
