import Foundation

/// The clips of MELD in a folder, by split and number.
///
/// They were published as `train_splits/diaX_uttY.mp4`, `dev_splits_complete/…` and
/// `output_repeated_splits_test/…`, in archives of one folder a split; sound taken out of them is found
/// in any folder whose name says the split (`train_wav/diaX_uttY.flac`).
struct MELDClips {
  /// The path below the corpus folder of each clip.
  private(set) var paths: [MELDTable.Split: [MELDTable.ID: String]] = [:]
  /// Files that are no clips, or that another file replaces.
  private(set) var skipped: [SkippedFile] = []

  /// Some test clips are published a second time under this prefix: there the sound is what the table
  /// says, where in the plain one it is not.
  private static let correction = "final_videos_test"

  /// Finds the clips of a folder.
  init(in folder: CorpusFolder) {
    // Corrected clips first, then those that lost least in packing.
    let files = folder.audioFilesByQuality
    let isCorrected = { (path: String) in CorpusFolder.stem(of: path).hasPrefix(Self.correction) }
    for path in files.filter(isCorrected) + files.filter({ !isCorrected($0) }) {
      add(path, isCorrected: isCorrected(path))
    }
    skipped.sort { $0.id < $1.id }
  }

  private mutating func add(_ path: String, isCorrected: Bool) {
    func skip(_ reason: String) { skipped.append(SkippedFile(id: path, reason: reason)) }
    let stem = CorpusFolder.stem(of: path)
    let name = isCorrected ? stem.dropFirst(Self.correction.count) : stem[...]
    guard let match = name.wholeMatch(of: /dia(\d{1,9})_utt(\d{1,9})/),
      let dialogue = Int(match.1), let utterance = Int(match.2)
    else { return skip("Its name is not of MELD's form diaX_uttY.mp4.") }
    guard let split = isCorrected ? .test : Self.split(of: path) else {
      return skip(
        "No folder above it says whether it is of train, dev or test, and MELD numbers each alone.")
    }
    let id = MELDTable.ID(dialogue: dialogue, utterance: utterance)
    if let first = paths[split]?[id] {
      let isMended = !isCorrected && CorpusFolder.stem(of: first).hasPrefix(Self.correction)
      return skip(
        isMended
          ? "\(first) replaces it, the publishers' corrected clip."
          : "It is a second copy of \(first): MELD has each clip once in a split.")
    }
    paths[split, default: [:]][id] = path
  }

  /// The split that the nearest folder with a telling name says.
  private static func split(of path: String) -> MELDTable.Split? {
    for folder in path.split(separator: "/").dropLast().reversed() {
      let words = folder.lowercased().split { !$0.isLetter }.compactMap { SplitName(String($0)) }
      if Set(words).count == 1 {
        return MELDTable.Split.allCases.first { $0.name == words[0] }
      }
    }
    return nil
  }

  /// The path that a missing clip should have: beside the others of its split.
  func expectedPath(of id: MELDTable.ID, in split: MELDTable.Split) -> String {
    let beside = paths[split]?.min { $0.key < $1.key }?.value ?? "\(split.folder)/x.mp4"
    let folder = beside.split(separator: "/").dropLast().joined(separator: "/")
    let ending = beside.split(separator: ".").last ?? "mp4"
    return (folder.isEmpty ? "" : folder + "/") + "\(id.stem).\(ending)"
  }

  /// Passes over the clips that are of no row.
  mutating func leaveOut(_ split: MELDTable.Split, except known: Set<MELDTable.ID>) {
    for (id, path) in paths[split] ?? [:] where !known.contains(id) {
      skipped.append(
        SkippedFile(id: path, reason: "\(split.file) has no utterance \(id.stem)."))
      paths[split]?[id] = nil
    }
    skipped.sort { $0.id < $1.id }
  }
}
