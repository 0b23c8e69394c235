/// A view of the rows of a row-major matrix, `[count, width]`.
///
/// Copies and parts of a view share its memory. Bounds are checked when a view is made, so kernels
/// compare shapes only.
@safe
package struct Rows: Sendable {
  /// The memory from the first value on.
  let memory: Floats
  /// The number of rows.
  package let count: Int
  /// The number of values in a row.
  package let width: Int
  /// The distance between the beginnings of neighboring rows.
  package let stride: Int

  /// Views the beginning of `memory` as `count` rows of `width` values.
  ///
  /// - Parameter stride: the distance between the beginnings of neighboring rows; nil if they adjoin.
  package init(_ memory: Floats, count: Int, width: Int, stride: Int? = nil) {
    let stride = stride ?? width
    precondition(
      count >= 0 && width >= 0 && stride >= width
        && (count == 0 || memory.count >= (count - 1) * stride + width),
      "\(count) rows of \(width), \(stride) apart, do not fit \(memory.count) floats")
    (self.memory, self.count, self.width, self.stride) = (memory, count, width, stride)
  }

  /// Views all of `memory` as rows of `width` values.
  package init(_ memory: Floats, width: Int) {
    precondition(
      width > 0 && memory.count.isMultiple(of: width), "rows of \(width) in \(memory.count) floats")
    self.init(memory, count: memory.count / width, width: width)
  }

  /// Allocates `count` rows of zeros.
  package init(zeros count: Int, width: Int) {
    self.init(Floats(zeros: count * width), count: count, width: width)
  }

  /// The pointer to the first value, for kernels; valid while the view lives.
  @unsafe var pointer: UnsafeMutablePointer<Float> { unsafe memory.pointer }

  /// The rows in `range`; traps outside of the view.
  package subscript(range: Range<Int>) -> Rows {
    precondition(
      range.lowerBound >= 0 && range.upperBound <= count, "\(range) lies outside 0..<\(count)")
    return Rows(
      memory.dropFirst(range.lowerBound * stride), count: range.count, width: width, stride: stride)
  }

  /// The first `count` rows.
  package func prefix(_ count: Int) -> Rows { self[0..<count] }

  /// The values of one row.
  package func row(_ index: Int) -> Floats { self[index..<index + 1].floats }

  /// The columns in `range` of all rows.
  package func columns(_ range: Range<Int>) -> Rows {
    precondition(
      range.lowerBound >= 0 && range.upperBound <= width, "\(range) lies outside 0..<\(width)")
    return Rows(
      memory.dropFirst(range.lowerBound), count: count, width: range.count, stride: stride)
  }

  /// Whether the rows adjoin.
  var isContiguous: Bool { stride == width || count <= 1 }

  /// Whether another view has as many rows and columns, as far apart.
  func hasShape(of other: Rows) -> Bool {
    count == other.count && width == other.width && stride == other.stride
  }

  /// All values, row after row; traps unless the rows adjoin.
  package var floats: Floats {
    precondition(isContiguous, "rows of \(width), \(stride) apart, are no single run of floats")
    return memory[0..<count * width]
  }

  /// Overwrites all values with those of other rows, which must not overlap.
  package func copy(_ other: Rows) {
    precondition(
      other.count == count && other.width == width,
      "[\(other.count), \(other.width)] into [\(count), \(width)]")
    if isContiguous, other.isContiguous { return floats.copy(other.floats) }
    for index in 0..<count { row(index).copy(other.row(index)) }
  }

  /// Sets every value to `value`.
  package func fill(_ value: Float) {
    if isContiguous { return floats.fill(value) }
    for index in 0..<count { row(index).fill(value) }
  }
}
