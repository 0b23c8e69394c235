import Foundation
import NIOCore
import NIOHTTP1

/// A recording that a client sent, on disk.
struct Upload: Sendable {
  let file: SpooledFile
  /// What the client calls it; what answers call it.
  let name: String
  let bytes: Int

  /// The form field of a recording.
  static let field = "file"

  /// Receives the body of a request piece by piece, so that memory does not grow with it.
  ///
  /// - Parameters:
  ///   - name: what the recording is called where the body does not say.
  ///   - most: the bytes that it may have.
  /// - Throws: `Refusal`: 400 for a broken form, 411 for a body without content, 413 for one that is too large, 415 for
  ///   another type.
  static func receive(
    _ request: Request, _ reader: inout RequestReader, name: String?, most: Int, in spool: Spool
  ) async throws -> Upload {
    let isForm = try kind(of: request) == .form
    if let length = request.header("Content-Length").flatMap(Int.init), length > most {
      throw tooLarge(most)
    }
    var form = isForm ? try FormReader(request) : nil
    let file: SpooledFile
    do { file = try spool.makeFile() } catch {
      throw Refusal(.insufficientStorage, "The upload cannot be kept; try again later.")
    }
    do {
      var bytes = 0
      while let piece = try await reader.chunk() {
        guard reader.bytes <= most else { throw tooLarge(most) }
        let content =
          if form != nil { try form?.content(of: piece) ?? Data() } else {
            Data(piece.readableBytesView)
          }
        guard !content.isEmpty else { continue }
        bytes += content.count
        try file.write(content)
      }
      try form?.finish()
      guard bytes > 0 else {
        throw Refusal(.badRequest, "The upload is empty; send the bytes of a recording.")
      }
      file.close()
      return Upload(
        file: file, name: UploadName.cleaned(form?.name ?? name ?? ""), bytes: bytes)
    } catch {
      file.remove()
      throw error
    }
  }

  private enum Kind { case form, raw }

  private static func kind(of request: Request) throws(Refusal) -> Kind {
    guard let type = request.mediaType else {
      throw Refusal(.unsupportedMediaType, "The upload has no Content-Type; \(types).")
    }
    if type == "multipart/form-data" { return .form }
    guard type.hasPrefix("audio/") || type.hasPrefix("video/") || others.contains(type) else {
      throw Refusal(.unsupportedMediaType, "The upload is of another type; \(types).")
    }
    return .raw
  }

  private static let others = ["application/octet-stream", "application/ogg"]
  private static let types =
    "send audio/wav (or what it is), application/octet-stream, or multipart/form-data with the field "
    + "\(field)"

  private static func tooLarge(_ most: Int) -> Refusal {
    Refusal(
      .payloadTooLarge,
      "The upload is larger than \(most) bytes, which is all that this server takes; send a shorter one."
    )
  }
}

/// Finds the one recording in a form.
struct FormReader {
  private var parts: MultipartReader
  private var isInFile = false
  /// What the client calls the file.
  private(set) var name: String?

  /// - Throws: `Refusal` with status 400 where the boundary is missing.
  init(_ request: Request) throws(Refusal) {
    let type = request.header("Content-Type").map(HeaderParameters.init)
    guard let boundary = type?["boundary"], (1...70).contains(boundary.utf8.count) else {
      throw Refusal(.badRequest, "The form has no usable boundary in its Content-Type.")
    }
    parts = MultipartReader(boundary: boundary)
  }

  /// The next bytes of the recording.
  ///
  /// - Throws: `Refusal` with status 400 for other fields, or a second file.
  mutating func content(of piece: ByteBuffer) throws(Refusal) -> Data {
    var content = Data()
    for event in try parts.take(piece.readableBytesView) {
      switch event {
      case .begin(let head):
        guard head.name == Upload.field else {
          throw Refusal(
            .badRequest,
            "The form's field '\(head.name.prefix(40))' is not known; send one file as the field "
              + "\(Upload.field), and settings in the query.")
        }
        guard name == nil else {
          throw Refusal(.badRequest, "The form has several files; send one in a request.")
        }
        name = head.fileName ?? ""
        isInFile = true
      case .bytes(let bytes): if isInFile { content.append(contentsOf: bytes) }
      case .end: isInFile = false
      }
    }
    return content
  }

  /// Checks that the form was whole and had a file.
  ///
  /// - Throws: `Refusal` with status 400.
  func finish() throws(Refusal) {
    try parts.finish()
    guard name != nil else {
      throw Refusal(.badRequest, "The form has no field \(Upload.field); send a file in it.")
    }
  }
}

/// What an upload is called in answers.
enum UploadName {
  /// The last part of a path without what cannot be printed, at most 120 characters.
  static func cleaned(_ name: String) -> String {
    let last = name.split { $0 == "/" || $0 == "\\" }.last ?? ""
    let plain = String(
      last.unicodeScalars.filter { scalar in
        switch scalar.properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator,
          .paragraphSeparator:
          false
        default: true
        }
      }.map(Character.init))
    let short = String(plain.prefix(120)).trimmingCharacters(in: .whitespaces)
    return short.isEmpty || short.allSatisfy { $0 == "." } ? "upload" : short
  }
}
