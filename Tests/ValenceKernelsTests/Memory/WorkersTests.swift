import Synchronization
import Testing

@testable import ValenceKernels

@Suite("Workers")
struct WorkersTests {
  /// How often each of so many parts was done.
  private final class Tally: Sendable {
    private let counts: Mutex<[Int]>

    init(parts: Int) { counts = Mutex(Array(repeating: 0, count: parts)) }

    func add(_ part: Int) { counts.withLock { $0[part] += 1 } }
    var each: [Int] { counts.withLock { $0 } }
  }

  @Test("each part is done once, whatever the number of threads", arguments: [1, 2, 5])
  func doesEachPartOnce(threads: Int) {
    let workers = Workers(threads: threads)
    for parts in 0..<20 {
      let tally = Tally(parts: parts)
      workers.forEach(parts: parts, tally.add)
      #expect(tally.each == Array(repeating: 1, count: parts))
    }
  }

  @Test("a chain of tasks does each part once, one task after the other", arguments: [1, 2, 5])
  func chainDoesEachPartOnce(threads: Int) {
    let workers = Workers(threads: threads)
    let done = workers.together {
      var tallies: [Tally] = []
      for task in 0..<2000 {
        let tally = Tally(parts: 1 + task % 7)
        let before = tallies.last
        #expect((before == nil) == (task == 0))
        workers.forEach(parts: 1 + task % 7) { part in
          if let before {
            #expect(before.each.allSatisfy { $0 == 1 }, "task \(task) came early")
          }
          tally.add(part)
        }
        tallies.append(tally)
      }
      return tallies
    }
    #expect(done.count == 2000)
    #expect(done.allSatisfy { tally in tally.each.allSatisfy { $0 == 1 } })
  }

  @Test("what a part wrote is there once the task has ended")
  func partsAreSeen() {
    let workers = Workers(threads: 4)
    let values = Floats(zeros: 64)
    workers.together {
      for task in 1...500 {
        workers.forEach(parts: 64) { part in values[part] += 1 }
        #expect(values.array.allSatisfy { $0 == Float(task) })
      }
    }
  }

  @Test("a task within a part, a chain within a chain, and chains of several threads are all done")
  func nests() {
    let workers = Workers(threads: 3)
    let tally = Tally(parts: 4 * 5 * 6)
    workers.forEach(parts: 4) { outer in
      workers.together {
        workers.forEach(parts: 5) { middle in
          workers.together {
            workers.forEach(parts: 6) { inner in tally.add((outer * 5 + middle) * 6 + inner) }
          }
        }
      }
    }
    #expect(tally.each == Array(repeating: 1, count: 4 * 5 * 6))
  }

  @Test("threads may be allowed and taken away during a chain")
  func followsAllowance() {
    let workers = Workers(threads: 1)
    let tally = Tally(parts: 300)
    for task in 0..<300 {
      workers.together {
        workers.allow(threads: 1 + task % 3)
        workers.forEach(parts: 3) { part in tally.add(task / 3 * 3 + part) }
      }
    }
    #expect(tally.each == Array(repeating: 3, count: 300))
  }
}
