import Foundation
import ValenceAudio
import ValenceCore
import ValenceCorpora
import ValenceFeatures
import ValenceKernels
import ValencePlan

/// What made a result: code, libraries, data, machine.
///
/// Holds no time, so that equal runs leave equal files.
struct Provenance: Codable, Hashable {
  var version: String
  var build: String?
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
    build = Version.build
    commit = Version.commit
    trialRevision = Trial.revision
    featureRevision = FeatureLibrary.revision(
      of: experiment.plan.variants.flatMap(\.settings.features.kinds))
    kernels = Dictionary(uniqueKeysWithValues: KernelReport.current.map { ($0.name, $0.value) })
    if experiment.corpora.contains(where: {
      $0.labeled.utterances.contains(where: \.utterance.isMedia)
    }) {
      kernels["ffmpeg"] = AudioLibraries.ffmpegVersion ?? "missing"
    }
    corpora = Dictionary(
      uniqueKeysWithValues: experiment.corpora.map { ($0.name, $0.identity.hex) })
    processor = KernelReport.processor
    cores = ProcessInfo.processInfo.activeProcessorCount
    system = ProcessInfo.processInfo.operatingSystemVersionString
  }
}
