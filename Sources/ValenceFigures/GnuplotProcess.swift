import CGnuplot
import Foundation

/// A running gnuplot that is fed a script; ends when it is closed or dropped.
@safe struct GnuplotProcess: ~Copyable {
  private var handle: OpaquePointer?

  /// Starts gnuplot from the PATH, at work in `folder`, to draw `script`.
  ///
  /// - Throws: `FigureError.gnuplotMissing` or `.notStarted`.
  init(for script: String, in folder: URL) throws(FigureError) {
    var opened: OpaquePointer?
    let code = unsafe folder.path.withCString { unsafe valence_gnuplot_open($0, &opened) }
    guard code == 0, let opened = unsafe opened else {
      if code == ENOENT { throw .gnuplotMissing(script: script, folder: folder.path) }
      throw .notStarted(script: script, reason: unsafe String(cString: strerror(code)))
    }
    unsafe handle = opened
  }

  /// Sends commands; what goes wrong with them is told by `close`.
  func send(_ script: String) {
    _ = unsafe script.withCString { unsafe valence_gnuplot_send(handle, $0) }
  }

  /// Ends the script and waits; returns the exit status and what gnuplot wrote to standard error.
  consuming func close() -> (status: Int, said: String) {
    var said = [CChar](repeating: 0, count: 4096)
    let status = unsafe said.withUnsafeMutableBufferPointer {
      unsafe valence_gnuplot_close(handle, $0.baseAddress, $0.count)
    }
    unsafe handle = nil
    let bytes = said.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
    return (Int(status), String(decoding: bytes, as: UTF8.self))
  }

  deinit {
    guard let handle = unsafe handle else { return }
    _ = unsafe valence_gnuplot_close(handle, nil, 0)
  }
}
