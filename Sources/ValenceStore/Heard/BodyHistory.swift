package import Foundation
package import ValenceCore

/// What a trained network in a file has heard, as far as the files beside it tell.
package struct BodyHistory: Hashable, Sendable {
  /// Why it may have heard more than `clips`.
  package enum Gap: Hashable, Sendable {
    /// There is no `trial.json` beside it, or one of another file.
    case noRecord
    /// Its trial was finished before trials kept what they had heard.
    case notKept
    /// The `heard.csv` of its trial is gone.
    case lost
    /// It started from a network of which it was not known.
    case ancestor

    /// A clause that says so.
    package var reason: String {
      switch self {
      case .noRecord: "no trial.json of it lies beside it"
      case .notKept: "its trial was trained before trials kept a heard.csv"
      case .lost: "the heard.csv of its trial is missing"
      case .ancestor: "it started from a network of which that is not known"
      }
    }
  }

  /// The digest of the network's file.
  package let digest: Digest
  /// The clips that it has learned from or chosen its epoch by, and those of the networks that it started
  /// from.
  package let clips: [HeardClip]
  /// Why there may be more; nil if these are all.
  package let gap: Gap?

  /// Reads the history of the network in a file from the files of its trial beside it.
  ///
  /// - Parameters:
  ///   - digest: that of the file's bytes.
  ///   - revision: that of the decoder whose samples can be compared.
  /// - Throws: `StoreError` if the record beside it was written for other bytes of the file, or it or
  ///   `heard.csv` is damaged or cannot be read.
  package init(of file: URL, digest: Digest, revision: Int) throws {
    self.digest = digest
    let real = file.resolvingSymlinksInPath()
    let folder = real.deletingLastPathComponent()
    let recordFile = folder.appending(path: TrialFile.record.path)
    guard let data = try StoredFile.content(of: recordFile) else {
      (clips, gap) = ([], .noRecord)
      return
    }
    guard let record = TrialRecord(sealed: data) else {
      throw StoreError.damaged(file: recordFile.path, reason: "it is not as it was written")
    }
    guard let known = record.files[real.lastPathComponent] else {
      (clips, gap) = ([], .noRecord)
      return
    }
    guard known == digest.hex else {
      throw StoreError.damaged(
        file: real.path, reason: "the trial.json beside it was written for other bytes")
    }
    guard let kept = record.files[TrialFile.heard.path] else {
      (clips, gap) = ([], .notKept)
      return
    }
    let heardFile = folder.appending(path: TrialFile.heard.path)
    guard let heard = try StoredFile.content(of: heardFile) else {
      (clips, gap) = ([], .lost)
      return
    }
    guard Digest(of: heard).hex == kept else {
      throw StoreError.damaged(file: heardFile.path, reason: "it is not as it was written")
    }
    clips = try HeardTable.clips(
      in: Table(decoding: heard, name: heardFile.path), revision: revision, name: heardFile.path)
    gap = record.training.start.map { $0.isHeardKnown ? nil : .ancestor } ?? nil
  }

  /// What a network that starts from it inherits: the clips, each with the network that has heard it.
  package var inherited: [HeardClip] {
    clips.map { clip in
      var clip = clip
      clip.network = clip.network ?? digest
      return clip
    }
  }

  /// What it has heard, corpus by corpus: `ravdess (576 clips of 16 speakers) and emovo (84 clips)`.
  package var summary: String {
    var names: [String] = []
    for clip in clips where !names.contains(clip.corpus) { names.append(clip.corpus) }
    let parts = names.map { name in
      let own = clips.filter { $0.corpus == name }
      let speakers = Set(own.compactMap(\.speaker)).count
      let of = speakers > 0 ? " of \(Wording.counted(speakers, "speaker"))" : ""
      return "\(name) (\(Wording.counted(own.count, "clip"))\(of))"
    }
    let known = parts.isEmpty ? "nothing that is known" : Wording.list(parts)
    return gap == nil ? known : "\(known); what else is not known: \(gap?.reason ?? "")"
  }
}
