import Testing

@testable import ValenceKernels

@Suite("Rows")
struct RowsTests {
  /// Four rows of three values: row r begins with 10·r.
  private let rows = Rows(
    Floats((0..<12).map { Float(10 * ($0 / 3) + $0 % 3) }), width: 3)

  @Test("rows and columns of a part are those of the whole")
  func parts() {
    let part = rows[1..<4].columns(1..<3)
    #expect(part.count == 3 && part.width == 2 && part.stride == 3)
    #expect((0..<3).map { part.row($0).array } == [[11, 12], [21, 22], [31, 32]])
    #expect(part[1..<2].columns(1..<2).floats.array == [22])
    #expect(rows.prefix(2).floats.array == [0, 1, 2, 10, 11, 12])
    #expect(rows[4..<4].count == 0 && part[3..<3].columns(2..<2).count == 0)
  }

  @Test("a part shares the memory of the whole, and filling it leaves its neighbors alone")
  func sharing() {
    rows[1..<3].columns(1..<2).fill(-1)
    #expect(rows.floats.array == [0, 1, 2, 10, -1, 12, 20, -1, 22, 30, 31, 32])
    rows[2..<4].fill(5)
    #expect(rows.floats.array == [0, 1, 2, 10, -1, 12, 5, 5, 5, 5, 5, 5])
  }

  @Test("the last row needs no memory behind its columns")
  func lastRow() {
    let part = Rows(Floats(zeros: 8), count: 3, width: 2, stride: 3)
    part.row(2).fill(1)
    #expect(part.columns(1..<2).row(2).array == [1])
  }

  @Test("only adjoining rows are one run of floats")
  func contiguity() {
    #expect(rows[1..<3].isContiguous && !rows.columns(0..<2).isContiguous)
    #expect(rows.columns(0..<2)[1..<2].isContiguous)
  }

  @Test("what does not fit traps")
  func traps() async {
    await #expect(processExitsWith: .failure) { _ = Rows(Floats(zeros: 7), width: 3) }
    await #expect(processExitsWith: .failure) { _ = Rows(Floats(zeros: 7), count: 2, width: 4) }
    await #expect(processExitsWith: .failure) { _ = Rows(zeros: 3, width: 2)[2..<4] }
    await #expect(processExitsWith: .failure) { _ = Rows(zeros: 3, width: 2).columns(1..<3) }
    await #expect(processExitsWith: .failure) { _ = Rows(zeros: 3, width: 2).columns(0..<1).floats }
    await #expect(processExitsWith: .failure) {
      GEMM.multiply(
        Rows(zeros: 3, width: 2), Rows(zeros: 3, width: 2), into: Rows(zeros: 3, width: 2))
    }
  }

  @Test("a copy is made only of finite numbers, wherever the other stands", arguments: [1, 3])
  func finiteCopies(threads: Int) {
    let workers = Workers(threads: threads)
    #expect(Floats(zeros: 0).finiteArray(workers) == [])
    for count in [1, 17, 70_000, 200_001] {
      let floats = Floats((0..<count).map { Float($0) - 5.5 })
      #expect(floats.finiteArray(workers) == floats.array)
      for place in [0, count / 2, count - 1] {
        for bad in [Float.infinity, -.infinity, .nan] {
          let value = floats[place]
          floats[place] = bad
          #expect(floats.finiteArray(workers) == nil)
          floats[place] = value
        }
      }
      floats[count / 2] = .greatestFiniteMagnitude
      #expect(floats.finiteArray(workers) != nil)
    }
  }
}
