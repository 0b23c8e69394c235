import Foundation
import ValenceCore

/// Why a result cannot be written or read.
package enum StoreError: Error, Equatable, CustomStringConvertible {
  /// Another run is working on the experiment; `holder` is its process.
  case busy(folder: String, holder: String?)
  /// A result file is not as Valence wrote it.
  case damaged(file: String, reason: String)
  /// A result file does not exist.
  case missing(file: String)
  /// The argument is not an experiment's name.
  case notAName(String)
  /// No trial is finished, so there is nothing to report.
  case nothingFinished(name: String, trials: Int, withoutPredictions: Int)
  /// No experiment of that name has results here.
  case unknownExperiment(name: String, folder: String, known: [String])
  /// A file exists but cannot be read now.
  case unreadable(path: String, reason: String)
  /// A folder or file cannot be written.
  case unwritable(path: String, reason: String)

  /// The fault of a file or folder that cannot be written, with the system's reason.
  static func unwritable(_ url: URL, _ error: any Error) -> StoreError {
    if let error = error as? StoreError { return error }
    let below = (error as NSError).userInfo[NSUnderlyingErrorKey] as? any Error
    let text =
      switch (error as? CocoaError)?.code {
      // One wording for faults that Foundation reports in several ways.
      case .fileWriteOutOfSpace: "No space left on device"
      case .fileWriteVolumeReadOnly: "Read-only file system"
      case .fileWriteNoPermission: "Permission denied"
      default: (below ?? error).localizedDescription
      }
    return .unwritable(
      path: url.path,
      reason: text.replacing("The operation could not be completed. ", with: ""))
  }

  /// Whether the machine, its disk or its permissions are at fault, so that the next trial would fail too.
  package var isOfMachine: Bool {
    switch self {
    case .unreadable, .unwritable: true
    default: false
    }
  }

  package var description: String {
    switch self {
    case .busy(let folder, let holder):
      "\(folder): another valence run\(holder.map { " (\($0))" } ?? "") is working on this "
        + "experiment; wait until it ends, or keep results elsewhere by --results."
    case .damaged(let file, let reason):
      "\(file): this file is damaged (\(reason)); run the experiment again to make it anew."
    case .missing(let file):
      "\(file): this file is missing; run the experiment again to make it anew."
    case .notAName(let name):
      "\(name): this is not an experiment's name; give the name alone, and the results folder by "
        + "--results."
    case .nothingFinished(let name, let trials, let withoutPredictions):
      "\(name): none of its \(trials) trials is finished here"
        + (withoutPredictions == 0
          ? "" : " (the predictions of \(withoutPredictions) are missing or damaged)")
        + ", so there is nothing to report and its tables and figures stay as they are; "
        + "run the experiment again (valence run FILE)."
    case .unknownExperiment(let name, let folder, let known):
      "\(name): no results of that name in \(folder); "
        + (known.isEmpty
          ? "nothing has run here yet." : "there are \(known.joined(separator: ", ")).")
    case .unreadable(let path, let reason):
      "\(path): this exists but cannot be read now (\(reason)); nothing was changed."
    case .unwritable(let path, let reason):
      "\(path): this cannot be written (\(reason)); check the disk and its permissions."
    }
  }
}

extension AtomicFile {
  /// Writes as `write` does; errors become `StoreError.unwritable`.
  static func keep(_ data: Data, at url: URL) throws {
    do { try write(data, to: url) } catch { throw StoreError.unwritable(url, error) }
  }
}
