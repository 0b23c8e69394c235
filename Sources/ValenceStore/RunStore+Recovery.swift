import Foundation
import ValenceCore

extension RunStore {
  /// Takes up what a killed run left: a trial that was written to its end but not put into its place is
  /// put there, and every other remainder is removed.
  ///
  /// What somebody may still be writing is left alone.
  ///
  /// - Parameter isLocked: whether this process holds the experiment's lock, so that no other one of this
  ///   machine is at work on it.
  func recover(isLocked: Bool) {
    for folder in [folder, folder.appending(path: "trials")] {
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

  /// Puts a whole trial that lies at `url` into its place, unless a younger one lies there already; removes
  /// it otherwise.
  private func take(_ url: URL, as key: String) {
    let target = trialFolder(key)
    // What cannot be read now may be whole, and stays until it can.
    guard let new = try? Self.record(in: url, key: key) != nil,
      let old = try? Self.record(in: target, key: key) != nil
    else { return }
    if new, !old || writeTime(url) > writeTime(target) {
      // If the disk cannot be written, the run that asks for this will say so.
      try? Replacement.put(url, at: target)
    }
    try? FileManager.default.removeItem(at: url)
  }

  private func writeTime(_ trial: URL) -> Date {
    trial.appending(path: "trial.json").changeTime ?? .distantPast
  }
}
