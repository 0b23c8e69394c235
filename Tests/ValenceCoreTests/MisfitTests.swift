import Testing
import ValenceCore

@Suite("Misfits of options")
struct MisfitTests {
  private enum Field { case hop, window }

  @Test("a sentence names fields by what its reader calls them")
  func naming() {
    let misfit = Misfit<Field>(.hop, "\(30) ms is above \(field: .window) (\(25.5)).")
    #expect(misfit.fields == [.hop, .window])
    #expect(
      misfit.message.text { $0 == .window ? "window_ms" : "" } == "30 ms is above window_ms (25.5)."
    )
    #expect(misfit.description == "hop: 30 ms is above window (25.5).")
  }

  @Test("another field that may be changed comes last, and is not in the sentence")
  func alternative() {
    let misfit = Misfit<Field>(.hop, "is wrong.", or: .window)
    #expect(misfit.fields == [.hop, .window])
    #expect(misfit.description == "hop: is wrong.")
  }

  @Test("a list of errors says all of them, one a line")
  func list() {
    struct Each: Error, CustomStringConvertible { let description: String }
    #expect(ErrorList([Each(description: "a"), Each(description: "b")]).description == "a\nb")
  }
}
