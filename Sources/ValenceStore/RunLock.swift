import Foundation

extension RunStore {
  /// Does work that nobody else may do on this experiment at the same time, be it in this process or in
  /// another one.
  ///
  /// The lock is an advisory one on `.<name>.lock` beside the experiment's folder, a file that stays
  /// there, empty: it cannot be removed without a moment in which two could lock two of them. The lock is
  /// gone when the process ends, however that happens. On file systems that know no locks the work is
  /// done without one. What a killed run left is taken up first.
  ///
  /// - Parameter remark: hears a sentence where the file system knows no locks.
  /// - Throws: `StoreError.busy` at once where somebody is at it; what `work` throws.
  package func exclusively<Value>(
    remark: (String) -> Void = { _ in }, _ work: () throws -> Value
  ) throws -> Value {
    let lock = try RunLock(lockFile, of: folder)
    defer { lock.release() }
    if let fault = lock.fault {
      remark(
        "\(folder.path): this file system has no locks (\(fault)), so nobody sees to it that no other "
          + "run works on this experiment at the same time.")
    }
    recover(isLocked: lock.fault == nil)
    return try work()
  }

  /// The file that is locked: beside the folder itself, be it reached by a link under another name.
  private var lockFile: URL {
    let named = results.appending(path: ".\(name).lock")
    let files = FileManager.default
    guard (try? files.destinationOfSymbolicLink(atPath: folder.path)) != nil else { return named }
    let real = folder.resolvingSymlinksInPath()
    let home = real.deletingLastPathComponent()
    guard files.isWritableFile(atPath: home.path) else { return named }
    return home.appending(path: ".\(real.lastPathComponent).lock")
  }

  /// Does work that only reads, and leaves no trace where the folder cannot be written.
  ///
  /// - Throws: as `exclusively` does.
  package func readingOnly<Value>(_ work: (_ canWrite: Bool) throws -> Value) throws -> Value {
    guard isWritable else { return try work(false) }
    return try exclusively { try work(true) }
  }

  /// Whether files of the experiment can be written.
  private var isWritable: Bool {
    [folder, results].allSatisfy { FileManager.default.isWritableFile(atPath: $0.path) }
  }
}

/// The lock of an experiment's folder.
private struct RunLock {
  private let handle: FileHandle
  /// Why there is no lock, where the file system knows none.
  private(set) var fault: String?

  init(_ file: URL, of folder: URL) throws {
    handle = try Self.open(file)
    // No program that is started meanwhile may hold the lock beyond the end of this process.
    _ = fcntl(handle.fileDescriptor, F_SETFD, FD_CLOEXEC)
    if flock(handle.fileDescriptor, LOCK_EX | LOCK_NB) != 0 {
      let code = errno
      if code == EWOULDBLOCK {
        let holder = (try? String(contentsOf: file, encoding: .utf8)) ?? ""
        throw StoreError.busy(folder: folder.path, holder: holder.isEmpty ? nil : holder)
      }
      let text = POSIXError(POSIXErrorCode(rawValue: code) ?? .ENOLCK).localizedDescription
      fault = text.replacing("The operation could not be completed. ", with: "")
    }
    note(Self.holder)
  }

  func release() {
    note("")
    try? handle.close()
  }

  /// The file for writing, made if need be; never replaced, as others may hold a lock on it.
  private static func open(_ file: URL) throws -> FileHandle {
    do {
      try FileManager.default.createDirectory(
        at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      if !FileManager.default.fileExists(atPath: file.path) {
        do {
          try Data().write(to: file, options: .withoutOverwriting)
        } catch let error as CocoaError where error.code == .fileWriteFileExists {
          // Somebody else was faster.
        }
      }
      return try FileHandle(forUpdating: file)
    } catch {
      throw StoreError.unwritable(file, error)
    }
  }

  /// Who holds the lock, for those that find it taken; nothing depends on it.
  private func note(_ text: String) {
    try? handle.truncate(atOffset: 0)
    try? handle.write(contentsOf: Data(text.utf8))
  }

  private static var holder: String {
    let host = try? String(contentsOfFile: "/proc/sys/kernel/hostname", encoding: .utf8)
    let name = host.map { " on " + $0.trimmingCharacters(in: .whitespacesAndNewlines) } ?? ""
    return "process \(ProcessInfo.processInfo.processIdentifier)\(name)"
  }
}
