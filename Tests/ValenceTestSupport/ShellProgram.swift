import Foundation

/// Puts a program of some lines of shell at `url`.
///
/// Another process puts it there: a file that is open for writing here is inherited by what other tests
/// start at that moment, and cannot be run ("text file busy") until they have let go of it.
package func writeShellProgram(_ lines: String, to url: URL) throws {
  let text = url.appendingPathExtension("txt")
  try Data("#!/bin/sh\n\(lines)\n".utf8).write(to: text)
  let copying = try Process.run(
    URL(filePath: "/usr/bin/install"), arguments: ["-m", "755", text.path, url.path])
  copying.waitUntilExit()
  try FileManager.default.removeItem(at: text)
  guard copying.terminationStatus == 0 else { throw CocoaError(.fileWriteUnknown) }
}
