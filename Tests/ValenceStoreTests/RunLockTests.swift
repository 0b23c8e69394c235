import Foundation
import Testing
import ValenceStore
import ValenceTestSupport

@Suite("One run at a time")
struct RunLockTests {
  private struct Fault: Error {}

  /// The error of entering a store's experiment; nil if it can be entered.
  private func refusal(_ store: RunStore) -> String? {
    do {
      try store.exclusively {}
      return nil
    } catch { return "\(error)" }
  }

  @Test("another run is refused at once with a sentence that names the one at work")
  func refused() throws {
    try TemporaryFolder.with { folder in
      let store = RunStore(results: folder.url, name: "study")
      let host = try String(contentsOfFile: "/proc/sys/kernel/hostname", encoding: .utf8)
        .trimmingCharacters(in: .whitespacesAndNewlines)
      let sentence =
        "\(folder.url.path)/study: another valence run (process "
        + "\(ProcessInfo.processInfo.processIdentifier) on \(host)) is working on this experiment; "
        + "wait until it ends, or keep results elsewhere by --results."
      let value = try store.exclusively {
        for _ in 0..<3 {
          #expect(refusal(RunStore(results: folder.url, name: "study")) == sentence)
        }
        #expect(refusal(RunStore(results: folder.url, name: "other")) == nil)
        return 7
      }
      #expect(value == 7)
      #expect(refusal(store) == nil)
    }
  }

  @Test("the lock is given back after an error too, and what stays of it is an empty file")
  func released() throws {
    try TemporaryFolder.with { folder in
      let store = RunStore(results: folder.url, name: "study")
      #expect(throws: Fault.self) { try store.exclusively { throw Fault() } }
      #expect(refusal(store) == nil)
      #expect(try contents(of: folder.url) == [".study.lock": Data()])
      // What a killed run left there hinders nobody and is told to nobody.
      try folder.write([".study.lock": "process 1 on a very long name of a machine somewhere else"])
      try store.exclusively {
        #expect(refusal(store)?.contains("somewhere") == false)
      }
      #expect(try contents(of: folder.url) == [".study.lock": Data()])
    }
  }

  @Test("of many that begin together on threads of their own exactly one works at a time")
  func together() async throws {
    let folder = try FileManager.default.url(
      for: .itemReplacementDirectory, in: .userDomainMask,
      appropriateFor: FileManager.default.temporaryDirectory, create: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let counter = folder.appending(path: "count")
    try Data("0".utf8).write(to: counter)
    let done = await withTaskGroup(of: Int.self) { group in
      for _ in 0..<8 {
        group.addTask {
          var count = 0
          for _ in 0..<50 {
            let store = RunStore(results: folder, name: "study")
            let entered: Void? = try? store.exclusively {
              let before = Int(try String(contentsOf: counter, encoding: .utf8)) ?? -1
              try Data("\(before + 1)".utf8).write(to: counter)
            }
            if entered != nil { count += 1 }
          }
          return count
        }
      }
      return await group.reduce(0, +)
    }
    #expect(done > 0)
    #expect(try String(contentsOf: counter, encoding: .utf8) == "\(done)")
  }

  @Test("an experiment that is reached by a link under another name is the same experiment")
  func link() throws {
    try TemporaryFolder.with { folder in
      let store = RunStore(results: folder.url.appending(path: "Results"), name: "study")
      let files = FileManager.default
      try files.createDirectory(at: store.folder, withIntermediateDirectories: true)
      try files.createSymbolicLink(
        atPath: store.results.appending(path: "other").path, withDestinationPath: "study")
      try files.createSymbolicLink(
        atPath: folder.url.appending(path: "Elsewhere").path, withDestinationPath: "Results")
      let others = [
        RunStore(results: store.results, name: "other"),
        RunStore(results: folder.url.appending(path: "Elsewhere"), name: "study"),
        RunStore(results: folder.url.appending(path: "Elsewhere"), name: "other"),
      ]
      for (one, other) in others.map({ (store, $0) }) + others.map({ ($0, store) }) {
        try one.exclusively {
          #expect(refusal(other)?.contains("is working on this experiment") == true)
        }
      }
    }
  }

  @Test("a folder that cannot be written is named")
  func unwritable() throws {
    try TemporaryFolder.with { folder in
      try folder.write(["Results": "a file where the folder should be"])
      let results = folder.url.appending(path: "Results")
      let sentence = try #require(refusal(RunStore(results: results, name: "study")))
      #expect(sentence.hasPrefix("\(results.path)/.study.lock: this cannot be written ("))
    }
  }
}
