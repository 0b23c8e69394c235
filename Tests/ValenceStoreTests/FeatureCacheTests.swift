import Foundation
import Testing
import ValenceCore
import ValenceStore
import ValenceTestSupport

@Suite("The feature cache")
struct FeatureCacheTests {
  private let digest = Digest(of: "some features")
  private let matrix = FeatureCache.Matrix(
    rows: 2, columns: 3, values: [1, -2, .pi, 0, 1e-38, 5])

  private func files(in folder: URL) throws -> [URL] {
    try FileManager.default.subpathsOfDirectory(atPath: folder.path)
      .filter { $0.hasSuffix(".floats") }.map { folder.appending(path: $0) }
  }

  @Test("a matrix comes back under its digest and no other")
  func comesBack() throws {
    try TemporaryFolder.with { folder in
      let cache = FeatureCache(folder: folder.url.appending(path: "deep/cache"))
      #expect(cache.matrix(digest) == nil)
      #expect(cache.shape(digest) == nil)
      try cache.keep(matrix, as: digest)
      #expect(cache.matrix(digest) == matrix)
      #expect(cache.shape(digest) == matrix.shape)
      #expect(cache.matrix(Digest(of: "other features")) == nil)
      let other = FeatureCache.Matrix(rows: 1, columns: 1, values: [3])
      try cache.keep(other, as: digest)
      #expect(cache.matrix(digest) == other)
    }
  }

  @Test("bits come back as they were, those of no number too")
  func bits() throws {
    try TemporaryFolder.with { folder in
      let cache = FeatureCache(folder: folder.url)
      var random = RandomStream(seed: 7)
      let words = (0..<1000).map { _ in UInt32(truncatingIfNeeded: random.next()) }
      let values =
        words.map(Float.init(bitPattern:)) + [.nan, -.infinity, -0.0, .leastNonzeroMagnitude]
      try cache.keep(.init(rows: 4, columns: 251, values: values), as: digest)
      let back = try #require(cache.matrix(digest)?.values)
      #expect(back.map(\.bitPattern) == values.map(\.bitPattern))
    }
  }

  @Test("a file that is cut off, emptied or something else counts as missing")
  func damaged() throws {
    try TemporaryFolder.with { folder in
      let cache = FeatureCache(folder: folder.url)
      try cache.keep(matrix, as: digest)
      let file = try #require(try files(in: folder.url).first)
      let whole = try Data(contentsOf: file)
      for length in 0..<whole.count {
        try whole.prefix(length).write(to: file)
        #expect(cache.matrix(digest) == nil, "\(length) bytes")
        #expect(cache.shape(digest) == nil, "\(length) bytes")
      }
      for text in ["not a matrix", String(repeating: "x", count: 64)] {
        try Data(text.utf8).write(to: file)
        #expect(cache.matrix(digest) == nil)
      }
      try (whole + Data([0, 0, 0, 0])).write(to: file)
      #expect(cache.matrix(digest) == nil)
      try cache.keep(matrix, as: digest)
      #expect(cache.matrix(digest) == matrix)
    }
  }

  @Test("any bit that is flipped is noticed")
  func flipped() throws {
    try TemporaryFolder.with { folder in
      let cache = FeatureCache(folder: folder.url)
      try cache.keep(matrix, as: digest)
      let file = try #require(try files(in: folder.url).first)
      let whole = try Data(contentsOf: file)
      #expect(whole.count == 40 + 4 * 6)
      for bit in 0..<8 * whole.count {
        var bytes = whole
        bytes[bit / 8] ^= 1 << UInt8(bit % 8)
        try bytes.write(to: file)
        #expect(cache.matrix(digest) == nil, "bit \(bit)")
      }
      // Two values that change places.
      var bytes = whole
      for byte in 40..<44 { bytes.swapAt(byte, byte + 4) }
      try bytes.write(to: file)
      #expect(cache.matrix(digest) == nil)
    }
  }

  @Test("a matrix of another shape with as many values counts as missing")
  func reshaped() throws {
    try TemporaryFolder.with { folder in
      let cache = FeatureCache(folder: folder.url)
      try cache.keep(matrix, as: digest)
      let file = try #require(try files(in: folder.url).first)
      var bytes = try Data(contentsOf: file)
      bytes.swapAt(8, 16)
      try bytes.write(to: file)
      #expect(cache.matrix(digest) == nil)
      // No shape that overflows, whatever its product comes to, is a shape.
      for (rows, columns) in [(UInt64.max, UInt64(1)), (1 << 63, 2), (6, 1 << 62), (0, 0)] {
        for (word, value) in [(8, rows), (16, columns)] {
          for byte in 0..<8 { bytes[word + byte] = UInt8(truncatingIfNeeded: value >> (8 * byte)) }
        }
        try bytes.write(to: file)
        #expect(cache.matrix(digest) == nil)
        #expect(cache.shape(digest) == nil)
      }
    }
  }

  @Test("whoever writes and reads at the same time finds a whole matrix or none")
  func concurrent() throws {
    try TemporaryFolder.with { folder in
      let cache = FeatureCache(folder: folder.url)
      let versions = (0..<4).map { version in
        FeatureCache.Matrix(
          rows: 100 + version, columns: 20,
          values: Array(repeating: Float(version), count: (100 + version) * 20))
      }
      let digest = digest
      DispatchQueue.concurrentPerform(iterations: 4) { lane in
        for _ in 0..<50 {
          do { try cache.keep(versions[lane], as: digest) } catch { Issue.record(error) }
          let found = cache.matrix(digest)
          #expect(found.map(versions.contains) == true)
        }
      }
      #expect(try files(in: folder.url).count == 1)
      let left = try FileManager.default.subpathsOfDirectory(atPath: folder.url.path)
      #expect(left.count == 3, "two folders and one file: what was written aside is gone")
    }
  }

  @Test("a cache that cannot be written says so")
  func unwritable() throws {
    try TemporaryFolder.with { folder in
      try folder.write(["cache": "a file where the folder should be"])
      let cache = FeatureCache(folder: folder.url.appending(path: "cache"))
      let error = #expect(throws: StoreError.self) { try cache.keep(matrix, as: digest) }
      let path = folder.url.appending(
        path: "cache/features/\(digest.hex.prefix(2))/\(digest.hex).floats"
      ).path
      let sentence = error.map { "\($0)" } ?? ""
      #expect(sentence.hasPrefix("\(path): this cannot be written ("))
      #expect(sentence.hasSuffix("); check the disk and its permissions."))
    }
  }

  @Test("the user's cache is VALENCE_CACHE, else below XDG_CACHE_HOME, else below the home folder")
  func ofUser() {
    func path(_ environment: [String: String]) -> String {
      FeatureCache.ofUser(environment: environment).folder.standardizedFileURL.path
    }
    #expect(path(["VALENCE_CACHE": "/a/b", "XDG_CACHE_HOME": "/c"]) == "/a/b")
    #expect(path(["VALENCE_CACHE": "", "XDG_CACHE_HOME": "/c"]) == "/c/valence")
    let home = FileManager.default.homeDirectoryForCurrentUser.appending(path: ".cache/valence")
    // The XDG rule: a relative path is to be ignored.
    #expect(path(["XDG_CACHE_HOME": "relative"]) == home.standardizedFileURL.path)
    #expect(path([:]) == home.standardizedFileURL.path)
  }
}
