/// The size, times and number of a file: as long as they are unchanged, so are its bytes.
///
/// The time of the last change of status (`ctime`) cannot be set by a program, so that a file which was
/// changed and put back, with its old time of modification too, has another stamp.
package struct FileStamp: Hashable, Sendable {
  /// The number of the file system.
  package let device: UInt64
  /// The number of the file in its file system.
  package let inode: UInt64
  /// The length in bytes.
  package let size: Int64
  /// When its bytes were last modified, in nanoseconds since 1970.
  package let modifiedNs: Int64
  /// When its bytes or its status last changed, in nanoseconds since 1970.
  package let changedNs: Int64

  package init(device: UInt64, inode: UInt64, size: Int64, modifiedNs: Int64, changedNs: Int64) {
    (self.device, self.inode, self.size) = (device, inode, size)
    (self.modifiedNs, self.changedNs) = (modifiedNs, changedNs)
  }

  /// The coarsest grain of the clocks of file systems in use: FAT counts modifications by two seconds.
  package static let grainNs: Int64 = 2_000_000_000

  /// Whether any later change would show.
  ///
  /// A file that changed just now may change once more within the clock's grain, and keep its stamp.
  /// - Parameter nowNs: when the stamp was taken, in nanoseconds since 1970.
  package func isSettled(at nowNs: Int64) -> Bool {
    let latest = max(modifiedNs, changedNs)
    let (age, overflows) = nowNs.subtractingReportingOverflow(latest)
    return !overflows && age >= Self.grainNs
  }
}
