import CKernels
import Foundation

/// Rotary positions (Su et al., 2021): values i and i + width / 2 of a head are a point of the plane, turned by
/// step · 10000^(−2i / width), so that a product of two heads depends on their distance alone.
package struct RotaryPositions: Sendable {
  private let width: Int
  /// `[steps, width / 2]`.
  private let cosines: Rows
  private let sines: Rows

  /// The angles of up to `steps` steps for heads of `width` values, an even number.
  package init(steps: Int, width: Int) {
    precondition(width > 0 && width.isMultiple(of: 2), "heads of \(width) values")
    let angles = (0..<steps).flatMap { step in
      (0..<width / 2).map { Double(step) * pow(10_000, -2 * Double($0) / Double(width)) }
    }
    self.width = width
    cosines = Rows(Floats(angles.map { Float(cos($0)) }), count: steps, width: width / 2)
    sines = Rows(Floats(angles.map { Float(sin($0)) }), count: steps, width: width / 2)
  }

  /// Turns the heads of a clip's steps, which adjoin in each row, or with `back` turns them back: the gradient.
  package func rotate(_ heads: Rows, back: Bool = false) {
    precondition(
      heads.width.isMultiple(of: width) && heads.count <= cosines.count,
      "[\(heads.count), \(heads.width)] of heads of \(width), at most \(cosines.count) steps")
    var shape = valence_rotation(
      rows: heads.count, heads: heads.width / width, width: width, stride: heads.stride,
      sign: back ? -1 : 1)
    let kernel = KernelSetup.isPlainHere ? unsafe valence_rotate_plain : unsafe valence_rotate
    unsafe kernel(&shape, cosines.pointer, sines.pointer, heads.pointer)
  }
}
