import CGnuplot
import Foundation

/// A running gnuplot that is fed a script; ends when it is closed or dropped.
@safe struct GnuplotProcess: ~Copyable {
  private var handle: OpaquePointer?

  /// Starts gnuplot, at work in `folder`, to draw `script`, which is kept elsewhere.
  ///
  /// - Throws: `FigureError.gnuplotMissing` or `.notStarted`.
  init(
    _ program: String, for script: String, in folder: URL, keptIn home: URL
  ) throws(FigureError) {
    var opened: OpaquePointer?
    let code = unsafe program.withCString { program in
      unsafe folder.path.withCString { unsafe valence_gnuplot_open(program, $0, &opened) }
    }
    guard code == 0, let opened = unsafe opened else {
      if code == ENOENT { throw .gnuplotMissing(script: script, folder: home.path) }
      throw .notStarted(script: script, reason: unsafe String(cString: strerror(code)))
    }
    unsafe handle = opened
  }

  /// Sends commands, in all less than a pipe holds; what goes wrong with them is told by `close`.
  func send(_ script: String) {
    _ = unsafe script.withCString { unsafe valence_gnuplot_send(handle, $0) }
  }

  /// How gnuplot ended.
  struct End {
    /// The exit status; 128 + the signal for one that was killed.
    var status: Int
    /// What it wrote to standard error.
    var said: String
    /// Why it was killed; nil where it ended by itself.
    var stop: Stop?
  }

  /// Why a gnuplot was killed.
  enum Stop {
    /// It did not end in time.
    case late
    /// Nobody wants the figure any more.
    case cancelled
  }

  /// Ends the script and waits; kills a gnuplot that does not end within `limitS` seconds, or while
  /// nobody wants its figure any more.
  consuming func close(limitS: Double, isCancelled: () -> Bool = { false }) -> End {
    let began = ContinuousClock.now
    var stop: Stop?
    while unsafe valence_gnuplot_wait(handle, 50) == 0, stop == nil {
      if isCancelled() {
        stop = .cancelled
      } else if ContinuousClock.now - began > .seconds(limitS) {
        stop = .late
      }
    }
    var said = [CChar](repeating: 0, count: 4096)
    let status = unsafe said.withUnsafeMutableBufferPointer {
      unsafe valence_gnuplot_close(handle, $0.baseAddress, $0.count)
    }
    unsafe handle = nil
    let bytes = said.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
    return End(status: Int(status), said: String(decoding: bytes, as: UTF8.self), stop: stop)
  }

  deinit {
    guard let handle = unsafe handle else { return }
    _ = unsafe valence_gnuplot_close(handle, nil, 0)
  }
}
