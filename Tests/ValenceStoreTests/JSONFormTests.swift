import Foundation
import Testing
import ValenceTestSupport

@testable import ValenceStore

@Suite("The JSON of records")
struct JSONFormTests {
  private static let provenance = Provenance(
    code: .init(version: "1", build: "b", trialRevision: 4, featureRevision: "f"),
    kernels: ["vectors": "AVX-512"], processor: "p", system: "s")

  private func keys(_ value: some Encodable) throws -> [String] {
    let object = try JSONSerialization.jsonObject(with: JSON.encoded(value))
    return try #require(object as? [String: Any]).keys.sorted()
  }

  private func copy<Value: Codable>(_ value: Value) throws -> Value {
    try JSON.decoder.decode(Value.self, from: JSON.encoded(value))
  }

  @Test("a record has the members of its training, and a provenance those of its code")
  func record() throws {
    var record = sampleTrial().record
    record.made = Self.provenance
    #expect(
      try keys(record) == [
        "badges", "best_epoch", "checksum", "classes", "epochs", "evaluations", "files", "key",
        "made", "parameters", "seed", "settings", "train_clips", "train_counts",
        "train_utterances", "validation_clips", "validation_utterances",
      ])
    #expect(
      try keys(Self.provenance) == [
        "build", "feature_revision", "kernels", "processor", "system", "trial_revision", "version",
      ])
    #expect(try copy(record) == record)
    record.made?.code.build = nil
    #expect(try copy(record) == record)
    #expect(try !keys(record.made).contains("build"))
  }

  @Test("a listing has the members of its name")
  func listing() throws {
    var listing = TrialListing(
      key: "k", name: .init(variant: "v", train: "t", fold: "1", seed: .max),
      tests: [.init(corpus: "t", within: true, identity: "i")])
    #expect(try keys(listing) == ["fold", "key", "seed", "tests", "train", "variant"])
    #expect(try copy(listing) == listing)
    listing.failure = "it broke"
    #expect(try keys(listing).contains("failure"))
    #expect(try copy(listing) == listing)
  }
}
