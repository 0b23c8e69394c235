/// The code, libraries and machine that numbers were computed with.
///
/// Nothing in it depends on the clock, the number of cores or the machine's load, so equal runs leave equal
/// files.
package struct Provenance: Hashable, Sendable {
  /// A build of Valence.
  package struct Code: Codable, Hashable, Sendable {
    /// The version of Valence.
    package var version: String
    /// The digest of the program file, if it can be read: what `valence doctor` names beside its commit.
    ///
    /// The commit itself is no part of this: whether it is known depends on the checkout, not on the
    /// program.
    package var build: String?
    /// The revision of training and evaluation.
    package var trialRevision: Int
    /// The revisions of audio decoding and of the features in use.
    package var featureRevision: String

    package init(version: String, build: String?, trialRevision: Int, featureRevision: String) {
      self.version = version
      self.build = build
      self.trialRevision = trialRevision
      self.featureRevision = featureRevision
    }
  }

  package var code: Code
  /// The libraries and kernels by name, as `valence doctor` names them.
  package var kernels: [String: String]
  package var processor: String
  /// The operating system.
  package var system: String

  package init(code: Code, kernels: [String: String], processor: String, system: String) {
    self.code = code
    self.kernels = kernels
    self.processor = processor
    self.system = system
  }

  /// The kernels that determine how last digits are rounded: `AVX-512, Winograd where kernels are 3 × 3,
  /// oneDNN 2.6.3, OpenBLAS for Haswell`.
  package var engine: String {
    [
      kernels["vectors"], kernels["convolution"], kernels["oneDNN"].map { "oneDNN \($0)" },
      kernels["OpenBLAS kernels"].map { "OpenBLAS for \($0)" },
    ].compactMap { $0 }.joined(separator: ", ")
  }
}

/// In JSON the members of `code` are members of the whole.
extension Provenance: Codable {
  private enum CodingKeys: String, CodingKey { case kernels, processor, system }

  package init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      code: try Code(from: decoder),
      kernels: try values.decode([String: String].self, forKey: .kernels),
      processor: try values.decode(String.self, forKey: .processor),
      system: try values.decode(String.self, forKey: .system))
  }

  package func encode(to encoder: any Encoder) throws {
    try code.encode(to: encoder)
    var values = encoder.container(keyedBy: CodingKeys.self)
    try values.encode(kernels, forKey: .kernels)
    try values.encode(processor, forKey: .processor)
    try values.encode(system, forKey: .system)
  }
}
