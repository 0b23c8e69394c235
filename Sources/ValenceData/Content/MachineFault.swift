import ValenceAudio

/// Something that is wrong with the machine or was done to it meanwhile, and not with the plan or data.
///
/// It ends a run, because a result must not depend on it: a file that went away or changed after its
/// content was known, that may not be opened, a disk that cannot be read, too many open files.
package struct MachineFault: Error, CustomStringConvertible {
  /// The fault, with its file.
  package let description: String

  /// Says what happened in one sentence.
  init(_ sentence: String) { description = sentence }

  /// The error that reading a file failed with.
  init(_ error: AudioError) {
    self.init(
      "\(error) This is no property of the recording, so the run ends here; what was finished before is "
        + "kept.")
  }

  /// A file that is not what it was.
  static func changed(_ file: String) -> MachineFault {
    MachineFault("\(file): this file is not what it was when the run began; start the run again.")
  }

  /// A file that is not there any more.
  static func gone(_ file: String) -> MachineFault {
    MachineFault(
      "\(file): there is no such file any more, but there was when the run began; bring it back and start "
        + "the run again.")
  }
}
