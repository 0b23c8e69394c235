public import Foundation
import GRDB

/// `Results/index.sqlite`: every experiment and trial here, to look things up in.
///
/// It holds nothing that is not in the files, and is remade from them at will.
public struct ResultIndex: Sendable {
  /// One experiment.
  public struct Experiment: Codable, Hashable, Sendable {
    /// Its name.
    public var name: String
    /// How many trials its plan asks for.
    public var trials: Int
    /// How many of them are finished.
    public var finished: Int
    /// How many failed.
    public var failed: Int
    /// When its results last changed, as an ISO 8601 time in UTC.
    public var changed: String
  }

  /// One trial of one experiment.
  public struct Trial: Codable, Hashable, Sendable {
    /// The experiment.
    public var experiment: String
    /// The trial's key.
    public var key: String
    /// The variant's name.
    public var variant: String
    /// The training corpus.
    public var train: String
    /// The fold.
    public var fold: String
    /// The seed.
    public var seed: UInt64
    /// `finished`, `failed` or `pending`.
    public var state: String
    /// The seconds that training took, if known.
    public var trainingS: Double?
  }

  private let file: URL
  private let results: URL

  /// The index of a results folder.
  public init(results: URL) {
    self.results = results
    file = results.appending(path: "index.sqlite")
  }

  /// Makes the index anew from the files.
  ///
  /// It is written under another name and then renamed: what stood there before may be damaged, and
  /// somebody may be reading it.
  ///
  /// - Throws: `StoreError.unwritable` if the database cannot be written.
  public func remake() throws {
    let draft = results.appending(
      path: ".index-\(ProcessInfo.processInfo.processIdentifier).sqlite")
    do {
      try FileManager.default.createDirectory(at: results, withIntermediateDirectories: true)
      try? FileManager.default.removeItem(at: draft)
      let database = try DatabaseQueue(path: draft.path)
      try database.write { db in
        try db.execute(sql: Self.schema)
        for name in RunStore.experiments(in: results) {
          try insert(RunStore(results: results, name: name), into: db)
        }
      }
      try database.close()
      let data = try Data(contentsOf: draft)
      try FileManager.default.removeItem(at: draft)
      try AtomicFile.write(data, to: file)
    } catch let error as StoreError {
      throw error
    } catch let error as DatabaseError {
      throw StoreError.unwritable(path: file.path, reason: error.description)
    } catch {
      throw StoreError.unwritable(path: file.path, reason: error.localizedDescription)
    }
  }

  /// The version of SQLite, which keeps the index; nil if it does not say.
  public static var sqliteVersion: String? {
    try? DatabaseQueue().read { try String.fetchOne($0, sql: "SELECT sqlite_version()") }
  }

  private static let schema = """
    CREATE TABLE experiment (name TEXT PRIMARY KEY, trials INTEGER, finished INTEGER,
      failed INTEGER, changed TEXT);
    CREATE TABLE trial (experiment TEXT REFERENCES experiment(name), key TEXT, variant TEXT,
      train TEXT, fold TEXT, seed INTEGER, state TEXT, trainingS REAL,
      PRIMARY KEY (experiment, key));
    """

  private func insert(_ store: RunStore, into db: Database) throws {
    let listings = (try? store.read([TrialListing].self, from: "trials.json")) ?? []
    var states: [String] = []
    for listing in listings {
      let isDone = FileManager.default.fileExists(
        atPath: store.trialFolder(listing.key).appending(path: "trial.json").path)
      states.append(listing.failure != nil ? "failed" : isDone ? "finished" : "pending")
    }
    let changed = Self.changeTime(of: store.folder.appending(path: "trials.json"))
    try db.execute(
      sql: "INSERT INTO experiment VALUES (?, ?, ?, ?, ?)",
      arguments: [
        store.name, listings.count, states.count { $0 == "finished" },
        states.count { $0 == "failed" }, changed,
      ])
    for (listing, state) in zip(listings, states) {
      try db.execute(
        sql: "INSERT INTO trial VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        arguments: [
          store.name, listing.key, listing.variant, listing.train, listing.fold,
          Int64(bitPattern: listing.seed), state, store.timing(of: listing.key)["training_s"],
        ])
    }
  }

  private static func changeTime(of url: URL) -> String {
    let attributes = try? FileManager.default.attributesOfItem(atPath: url.path)
    let date = attributes?[.modificationDate] as? Date ?? .distantPast
    return date.ISO8601Format()
  }

  /// The experiments, newest first.
  public func experiments() throws -> [Experiment] {
    try DatabaseQueue(path: file.path).read { db in
      try Row.fetchAll(db, sql: "SELECT * FROM experiment ORDER BY changed DESC, name").map {
        Experiment(
          name: $0["name"], trials: $0["trials"], finished: $0["finished"], failed: $0["failed"],
          changed: $0["changed"])
      }
    }
  }

  /// The trials of one experiment, in the plan's order.
  public func trials(of experiment: String) throws -> [Trial] {
    try DatabaseQueue(path: file.path).read { db in
      let sql = "SELECT * FROM trial WHERE experiment = ? ORDER BY rowid"
      return try Row.fetchAll(db, sql: sql, arguments: [experiment]).map {
        Trial(
          experiment: $0["experiment"], key: $0["key"], variant: $0["variant"], train: $0["train"],
          fold: $0["fold"], seed: UInt64(bitPattern: $0["seed"]), state: $0["state"],
          trainingS: $0["trainingS"])
      }
    }
  }
}
