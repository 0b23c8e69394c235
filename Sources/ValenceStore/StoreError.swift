/// Why something cannot be kept or found again.
public enum StoreError: Error, Equatable, CustomStringConvertible {
  /// Another run is working on the experiment; `holder` is what it says of itself.
  case busy(folder: String, holder: String?)
  /// A file of a result is not what Valence wrote.
  case damaged(file: String, reason: String)
  /// No experiment of that name has results here.
  case unknownExperiment(name: String, folder: String, known: [String])
  /// A folder or file cannot be written.
  case unwritable(path: String, reason: String)

  /// One sentence.
  public var description: String {
    switch self {
    case .busy(let folder, let holder):
      "\(folder): another valence run\(holder.map { " (\($0))" } ?? "") is working on this "
        + "experiment; wait until it ends, or keep results elsewhere by --results."
    case .damaged(let file, let reason):
      "\(file): this file is damaged (\(reason)); run the experiment again to make it anew."
    case .unknownExperiment(let name, let folder, let known):
      "\(name): no results of that name in \(folder); "
        + (known.isEmpty
          ? "nothing has run here yet." : "there are \(known.joined(separator: ", ")).")
    case .unwritable(let path, let reason):
      "\(path): this cannot be written (\(reason)); check the disk and its permissions."
    }
  }
}
