import Foundation
import Testing
import ValenceAudio
import ValenceCore
import ValenceTestSupport

@testable import ValenceEGeMAPS

/// eGeMAPS of 100 clips of real speech beside openSMILE's, and the table of what they have in common.
@Suite("eGeMAPS of real speech")
struct CorpusParityTests {
  /// What a parameter of all clips has in common with openSMILE's.
  struct Agreement {
    let correlation: Double
    let bias: Double
    let deviation: Double
    let equal: Double

    init(_ ours: [Double], _ theirs: [Double]) {
      let count = Double(ours.count)
      let (mean, theirMean) = (ours.reduce(0, +) / count, theirs.reduce(0, +) / count)
      var (own, their, both, same) = (0.0, 0.0, 0.0, 0.0)
      for (a, b) in zip(ours, theirs) {
        own += (a - mean) * (a - mean)
        their += (b - theirMean) * (b - theirMean)
        both += (a - mean) * (b - theirMean)
        same += abs(a - b) <= 0.01 * abs(b) + 1e-6 ? 1 : 0
      }
      correlation = both / (own * their).squareRoot()
      bias = mean - theirMean
      deviation = (their / count).squareRoot()
      equal = same / count
    }

    /// A row of the table: 0.998, the bias in units of the parameter and in deviations of openSMILE's.
    func row(_ name: String) -> String {
      func text(_ value: Double, _ digits: Int) -> String {
        value.formatted(
          .number.precision(.significantDigits(digits)).locale(Locale(identifier: "en_US_POSIX"))
            .grouping(.never))
      }
      let parts = [
        String(format: "%.4f", correlation), text(bias, 3),
        String(format: "%.3f", bias / deviation),
        String(format: "%.2f", equal),
      ]
      return ([name] + parts).joined(separator: ",")
    }
  }

  @Test(
    "78 of 88 parameters correlate by .9 with openSMILE's", .enabled(if: SharedData.isThere))
  func parity() throws {
    let truth = try Fixture(.module).arrays("corpora.safetensors")
    let set = EGeMAPS(rateHz: 16000)
    var whole = AudioOptions()
    whole.clipS = 600
    var (ours, theirs): ([[Float]], [[Float]]) = ([], [])
    for file in truth.keys.sorted() {
      let waveform = try AudioReader.read(
        SharedData.url("corpora/\(file)"), options: whole)
      ours.append(set.extract(waveform.samples))
      theirs.append(try #require(truth[file]).values)
    }
    #expect(ours.count == 100)
    let agreements = EGeMAPS.names.indices.map { number in
      Agreement(ours.map { Double($0[number]) }, theirs.map { Double($0[number]) })
    }
    let low = zip(EGeMAPS.names, agreements).filter { !($0.1.correlation >= 0.9) }
    #expect(low.count <= 10, "\(low.map { "\($0.0) \($0.1.correlation)" })")
    let table =
      (["parameter,correlation,bias,bias_in_deviations,within_a_percent"]
      + zip(EGeMAPS.names, agreements).map { $1.row($0) }).joined(separator: "\n") + "\n"
    let recorded = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "Fixtures/parity.csv")
    guard ProcessInfo.processInfo.environment["VALENCE_RECORD"] == nil else {
      try table.write(to: recorded, atomically: true, encoding: .utf8)
      Issue.record("recorded parity.csv; look at it, and run again without VALENCE_RECORD")
      return
    }
    // Last digits of sums may differ from processor to processor.
    let old = try String(contentsOf: recorded, encoding: .utf8).split(separator: "\n").dropFirst()
    #expect(old.count == agreements.count)
    for (line, agreement) in zip(old, agreements) {
      let correlation = Double(line.split(separator: ",")[1]) ?? 0
      #expect(abs(correlation - agreement.correlation) < 0.01, "\(line): \(agreement.correlation)")
    }
  }
}
