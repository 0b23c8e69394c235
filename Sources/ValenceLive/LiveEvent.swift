package import Foundation
package import ValencePredict
import ValenceStore

/// Something that is said of a stream: a line of `valence listen`, a message of the WebSocket.
///
/// Times are seconds from the beginning of the stream.
package struct LiveEvent: Codable, Hashable, Sendable {
  package enum Kind: String, Codable, Hashable, Sendable {
    /// The stream is accepted; names the models and what they hear.
    case start
    /// Voice began.
    case onset
    /// A window's answer.
    case window
    /// Voice ended.
    case offset
    /// The answer for an utterance.
    case final
    /// The stream ended.
    case end
  }

  /// By whose statistics a model's input was normalized.
  package struct Normalization: Codable, Hashable, Sendable {
    package enum Source: String, Codable, Hashable, Sendable {
      /// None, as in training.
      case none
      /// Those of the training fold.
      case train
      /// Those of what the stream has said so far, in place of the speaker's or corpus's.
      case running
      /// Those of recordings that were given beforehand.
      case enrolled
    }

    package var source: Source
    /// How many seconds of running statistics there are.
    package var heardS: Double?
    /// Whether these are as many as `LiveOptions.warmUpS`; answers before are less reliable.
    package var warm: Bool?
  }

  package var event: Kind
  /// When it happened.
  package var timeS: Double
  /// The part that an answer is about.
  package var startS: Double?
  package var endS: Double?
  /// The model as it was named, or `ensemble`; nil where only one is asked.
  package var model: String?
  /// The most probable class; nil where there is no voice, nothing but silence, or too little speech to form
  /// statistics of.
  package var prediction: String?
  /// The probability of each class; none without a prediction.
  package var probabilities: [String: Float]?
  /// The exponentially smoothed probabilities of the windows so far.
  package var smoothed: [String: Float]?
  /// How many seconds of the window were voice.
  package var voiceS: Double?
  package var normalization: Normalization?
  /// The time from the arrival of the samples that completed the window or utterance to the answer, in
  /// milliseconds.
  package var latencyMs: Double?
  /// The models, at the start.
  package var models: [ModelInput]?
  /// The rate of the stream, at the start.
  package var rateHz: Int?

  package init(_ event: Kind, timeS: Double) {
    (self.event, self.timeS) = (event, timeS)
  }

  /// One line of JSON with its line end.
  package func line() throws -> Data { try JSON.encoded(self, onOneLine: true) }
}
