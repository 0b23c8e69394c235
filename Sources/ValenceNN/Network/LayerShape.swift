/// The size and cost of one layer, worked out from the options alone: a row of the table that
/// `valence plan` prints.
package struct LayerShape: Hashable, Sendable {
  /// The size of a layer's output for one clip.
  package enum Output: Hashable, Sendable {
    case image(ImageSize)
    case sequence(steps: Int, width: Int)
    case vector(width: Int)

    /// The number of steps in time.
    var steps: Int {
      switch self {
      case .image(let image): image.frames
      case .sequence(let steps, _): steps
      case .vector: 1
      }
    }

    /// The number of values in a step; for an image, bins × channels.
    var width: Int {
      switch self {
      case .image(let image): image.channels * image.bins
      case .sequence(_, let width), .vector(let width): width
      }
    }
  }

  /// The layer's name in tables, for example `mel convolution 1` or `attention`.
  package private(set) var name: String
  /// The size of the output for one clip.
  package let size: Output
  /// The trainable numbers.
  package var parameters = 0
  /// Multiply-adds of convolutions and matrix products, one clip forward.
  package var multiplyAdds = 0
  /// Floats that `backward` needs, one clip.
  package var keptFloats = 0
  /// Whether it reads the network's input, whose gradient is not needed.
  var isFirst = false

  /// A layer without parameters and products, until they are set.
  init(_ name: String, _ size: Output) { (self.name, self.size) = (name, size) }

  /// The layer with something before its name.
  func named(_ prefix: String) -> LayerShape {
    var shape = self
    shape.name = prefix + name
    return shape
  }

  /// The size as text: `32 × 150 × 52` is channels × frames × bins, `37 × 256` steps × width, `8` a vector.
  package var output: String {
    switch size {
    case .image(let image): "\(image.channels) × \(image.frames) × \(image.bins)"
    case .sequence(let steps, let width): "\(steps) × \(width)"
    case .vector(let width): "\(width)"
    }
  }
}
