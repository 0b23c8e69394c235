import Foundation

extension RunStore {
  /// Runs `work` under the experiment's exclusive lock, across threads and processes.
  ///
  /// The lock is an advisory one on `.<name>.lock` beside the experiment's folder. The empty file stays
  /// there: if it were removed, two processes could hold locks on two files of the same name. The kernel
  /// releases the lock when the process ends, however that happens. On file systems without locks the work
  /// is done without one. Leftovers of a killed run are recovered first.
  ///
  /// - Parameter remark: receives a sentence if the file system has no locks.
  /// - Throws: `StoreError.busy` immediately if the lock is held; errors of `work`.
  package func exclusively<Value>(
    remark: (String) -> Void = { _ in }, _ work: () throws -> Value
  ) throws -> Value {
    let lock = try RunLock(lockFile, of: folder)
    defer { lock.release() }
    if let fault = lock.fault {
      remark(
        "\(folder.path): this file system has no locks (\(fault)), so nothing prevents another run from "
          + "working on this experiment at the same time.")
    }
    recover(isLocked: lock.fault == nil)
    return try work()
  }

  /// The file that is locked: beside the real folder, so that two links to it share one lock.
  private var lockFile: URL {
    let named = results.appending(path: ".\(name).lock")
    let files = FileManager.default
    guard (try? files.destinationOfSymbolicLink(atPath: folder.path)) != nil else { return named }
    let real = folder.resolvingSymlinksInPath()
    let home = real.deletingLastPathComponent()
    guard files.isWritableFile(atPath: home.path) else { return named }
    return home.appending(path: ".\(real.lastPathComponent).lock")
  }

  /// Runs work that mainly reads: under the lock, or without any trace if the folder is read-only.
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
  /// Why there is no lock, if the file system has none.
  private(set) var fault: String?

  init(_ file: URL, of folder: URL) throws {
    handle = try Self.open(file)
    // Otherwise a child process would inherit the lock and hold it beyond the end of this process.
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

  /// Opens the file, creating it if needed; never replaces it, as another process may hold a lock on it.
  private static func open(_ file: URL) throws -> FileHandle {
    do {
      try FileManager.default.createDirectory(
        at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      if !FileManager.default.fileExists(atPath: file.path) {
        do {
          try Data().write(to: file, options: .withoutOverwriting)
        } catch let error as CocoaError where error.code == .fileWriteFileExists {
          // Another process was faster.
        }
      }
      return try FileHandle(forUpdating: file)
    } catch {
      throw StoreError.unwritable(file, error)
    }
  }

  /// Notes the holder of the lock, for the message of `StoreError.busy`; nothing depends on it.
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
