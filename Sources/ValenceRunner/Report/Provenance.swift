import Foundation
import ValenceCore
import ValenceFeatures
import ValenceKernels
import ValencePlan

/// What made a result: code, libraries, data, machine.
///
/// Holds no time, so that equal runs leave equal files.
struct Provenance: Codable, Hashable {
  var version: String
  var commit: String?
  var trialRevision: Int
  var featureRevision: String
  var kernels: [String: String]
  var corpora: [String: String]
  var processor: String
  var cores: Int
  var system: String

  init(_ experiment: Experiment) {
    version = Version.number
    commit = Version.commit
    trialRevision = Trial.revision
    featureRevision = FeatureLibrary.revision
    kernels = Dictionary(uniqueKeysWithValues: KernelReport.current.map { ($0.name, $0.value) })
    corpora = Dictionary(
      uniqueKeysWithValues: experiment.corpora.map { ($0.name, $0.identity.hex) })
    processor = KernelReport.processor
    cores = ProcessInfo.processInfo.activeProcessorCount
    system = ProcessInfo.processInfo.operatingSystemVersionString
  }
}

/// The version of this program.
public enum Version {
  /// By semantic versioning.
  public static let number = "0.1.0"

  /// The commit that the sources stand at, where they are a git checkout.
  ///
  /// Read from git's own files: a checkout is what people run from, and no program need be started.
  public static var commit: String? {
    let git = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent().appending(path: ".git")
    func text(_ path: String) -> String? {
      (try? String(contentsOf: git.appending(path: path), encoding: .utf8))?
        .trimmingCharacters(in: .whitespacesAndNewlines)
    }
    guard let head = text("HEAD") else { return nil }
    guard head.hasPrefix("ref: ") else { return head }
    let name = String(head.dropFirst(5))
    if let hash = text(name) { return hash }
    let packed = text("packed-refs")?.split(separator: "\n").first { $0.hasSuffix(" \(name)") }
    return packed.map { String($0.prefix { $0 != " " }) }
  }
}
