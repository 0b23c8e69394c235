package import Foundation
package import ValencePredict

extension Predictor {
  /// The answers for the windows of recordings that are heard as streams: each by itself from its beginning,
  /// through the gate, with running statistics where models need them.
  ///
  /// - Returns: a reply for each file; a window without voice has an answer without a prediction.
  package func hear(_ files: [URL], options: LiveOptions) -> [Reply] {
    files.map { file in
      var reply = Reply()
      do {
        try hear(file, options: options) { event in
          guard event.event == .window else { return }
          reply.answers.append(
            Answer(
              file: file.relativePath, model: event.model,
              span: (event.startS ?? 0)...(event.endS ?? 0), prediction: event.prediction,
              probabilities: event.probabilities ?? [:]))
        }
      } catch {
        reply = Reply(faults: ["\(error)"])
      }
      return reply
    }
  }

  /// Hands the events of a recording that is heard as a stream to `body`.
  ///
  /// - Throws: a sentence that names the file; `LiveFault`, `WindowFault`.
  package func hear(
    _ file: URL, options: LiveOptions, _ body: (LiveEvent) throws -> Void
  ) throws {
    let session = try LiveSession(self, rateHz: inputs.first?.rateHz ?? 0, options: options)
    try decode(file, group: inputs.first?.group ?? 0) { samples in
      for event in try session.hear(samples, by: self) { try body(event) }
    }
    for event in try session.end(by: self) { try body(event) }
  }
}
