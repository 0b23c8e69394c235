import Testing
import ValenceCore
import ValenceKernels
import ValenceTestSupport

@testable import ValenceClassic

@Suite("Classic models")
struct ClassicModelTests {
  @Test("fit", arguments: ClassicOptions.Kind.allCases)
  func fits(kind: ClassicOptions.Kind) throws {
    let data = SampleClips(speakers: 4).data
    let model = try ClassicModel(fitting: data, ClassicOptions(kind))
    let again = try ClassicModel(
      arrays: model.arrays, options: model.options, classCount: 3, dimensions: data.dimensions)
    #expect(again == model)
  }
}
