import Testing
import ValenceKernels

@testable import ValenceTraining

@Suite("Shared cores")
struct SharedCoresTests {
  @Test("trials share the cores evenly, and the last ones get those of the others")
  func tail() {
    let shared = SharedCores(8, tasks: 5, jobs: 3)
    func threads(_ workers: [Workers]) -> [Int] { workers.map(\.threads) }
    let first = shared.begin()
    let (second, third) = (shared.begin(), shared.begin())
    #expect(threads([first, second, third]) == [3, 3, 2])
    shared.end(second)
    let fourth = shared.begin()
    #expect(threads([first, third, fourth]).sorted() == [2, 3, 3])
    shared.end(first)
    let fifth = shared.begin()
    #expect(threads([third, fourth, fifth]).sorted() == [2, 3, 3])
    shared.end(fourth)
    #expect(threads([third, fifth]) == [4, 4])
    shared.end(third)
    #expect(threads([fifth]) == [8])
  }

  @Test("a lone trial has all cores, and none has fewer than one thread")
  func edges() {
    #expect(SharedCores(2, tasks: 1, jobs: 2).begin().threads == 2)
    #expect(SharedCores(2, tasks: 9, jobs: 1).begin().threads == 2)
    let crowded = SharedCores(2, tasks: 4, jobs: 4)
    #expect((0..<4).map { _ in crowded.begin().threads } == [1, 1, 1, 1])
  }
}
