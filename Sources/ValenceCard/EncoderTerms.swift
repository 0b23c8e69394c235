import Foundation
import ValenceCore

/// The license of a published encoder, as its own files state it.
enum EncoderTerms {
  /// What files that state terms are called; the first one has a header.
  private static let names = ["README.md", "LICENSE", "LICENSE.md", "LICENSE.txt", "NOTICE"]

  /// The files of a folder that state terms, and are handed on with the encoder.
  static func files(in folder: URL) -> [URL] {
    names.map { folder.appending(path: $0) }.filter { PathKind($0) == .file }
  }

  /// The license in the header of a folder's `README.md`, as Hugging Face's repositories have it; nil if it
  /// states none.
  static func license(in folder: URL) -> String? {
    let file = folder.appending(path: names[0])
    guard let text = try? String(contentsOf: file, encoding: .utf8) else { return nil }
    let lines = text.split(whereSeparator: \.isNewline)
    guard lines.first == "---", let end = lines.dropFirst().firstIndex(of: "---") else {
      return nil
    }
    for line in lines[1..<end] {
      if let match = line.wholeMatch(
        of: /license:\s*["']?([A-Za-z0-9][A-Za-z0-9.+ -]{0,59}?)["']?\s*/)
      {
        return String(match.1)
      }
    }
    return nil
  }
}
