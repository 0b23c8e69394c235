import CFolders
package import Foundation

/// Writes files so that they are whole or not there.
package enum AtomicFile {
  /// Writes under another name in the same folder, then renames; makes the folder if need be.
  ///
  /// File and folder are on the disk when it returns.
  /// - Throws: what the system says; nothing is left of it then.
  package static func write(_ data: Data, to url: URL) throws {
    let folder = url.deletingLastPathComponent()
    let draft = Draft.url(of: url.lastPathComponent, in: folder)
    do {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      try data.write(to: draft)
      try Replacement.put(draft, at: url)
    } catch {
      try? FileManager.default.removeItem(at: draft)
      throw error
    }
  }

  /// Waits until the entries of a folder are on the disk; a file system that cannot say so is believed.
  package static func synchronize(folder: URL) {
    guard let handle = try? FileHandle(forReadingFrom: folder) else { return }
    try? handle.synchronize()
    try? handle.close()
  }
}

/// Puts a file or folder that is written aside into its place.
package enum Replacement {
  /// Moves `draft` to `target`; what lay there before is gone afterwards.
  ///
  /// Where the file system can exchange two folders, `target` is whole at every instant.
  /// Where it cannot (NFS), a folder first moves aside to `Draft.aside`, where readers look too.
  package static func put(_ draft: URL, at target: URL) throws {
    var isPut = false
    // Others may put theirs there at the same time; each time one of them is faster, one is done.
    for _ in 0..<1000 where !isPut {
      do {
        isPut = try exchange(draft, target)
        if !isPut {
          try FileManager.default.moveItem(at: draft, to: target)
          isPut = true
        }
      } catch let error as POSIXError where error.code == .ESTALE {
        continue
      } catch let error as CocoaError
        where [.fileWriteFileExists, .fileReadNoSuchFile, .fileNoSuchFile].contains(error.code)
        && FileManager.default.fileExists(atPath: draft.path)
      {
        // Moving refuses to replace, and what lay there a moment ago can be gone.
        continue
      }
    }
    guard isPut else { throw POSIXError(.EBUSY) }
    AtomicFile.synchronize(folder: target.deletingLastPathComponent())
  }

  /// Exchanges `draft` with `target`; false if there is no `target`.
  private static func exchange(_ draft: URL, _ target: URL) throws -> Bool {
    guard FileManager.default.fileExists(atPath: target.path) else { return false }
    let old = try FileHandle(forReadingFrom: target)
    defer { try? old.close() }
    let new = try FileHandle(forReadingFrom: draft)
    defer { try? new.close() }
    guard draft.isFolder else {
      try check(valence_folders_replace(old.fileDescriptor, new.fileDescriptor))
      return true
    }
    do {
      try check(valence_folders_exchange(old.fileDescriptor, new.fileDescriptor))
      try? FileManager.default.removeItem(at: draft)
    } catch let error as POSIXError where error.code != .ESTALE {
      try moveAside(target, for: draft)
    }
    return true
  }

  private static func check(_ fault: Int32) throws {
    if fault != 0 { throw POSIXError(POSIXErrorCode(rawValue: fault) ?? .EIO) }
  }

  /// The way of file systems that cannot exchange; `RunStore.recover` mends what a kill leaves of it.
  package static func moveAside(_ target: URL, for draft: URL) throws {
    let aside = Draft.aside(target)
    try? FileManager.default.removeItem(at: aside)
    try FileManager.default.moveItem(at: target, to: aside)
    do {
      try FileManager.default.moveItem(at: draft, to: target)
    } catch {
      try? FileManager.default.moveItem(at: aside, to: target)
      throw error
    }
    try? FileManager.default.removeItem(at: aside)
  }
}

/// The names of what is written aside until it is whole.
///
/// They name the process that writes, so that no other one removes what is about to be put into its
/// place, be it that locks are not honored or that the other runs elsewhere.
package struct Draft {
  private static let prefix = ".draft-"
  private static let separator: Character = "~"

  /// The final name of the file or folder.
  package let name: String
  private let process: ProcessIdentity
  private let host: String

  /// A new one for `name`, in `folder`.
  package static func url(of name: String, in folder: URL) -> URL {
    let random = String(UInt32.random(in: 0...UInt32.max), radix: 16)
    let parts = [name, ProcessIdentity.own.text, random, hostName]
      .joined(separator: String(separator))
    return folder.appending(path: prefix + parts)
  }

  /// The place of a folder while another takes its name.
  package static func aside(_ folder: URL) -> URL {
    folder.deletingLastPathComponent().appending(path: ".old-\(folder.lastPathComponent)")
  }

  /// Reads a file's or folder's name; nil if it is no draft's.
  package init?(_ fileName: String) {
    guard fileName.hasPrefix(Self.prefix) else { return nil }
    let parts = fileName.dropFirst(Self.prefix.count).split(
      separator: Self.separator, omittingEmptySubsequences: false)
    guard parts.count == 4, let process = ProcessIdentity(text: String(parts[1])) else {
      return nil
    }
    (name, self.process, host) = (String(parts[0]), process, String(parts[3]))
  }

  /// Whether it is abandoned: its process has ended, or it is more than a day old.
  ///
  /// A process of another machine cannot be asked.
  package func isAbandoned(at url: URL) -> Bool {
    if isOfThisMachine, !process.isRunning { return true }
    return url.changeTime.map { $0.timeIntervalSinceNow < -86_400 } ?? false
  }

  /// Whether this very process wrote it.
  package var isOwn: Bool { isOfThisMachine && process == .own }

  /// Whether a process of this machine wrote it.
  package var isOfThisMachine: Bool { host == Self.hostName }

  private static let hostName: String = {
    let name = try? String(contentsOfFile: "/proc/sys/kernel/hostname", encoding: .utf8)
    let word = (name ?? "").filter { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") }
    return word.isEmpty ? "unknown" : String(word.prefix(40))
  }()
}

extension URL {
  /// Whether it is a folder, and no link to one.
  package var isFolder: Bool { attributes[.type] as? FileAttributeType == .typeDirectory }

  /// The time of the last change, if it can be read.
  package var changeTime: Date? { attributes[.modificationDate] as? Date }

  private var attributes: [FileAttributeKey: Any] {
    (try? FileManager.default.attributesOfItem(atPath: path)) ?? [:]
  }
}
