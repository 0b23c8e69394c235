import Foundation
import Testing
import ValenceCore
import ValenceStore
import ValenceTestSupport

@testable import ValenceData
@testable import ValenceTraining

@Suite("The same inputs give the same bytes")
struct SameBytesTests {
  private static let sweep = "sweep: {grid: {features.fusion: [mel, concat]}}\n"
  private static let short = ["training.epochs=2"]

  @Test("whatever the number of jobs, however often, with a fresh and a warm cache")
  func jobs() throws {
    try Laboratory.with { laboratory in
      try laboratory.write(ToneCorpus(), as: "one")
      try laboratory.write(ToneCorpus(seed: 2), as: "two")
      let text = laboratory.plan(corpora: ["one", "two"], Self.sweep)
      func files(_ way: Laboratory.Way) throws -> [String: Data] {
        let summary = try laboratory.run(text, Self.short, way)
        #expect(summary.trained == 8)
        return try laboratory.files(way.results)
      }
      let first = try files(.init(results: "first", cache: "cold"))
      #expect(first.count > 8 * 5)
      for (index, jobs) in [1, 2, 4].enumerated() {
        let again = try files(
          .init(
            results: "again\(index)", cache: index == 1 ? "fresh" : "cold", jobs: jobs, cores: 4))
        expectSame(first, again)
      }
    }
  }

  @Test("whatever the number of threads of a lone trial")
  func threads() throws {
    try Laboratory.with { laboratory in
      try laboratory.write(ToneCorpus(clips: 5), as: "one")
      var files: [[String: Data]] = []
      for threads in [1, 2, 4] {
        let way = Laboratory.Way(results: "on\(threads)", cores: threads, only: { $0.number == 1 })
        let summary = try laboratory.run(laboratory.plan(), Self.short, way)
        #expect(summary.trained == 1)
        files.append(try laboratory.files(way.results))
      }
      expectSame(files[0], files[1])
      expectSame(files[0], files[2])
    }
  }
}
