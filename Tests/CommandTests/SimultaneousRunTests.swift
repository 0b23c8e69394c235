import Foundation
import Synchronization
import Testing
import ValenceTestSupport

@Suite("Two runs of one experiment at once")
struct SimultaneousRunTests {
  private static let long = [
    "run", "plan.yaml", "training.epochs=4000", "training.early_stopping.patience=4000",
  ]

  @Test("the second is refused with a sentence, and may go on when the first is killed")
  func second() throws {
    try Command.with { valence in
      let others = Mutex<[Command.Outcome]>([])
      let identifier = Atomic<Int32>(0)
      let first = try valence(
        Self.long[0], Self.long[1], Self.long[2], Self.long[3], at: "epoch 2/"
      ) { process in
        identifier.store(process, ordering: .relaxed)
        for arguments in [["run", "plan.yaml"], ["plan", "plan.yaml"]] {
          if let outcome = try? valence(arguments[0], arguments[1], "training.epochs=1") {
            others.withLock { $0.append(outcome) }
          }
        }
        kill(process, SIGKILL)
      }
      #expect(first.status == -1)
      let outcomes = others.withLock { $0 }
      #expect(outcomes.map(\.status) == [2, 0])
      let host = try String(contentsOfFile: "/proc/sys/kernel/hostname", encoding: .utf8)
        .trimmingCharacters(in: .whitespacesAndNewlines)
      #expect(
        outcomes.first?.errors
          == "\(valence.folder.path)/Results/study: another valence run (process "
          + "\(identifier.load(ordering: .relaxed)) on \(host)) is working on this experiment; wait "
          + "until it ends, or keep results elsewhere by --results.\n")
      let again = try valence("run", "plan.yaml", "training.epochs=1")
      #expect(again.status == 0, "\(again.errors)")
    }
  }
}
