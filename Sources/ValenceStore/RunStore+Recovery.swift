import Foundation
import ValenceCore

extension RunStore {
  /// Cleans up after a killed run: a trial that was written completely but not yet moved into place is
  /// moved there, and all other leftovers are removed.
  ///
  /// Drafts that another process may still be writing are left alone.
  ///
  /// - Parameter isLocked: whether this process holds the experiment's lock, so that no other process of
  ///   this machine works on it.
  func recover(isLocked: Bool) {
    for folder in [folder, trialsFolder] {
      let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
      for name in names.sorted() where name.hasPrefix(".") {
        let url = folder.appending(path: name)
        if name.hasPrefix(".old-") {
          take(url, as: String(name.dropFirst(5)))
        } else if let draft = Draft(name),
          isLocked && draft.isOfThisMachine || draft.isAbandoned(at: url)
        {
          take(url, as: draft.name)
        }
      }
    }
  }

  /// Moves an intact trial at `url` into its place unless a newer one is there; removes it otherwise.
  private func take(_ url: URL, as key: String) {
    let target = trialFolder(key)
    // A file that cannot be read now may be intact, so it stays until it can be.
    guard let new = try? Self.record(in: url, key: key) != nil,
      let old = try? Self.record(in: target, key: key) != nil
    else { return }
    if new, !old || writeTime(url) > writeTime(target) {
      // If the disk cannot be written, the run that called this reports it.
      try? Replacement.put(url, at: target)
    }
    try? FileManager.default.removeItem(at: url)
  }

  private func writeTime(_ trial: URL) -> Date {
    trial.appending(path: TrialFile.record.path).changeTime ?? .distantPast
  }
}
