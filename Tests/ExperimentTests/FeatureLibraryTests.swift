import Foundation
import Synchronization
import Testing
import ValenceCore
import ValenceStore
import ValenceTestSupport

@testable import ValenceData
@testable import ValenceTraining

@Suite("Features between the cache and training")
struct FeatureLibraryTests {
  private static let short = ["training.epochs=3", "features.fusion=concat"]
  /// With noise in some variants, so that waveforms are cached too.
  private static let noisy =
    short + ["sweep={grid: {training.augmentation.noise: [none, {snr_db: [0, 10]}]}}"]

  /// Every entry of a cache.
  private func entries(_ laboratory: Laboratory, _ cache: String = "cache") throws -> [URL] {
    try laboratory.files(cache).keys.filter { $0.hasSuffix(".floats") }.sorted()
      .map { laboratory.url("\(cache)/\($0)") }
  }

  /// What a run leaves, whose cache suffers `harm` as soon as its first trial begins.
  private func files(
    _ laboratory: Laboratory, _ name: String, cache: String, jobs: Int = 1,
    _ overrides: [String] = noisy, harm: @escaping @Sendable () -> Void = {}
  ) throws -> [String: Data] {
    let isDone = Mutex(false)
    let control = RunControl { event in
      guard case .began = event else { return }
      let isFirst = isDone.withLock { done in
        defer { done = true }
        return !done
      }
      if isFirst { harm() }
    }
    let summary = try laboratory.run(
      laboratory.plan(), overrides,
      .init(results: name, cache: cache, jobs: jobs, cores: 2, control: control))
    #expect(summary.failures.isEmpty, "\(summary.failures)")
    #expect(summary.trained > 0)
    return try laboratory.files(name)
  }

  @Test("a damaged cache gives the bytes of a whole one, and is whole afterwards")
  func damaged() throws {
    try Laboratory.with { laboratory in
      try laboratory.write(ToneCorpus(), as: "one")
      let whole = try files(laboratory, "whole", cache: "cache", Self.short)
      let entries = try entries(laboratory)
      #expect(entries.count == 2 * 36, "mel and mfcc of each clip")
      let contents = try entries.map { try Data(contentsOf: $0) }
      for (number, file) in entries.enumerated() {
        var bytes = contents[number]
        switch number % 5 {
        case 0: bytes[bytes.count / 2] ^= 4
        case 1: bytes.removeLast(4 + number)
        case 2: bytes = Data()
        case 3: bytes = contents[(number + 1) % contents.count]
        default: try FileManager.default.removeItem(at: file)
        }
        if number % 5 != 4, number % 5 != 3 { try bytes.write(to: file) }
        // Another clip's features under this clip's name are whole but not its own; only where their
        // shape is another one can that be noticed.
        if number % 5 == 3, bytes.count != contents[number].count { try bytes.write(to: file) }
      }
      expectSame(whole, try files(laboratory, "mended", cache: "cache", Self.short))
      #expect(try entries.map { try Data(contentsOf: $0) } == contents)
    }
  }

  @Test(
    "a cache that is emptied or damaged in the middle of a run changes no byte", arguments: [1, 2])
  func harmed(jobs: Int) throws {
    try Laboratory.with { laboratory in
      try laboratory.write(ToneCorpus(), as: "one")
      let whole = try files(laboratory, "whole", cache: "a")
      let (folder, aside) = (laboratory.url("b"), laboratory.url("aside"))
      let emptied = try files(laboratory, "emptied", cache: "b", jobs: jobs) {
        do {
          // In one step, or what another trial writes meanwhile would be in the way.
          try FileManager.default.moveItem(at: folder, to: aside)
        } catch { Issue.record(error) }
      }
      expectSame(whole, emptied)
      let (before, after) = (try laboratory.files("aside"), try laboratory.files("b"))
      #expect(after.count >= 2 * 36, "what is extracted again is kept again")
      #expect(after.allSatisfy { before[$0.key] == $0.value })
      let other = laboratory.url("c")
      let flipped = try files(laboratory, "flipped", cache: "c", jobs: jobs) {
        do {
          let names = try FileManager.default.subpathsOfDirectory(atPath: other.path)
          for name in names where name.hasSuffix(".floats") {
            var bytes = try Data(contentsOf: other.appending(path: name))
            bytes[bytes.count - 3] ^= 1
            // Renamed into place, as whoever restores a file would do it.
            try bytes.write(to: other.appending(path: name), options: .atomic)
          }
        } catch { Issue.record(error) }
      }
      expectSame(whole, flipped)
    }
  }

  @Test("features that are neither in the cache nor to be had again end the run with a sentence")
  func lost() throws {
    try Laboratory.with { laboratory in
      try laboratory.write(ToneCorpus(), as: "one")
      let (cache, speech) = (laboratory.url("cache"), laboratory.url("one"))
      func reasons(_ harm: @escaping @Sendable () throws -> Void) throws -> Set<String> {
        let control = RunControl { event in
          guard case .began(1, _) = event else { return }
          do { try harm() } catch { Issue.record(error) }
        }
        let experiment = try laboratory.experiment(laboratory.plan(), Self.short)
        var failures: [(title: String, reason: String)]
        do {
          failures = try laboratory.run(experiment, .init(control: control)).failures
        } catch let halted as RunHalted {
          // What is no trial's fault is none of its properties.
          #expect(halted.failures.isEmpty)
          failures = [("", "\(halted.cause)")]
        }
        return Set(
          failures.map {
            $0.reason.replacingOccurrences(of: laboratory.folder.url.path + "/", with: "")
          })
      }
      let clips = try FileManager.default.contentsOfDirectory(atPath: speech.path)
        .filter { $0.hasSuffix(".wav") }
      // As many frames as before, and other sound: nothing of it may be kept under the old digest.
      let other = try reasons {
        try FileManager.default.removeItem(at: cache)
        for clip in clips {
          let file = speech.appending(path: clip)
          var bytes = try Data(contentsOf: file)
          for index in bytes.indices.suffix(1000) { bytes[index] ^= 1 }
          try bytes.write(to: file)
        }
      }
      #expect(other.count == 1)
      #expect(
        other.allSatisfy {
          $0.hasSuffix(
            ": this file is not what it was when the run began; start the run again.")
        }, "\(other)")
      let short = try reasons {
        try FileManager.default.removeItem(at: cache)
        for (number, clip) in clips.enumerated() {
          let pace = 1 + Double(number) / 100
          let samples = (0..<2000).map { Float(0.4 * sin(pace * Double($0))) }
          try ToneCorpus.wav(samples).write(to: speech.appending(path: clip))
        }
      }
      #expect(short.count == 1)
      #expect(
        short.allSatisfy {
          $0.hasSuffix(
            ": this file is not what it was when the run began; start the run again.")
        }, "\(short)")
      let gone = try reasons {
        try FileManager.default.removeItem(at: cache)
        for clip in clips { try FileManager.default.removeItem(at: speech.appending(path: clip)) }
      }
      #expect(gone.count == 1)
      #expect(gone.allSatisfy { $0.contains("there is no such file") }, "\(gone)")
    }
  }

  @Test("memory holds no features: a library of long clips is as small as one of short ones")
  func small() throws {
    try Laboratory.with { laboratory in
      try laboratory.write(ToneCorpus(), as: "one")
      let experiment = try laboratory.experiment(laboratory.plan(), Self.short)
      let library = try FeatureLibrary.load(
        experiment, cache: FeatureCache(folder: laboratory.url("cache")), threads: 1,
        control: RunControl { _ in })
      let clip = library.clip("one", 0)
      #expect(clip.frames == [26])
      // What is left of a clip once its features are read is what this says of it.
      #expect(
        Mirror(reflecting: clip).children.compactMap(\.label) == ["frames", "spanS", "fault"])
    }
  }
}
