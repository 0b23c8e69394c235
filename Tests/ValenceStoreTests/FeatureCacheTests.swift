import Foundation
import Testing
import ValenceCore
import ValenceStore
import ValenceTestSupport

@Suite("The feature cache")
struct FeatureCacheTests {
  private let digest = Digest(of: "some features")
  private let block = Safetensors.Array(shape: [2, 3], values: [1, -2, .pi, 0, 1e-38, 5])

  private func files(in folder: URL) throws -> [URL] {
    try FileManager.default.subpathsOfDirectory(atPath: folder.path)
      .filter { $0.hasSuffix(".safetensors") }.map { folder.appending(path: $0) }
  }

  @Test("a block comes back under its digest and no other")
  func comesBack() throws {
    try TemporaryFolder.with { folder in
      let cache = FeatureCache(folder: folder.url.appending(path: "deep/cache"))
      #expect(cache.block(digest) == nil)
      try cache.keep(block, as: digest)
      #expect(cache.block(digest) == block)
      #expect(cache.block(Digest(of: "other features")) == nil)
      let other = Safetensors.Array(shape: [1], values: [3])
      try cache.keep(other, as: digest)
      #expect(cache.block(digest) == other)
    }
  }

  @Test("a block that is cut off, emptied or something else counts as missing")
  func damaged() throws {
    try TemporaryFolder.with { folder in
      let cache = FeatureCache(folder: folder.url)
      try cache.keep(block, as: digest)
      let file = try #require(try files(in: folder.url).first)
      let whole = try Data(contentsOf: file)
      for length in [0, 1, 8, 9, whole.count / 2, whole.count - 1] {
        try whole.prefix(length).write(to: file)
        #expect(cache.block(digest) == nil, "\(length) bytes")
      }
      try Data("not a block".utf8).write(to: file)
      #expect(cache.block(digest) == nil)
      try Safetensors(arrays: ["other": block]).encoded().write(to: file)
      #expect(cache.block(digest) == nil)
      try cache.keep(block, as: digest)
      #expect(cache.block(digest) == block)
    }
  }

  @Test("a cache that cannot be written says so")
  func unwritable() throws {
    try TemporaryFolder.with { folder in
      try folder.write(["cache": "a file where the folder should be"])
      let cache = FeatureCache(folder: folder.url.appending(path: "cache"))
      let error = #expect(throws: StoreError.self) { try cache.keep(block, as: digest) }
      let path = folder.url.appending(
        path: "cache/features/\(digest.hex.prefix(2))/\(digest.hex).safetensors"
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
