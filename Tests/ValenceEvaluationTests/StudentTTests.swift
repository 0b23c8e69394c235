import Foundation
import Testing
import ValenceTestSupport

@testable import ValenceEvaluation

@Suite("Student's t")
struct StudentTTests {
  private struct Reference: Decodable {
    struct Probability: Decodable { var degrees, t, p: Double }
    struct Quantile: Decodable { var degrees, level, t: Double }
    var probabilities: [Probability]
    var quantiles: [Quantile]
  }

  private func reference() throws -> Reference {
    let url = Fixture(.module).folder.appending(path: "inference/student_t.json")
    return try JSONDecoder().decode(Reference.self, from: Data(contentsOf: url))
  }

  @Test("probabilities equal SciPy's, for whole and other degrees of freedom, far into the tails")
  func probabilities() throws {
    let cases = try reference().probabilities
    #expect(cases.count == 14 * 11)
    for it in cases {
      let p = StudentT(degrees: it.degrees).twoSided(it.t)
      #expect(abs(p - it.p) <= 1e-9 * it.p + 1e-300, "\(it): \(p)")
      #expect(StudentT(degrees: it.degrees).twoSided(-it.t) == p)
    }
    #expect(StudentT(degrees: 3).twoSided(.infinity) == 0)
  }

  @Test("quantiles equal SciPy's")
  func quantiles() throws {
    let cases = try reference().quantiles
    #expect(cases.count == 9 * 6)
    for it in cases {
      let t = StudentT(degrees: it.degrees).quantile(level: it.level)
      #expect(abs(t - it.t) <= 1e-9 * abs(it.t) + 1e-12, "\(it): \(t)")
    }
  }

  @Test("the normal size of a probability turns the probability round")
  func normal() {
    for p in [1, 0.9, 0.317310507862914, 0.05, 1e-6, 1e-100] {
      #expect(abs(Normal.twoSided(Normal.size(ofTwoSided: p)) - p) <= 1e-9 * p)
    }
    #expect(Normal.size(ofTwoSided: 0) == .infinity)
    #expect(abs(Normal.size(ofTwoSided: 0.05) - 1.959963984540054) < 1e-9)
  }
}
