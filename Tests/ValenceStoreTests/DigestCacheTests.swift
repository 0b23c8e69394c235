import Foundation
import Testing
import ValenceCore
import ValenceStore
import ValenceTestSupport

@Suite("The record of digests")
struct DigestCacheTests {
  private func cache(_ folder: TemporaryFolder, _ root: String = "/corpora/one") -> DigestCache {
    DigestCache(beside: FeatureCache(folder: folder.url.appending(path: "cache")), of: root)
  }

  private func file(_ number: Int64) -> DigestCache.File {
    let stamp = FileStamp(
      device: .max, inode: UInt64(bitPattern: number), size: number, modifiedNs: -number,
      changedNs: .min)
    return DigestCache.File(stamp: stamp, digest: Digest(of: "file \(number)"))
  }

  private let sounds: [Digest: DigestCache.Sound] = [
    Digest(of: "a"): .init(samples: Digest(of: "samples"), durationS: 1.25),
    Digest(of: "b"): .init(samples: nil, durationS: nil),
    Digest(of: "c"): .init(samples: Digest(of: "of a span"), durationS: nil),
  ]

  @Test("what is kept comes back, with what other processes have kept meanwhile")
  func comesBack() throws {
    try TemporaryFolder.with { folder in
      #expect(cache(folder).files().isEmpty)
      cache(folder).keep([1: file(1), 2: file(2)])
      cache(folder).keep([2: file(20), .max: file(3)])
      #expect(cache(folder).files() == [1: file(1), 2: file(20), .max: file(3)])
      #expect(cache(folder, "/corpora/two").files().isEmpty)
      cache(folder).keep(sounds, revision: 4)
      #expect(cache(folder).sounds(revision: 4) == sounds)
      #expect(cache(folder).sounds(revision: 5).isEmpty, "another decoder's samples")
      #expect(cache(folder, "/corpora/two").sounds(revision: 4).isEmpty)
    }
  }

  @Test("a table that is cut off, changed or something else counts as missing, and is made anew")
  func damaged() throws {
    try TemporaryFolder.with { folder in
      cache(folder).keep([1: file(1), 2: file(2)])
      cache(folder).keep(sounds, revision: 1)
      let tables = folder.url.appending(path: "cache/digests")
      let names = try FileManager.default.contentsOfDirectory(atPath: tables.path)
      #expect(names.count == 2)
      for name in names {
        let table = tables.appending(path: name)
        let whole = try Data(contentsOf: table)
        func isMissing() -> Bool {
          name.hasSuffix(".files")
            ? cache(folder).files().isEmpty : cache(folder).sounds(revision: 1).isEmpty
        }
        #expect(!isMissing())
        for length in 0..<whole.count {
          try whole.prefix(length).write(to: table)
          #expect(isMissing(), "\(name): \(length) bytes")
        }
        for place in whole.indices {
          var bytes = whole
          bytes[place] ^= 4
          try bytes.write(to: table)
          #expect(isMissing(), "\(name): byte \(place)")
        }
        try whole.write(to: table)
        #expect(!isMissing())
      }
      try Data("no table".utf8).write(to: tables.appending(path: names[0]))
      cache(folder).keep([1: file(1)])
      cache(folder).keep(sounds, revision: 1)
      #expect(!cache(folder).files().isEmpty)
      #expect(cache(folder).sounds(revision: 1) == sounds)
    }
  }

  @Test("where no table can be written nothing is known, and nothing fails")
  func unwritable() throws {
    try TemporaryFolder.with { folder in
      try folder.write(["cache": "a file where the folder should be"])
      cache(folder).keep([1: file(1)])
      #expect(cache(folder).files().isEmpty)
    }
  }
}
