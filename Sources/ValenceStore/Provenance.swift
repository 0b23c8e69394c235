/// What numbers were made with: code, kernels, libraries, machine.
///
/// Nothing in it depends on the clock, on the number of cores or on what else the machine does, so equal
/// runs leave equal files.
package struct Provenance: Codable, Hashable, Sendable {
  /// The version of Valence.
  package var version: String
  /// The digest of the program file, if it can be read: what `valence doctor` names beside its commit.
  ///
  /// The commit itself is no part of this: whether it is known changes with the checkout, not with the
  /// program.
  package var build: String?
  /// The revision of training and evaluation.
  package var trialRevision: Int
  /// The revisions of reading audio and of the features in use.
  package var featureRevision: String
  /// The libraries and kernels by name, as `valence doctor` names them.
  package var kernels: [String: String]
  package var processor: String
  /// The operating system.
  package var system: String

  /// Notes what numbers were made with; see the properties.
  package init(
    version: String, build: String?, trialRevision: Int, featureRevision: String,
    kernels: [String: String], processor: String, system: String
  ) {
    self.version = version
    self.build = build
    self.trialRevision = trialRevision
    self.featureRevision = featureRevision
    self.kernels = kernels
    self.processor = processor
    self.system = system
  }

  /// The kernels by which last digits are rounded: `AVX-512, Winograd where kernels are 3 × 3, oneDNN
  /// 2.6.3, OpenBLAS for Haswell`.
  package var engine: String {
    [
      kernels["vectors"], kernels["convolution"], kernels["oneDNN"].map { "oneDNN \($0)" },
      kernels["OpenBLAS kernels"].map { "OpenBLAS for \($0)" },
    ].compactMap { $0 }.joined(separator: ", ")
  }
}
