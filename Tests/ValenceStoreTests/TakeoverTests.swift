import Foundation
import Testing
import ValenceCore
import ValenceTestSupport

@testable import ValenceStore

@Suite("Trials that are taken over, from other experiments and from killed runs")
struct TakeoverTests {
  private static let key = "0123456789abcdef"

  /// A draft of a trial as a process that is gone left it.
  private func abandon(_ store: RunStore, name: String, _ change: (URL) throws -> Void = { _ in })
    throws
  {
    let aside = RunStore(results: store.results, name: "aside")
    var trial = sampleTrial()
    trial.record.warnings = [TrialWarning(rawValue: "written aside")]
    try aside.commit(trial)
    let draft = store.folder.appending(path: "trials/\(name)")
    try FileManager.default.createDirectory(
      at: draft.deletingLastPathComponent(), withIntermediateDirectories: true)
    try FileManager.default.moveItem(at: aside.trialFolder(Self.key), to: draft)
    try FileManager.default.removeItem(at: aside.folder)
    try change(draft)
  }

  /// The name of a draft by a process of this machine.
  private func draftName(process: pid_t, of name: String = Self.key, random: String = "1234")
    -> String
  {
    let parts = Draft.url(of: name, in: URL(filePath: "/")).lastPathComponent.split(
      separator: "~", omittingEmptySubsequences: false)
    return "\(parts[0])~\(process)~\(random)~\(parts[3])"
  }

  /// The number of a process that is gone.
  private func goneProcess() throws -> pid_t {
    let process = Process()
    process.executableURL = URL(filePath: "/bin/true")
    try process.run()
    process.waitUntilExit()
    return process.processIdentifier
  }

  private func hidden(_ store: RunStore) throws -> [String] {
    try FileManager.default.subpathsOfDirectory(atPath: store.folder.path).filter {
      $0.contains(".draft") || $0.contains(".old")
    }
  }

  @Test("a whole draft of a killed run takes the place of nothing, and of an older trial")
  func wholeDraft() throws {
    let gone = try goneProcess()
    try TemporaryFolder.with { folder in
      let store = RunStore(results: folder.url, name: "study")
      try abandon(store, name: draftName(process: gone))
      try store.exclusively {}
      #expect(try store.trial(Self.key)?.warnings.map(\.rawValue) == ["written aside"])
      #expect(try hidden(store) == [])

      try store.commit(sampleTrial())
      try abandon(store, name: draftName(process: gone))
      try store.exclusively {}
      #expect(try store.trial(Self.key)?.warnings.map(\.rawValue) == ["written aside"])
      #expect(try hidden(store) == [])
    }
  }

  @Test("what an exchange left of the older trial is removed, and so is a draft that is not whole")
  func remains() throws {
    let gone = try goneProcess()
    try TemporaryFolder.with { folder in
      let store = RunStore(results: folder.url, name: "study")
      try abandon(store, name: draftName(process: gone)) { draft in
        try FileManager.default.setAttributes(
          [.modificationDate: Date(timeIntervalSinceNow: -60)],
          ofItemAtPath: draft.appending(path: "trial.json").path)
      }
      try store.commit(sampleTrial())
      try abandon(store, name: draftName(process: gone, random: "5")) { draft in
        try FileManager.default.removeItem(at: draft.appending(path: "predictions/one.csv"))
      }
      try Data("x".utf8).write(
        to: store.folder.appending(path: draftName(process: gone, of: "results.csv")))
      try store.exclusively {}
      #expect(try store.trial(Self.key)?.warnings.map(\.rawValue) == ["a remark"])
      #expect(try hidden(store) == [])
    }
  }

  /// A file whose reading fails with an input/output error, whoever asks: the start of a process's memory.
  private static func makeUnreadable(_ file: URL) throws {
    try FileManager.default.removeItem(at: file)
    try FileManager.default.createSymbolicLink(
      atPath: file.path, withDestinationPath: "/proc/self/mem")
  }

  @Test("a part of a trial that cannot be read when it is wanted is a fault of the machine")
  func unreadableParts() throws {
    try TemporaryFolder.with { folder in
      let store = RunStore(results: folder.url, name: "study")
      let trial = sampleTrial()
      try store.commit(trial)
      let parts: [(String, () throws -> Void)] = [
        ("history.csv", { _ = try store.history(of: trial.record) }),
        ("predictions/one.csv", { _ = try store.predictions(of: trial.record, on: "one") }),
        ("model.safetensors", { _ = try store.model(of: trial.record) }),
        ("timing.json", { _ = try store.timing(of: Self.key) }),
      ]
      for (file, read) in parts {
        try Self.makeUnreadable(store.trialFolder(Self.key).appending(path: file))
        let error = #expect(throws: StoreError.self, "\(file)") { try read() }
        #expect(error?.isOfMachine == true, "\(file)")
      }
    }
  }

  @Test(
    "a file that cannot be read for the moment is no damage: nothing is taken for lost or removed")
  func unreadable() throws {
    let gone = try goneProcess()
    try TemporaryFolder.with { folder in
      for file in ["trial.json", "predictions/one.csv", "history.csv", "metrics.json"] {
        let store = RunStore(results: folder.url, name: "study")
        try store.write("name: study\n", to: .plan)
        try store.commit(sampleTrial())
        let listing = TrialListing(
          key: Self.key, name: .init(variant: "v", train: "one", fold: "1", seed: 1))
        let path = store.trialFolder(Self.key).appending(path: file)
        try Self.makeUnreadable(path)
        let error = #expect(throws: StoreError.self) { try store.trial(Self.key) }
        #expect(error?.isOfMachine == true)
        #expect(
          error.map { "\($0)" }
            == "\(path.path): this exists but cannot be read now (Input/output error); nothing was "
            + "changed.")
        #expect(store.state(of: listing) == .unreadable)
        // To another experiment it is no help, and no fault.
        #expect(try RunStore(results: folder.url, name: "other").adopt(Self.key) == nil)
        try FileManager.default.removeItem(at: store.folder)
      }
      let store = RunStore(results: folder.url, name: "study")
      try store.commit(sampleTrial())
      let record = try #require(try store.trial(Self.key))
      try Self.makeUnreadable(store.trialFolder(Self.key).appending(path: "model.safetensors"))
      #expect(throws: StoreError.self) { try store.hasModel(record) }
      #expect(try store.trial(Self.key) == record)
      try FileManager.default.removeItem(at: store.folder)
      // A whole draft may be the only one there is.
      try abandon(store, name: draftName(process: gone)) { draft in
        try Self.makeUnreadable(draft.appending(path: "trial.json"))
      }
      try store.exclusively {}
      #expect(try hidden(store).count > 0)
      #expect(try store.trial(Self.key) == nil)
    }
  }

  @Test("what another process writes is left alone, on this machine and on another, for a day")
  func living() throws {
    try TemporaryFolder.with { folder in
      let store = RunStore(results: folder.url, name: "study")
      let names = [
        draftName(process: getppid()), draftName(process: getpid()),
        Draft.url(of: Self.key, in: folder.url).lastPathComponent,
        ".draft-\(Self.key)~1~2~another-machine",
      ]
      for name in names { try abandon(store, name: name) }
      store.recover(isLocked: false)
      #expect(try store.trial(Self.key) == nil)
      #expect(try Set(hidden(store).map { String($0.dropFirst(7)) }).isSuperset(of: names))
      try FileManager.default.setAttributes(
        [.modificationDate: Date(timeIntervalSinceNow: -2 * 86_400)],
        ofItemAtPath: store.folder.appending(path: "trials/\(names[3])").path)
      try store.exclusively {}
      #expect(try store.trial(Self.key)?.warnings.map(\.rawValue) == ["written aside"])
    }
  }

  @Test(
    "a trial that moved aside for another one is still read, and comes back where the other did not"
  )
  func movedAside() throws {
    try TemporaryFolder.with { folder in
      let store = RunStore(results: folder.url, name: "study")
      try abandon(store, name: ".old-\(Self.key)")
      let record = try #require(try store.trial(Self.key))
      #expect(try store.hasModel(record))
      #expect(try store.predictions(of: record, on: "one").count == 2)
      #expect(try store.history(of: record).count == 2)
      try store.exclusively {}
      #expect(try hidden(store) == [])
      #expect(try store.trial(Self.key) == record)
      #expect(store.trialFolder(Self.key).isFolder)
    }
  }

  @Test("where folders cannot be exchanged they change places by way of another name")
  func withoutExchange() throws {
    try TemporaryFolder.with { folder in
      try folder.write(["t/a/1": "old", "t/b/2": "new"])
      let (target, draft) = (folder.url.appending(path: "t/a"), folder.url.appending(path: "t/b"))
      try Replacement.moveAside(target, for: draft)
      #expect(try contents(of: folder.url) == ["t/a/2": Data("new".utf8)])
      try FileManager.default.createDirectory(at: draft, withIntermediateDirectories: true)
      try Replacement.put(draft, at: target)
      #expect(try FileManager.default.contentsOfDirectory(atPath: target.path) == [])
      // Where the new one does not come, the old one is where it was.
      #expect(throws: (any Error).self) { try Replacement.moveAside(target, for: draft) }
      #expect(target.isFolder)
    }
  }

  @Test("a trial that diverged is known in every experiment, until it is finished")
  func diverged() throws {
    try TemporaryFolder.with { folder in
      let store = RunStore(results: folder.url, name: "study")
      let divergence = Divergence(key: Self.key, epoch: 3, step: 17, reason: "It went off.")
      #expect(try store.divergence(of: Self.key) == nil)
      try store.note(divergence)
      try store.write("name: study\n", to: .plan)
      let other = RunStore(results: folder.url, name: "other")
      #expect(try store.divergence(of: Self.key) == divergence)
      #expect(try other.divergence(of: Self.key) == divergence)
      #expect(try store.divergence(of: "fedcba9876543210") == nil)
      #expect(try store.trial(Self.key) == nil)
      try store.commit(sampleTrial())
      #expect(try store.divergence(of: Self.key) == nil)
    }
  }

  @Test("a finished trial of another experiment is taken over by its key; a damaged one is not")
  func adopts() throws {
    try TemporaryFolder.with { folder in
      let other = RunStore(results: folder.url, name: "first")
      let store = RunStore(results: folder.url, name: "second")
      let key = sampleTrial().record.key
      #expect(try store.adopt(key) == nil)
      try other.commit(sampleTrial())
      // What has no experiment.yaml is no experiment.
      #expect(try store.adopt(key) == nil)
      try other.write("name: first\n", to: .plan)
      let record = try #require(try store.adopt(key))
      #expect(try record == other.trial(key))
      #expect(try store.trial(key) == record)
      #expect(
        try contents(of: store.trialFolder(key)) == contents(of: other.trialFolder(key)))
      #expect(try store.adopt("fedcba9876543210") == nil)

      // One that has its network is preferred, and where the network is needed no other will do.
      let third = RunStore(results: folder.url, name: "third")
      try Data().write(to: other.trialFolder(key).appending(path: "model.safetensors"))
      #expect(try third.adopt(key, needsModel: true) == nil)
      try store.write("name: second\n", to: .plan)
      let whole = try #require(try third.adopt(key))
      #expect(try third.hasModel(whole))
      try FileManager.default.removeItem(at: store.folder)
      try FileManager.default.removeItem(at: third.folder)
      let partial = try #require(try third.adopt(key))
      #expect(try partial == record && !third.hasModel(partial))
      let fourth = RunStore(results: folder.url, name: "fourth")
      try Data().write(to: other.trialFolder(key).appending(path: "predictions/one.csv"))
      #expect(try fourth.adopt(key) == nil)
      #expect(try contents(of: folder.url).keys.allSatisfy { !$0.contains("draft") })
    }
  }

  @Test("a trial that changes while it is taken over is taken whole or not at all")
  func adoptsWhole() async throws {
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "valence-test-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    let other = RunStore(results: folder, name: "first")
    try other.write("name: first\n", to: .plan)
    let key = sampleTrial().record.key
    try other.commit(sampleTrial())
    let writing = Task {
      for _ in 0..<30 { try other.commit(sampleTrial()) }
    }
    for round in 0..<30 {
      // Whoever looks in the midst of an exchange finds the one or the other.
      #expect(try other.trial(key) != nil)
      let store = RunStore(results: folder, name: "second-\(round)")
      let record = try store.adopt(key)
      #expect(try store.trial(key) == record)
      let drafts = try? contents(of: store.folder).keys.filter { $0.contains("draft") }
      #expect(drafts ?? [] == [])
    }
    try await writing.value
    #expect(try RunStore(results: folder, name: "last").adopt(key) == other.trial(key))
    #expect(try other.trial(key) != nil)
  }
}
