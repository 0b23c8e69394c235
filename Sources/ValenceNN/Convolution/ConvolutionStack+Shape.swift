import ValenceCore

extension ConvolutionStack {
  /// The layers of a branch's stack.
  ///
  /// Convolutions pad so that they keep frames and bins ("same"); pooling drops the frames and bins that
  /// do not fill its window.
  ///
  /// - Parameter prefix: the prefix of the layers' names.
  /// - Throws: `ShapeError` naming the option of the first block that cannot fit its input.
  static func shapes(
    of options: CNNOptions, input: ImageSize, prefix: String
  ) throws(ShapeError) -> [LayerShape] {
    try check(options)
    var image = input
    var layer = LayerShape(prefix + "input", .image(image))
    layer.keptFloats = image.count
    var layers = [layer]
    for block in options.channels.indices {
      layers += ConvolutionBlock.convolutionShapes(of: options, index: block, input: image)
        .map { $0.named(prefix) }
      try checkWindow(of: options, index: block, input: image, prefix: prefix)
      image = ImageSize(
        channels: options.channels[block], frames: image.frames / options.pool.time[block],
        bins: image.bins / options.pool.frequency[block])
      layer = LayerShape("\(prefix)pool \(block + 1)", .image(image))
      layer.keptFloats = image.count
      layers.append(layer)
    }
    return layers
  }

  private static func check(_ cnn: CNNOptions) throws(ShapeError) {
    let (time, frequency) = (cnn.pool.time.count, cnn.pool.frequency.count)
    let counts: [(ModelOptions.Field, Int)] =
      cnn.pool.isSquare ? [(.pool, time)] : [(.poolTime, time), (.poolFrequency, frequency)]
    for (field, count) in counts where count != cnn.channels.count {
      throw ShapeError(
        field,
        """
        has \(Wording.counted(count, "entry", "entries")), but \(field: .channels) has \
        \(cnn.channels.count); give one for each block.
        """)
    }
    guard !cnn.kernel.isMultiple(of: 2) else {
      throw ShapeError(
        .kernel, "\(cnn.kernel) is even; use an odd kernel such as \(cnn.kernel + 1).")
    }
  }

  private static func checkWindow(
    of cnn: CNNOptions, index: Int, input: ImageSize, prefix: String
  ) throws(ShapeError) {
    let sides: [(Int, Int, String, ModelOptions.Field)] = [
      (input.bins, cnn.pool.frequency[index], "bin", .poolFrequency),
      (input.frames, cnn.pool.time[index], "frame", .poolTime),
    ]
    for (length, side, what, field) in sides where length < side {
      let pool =
        cnn.pool.isSquare
        ? "\(side) × \(side)" : "\(Wording.counted(side, what)) at a time"
      throw ShapeError(
        cnn.pool.isSquare ? .pool : field,
        """
        \(prefix)block \(index + 1) pools \(pool) but its input has only \
        \(Wording.counted(length, what)); use a smaller pool or fewer blocks.
        """, or: .channels)
    }
  }
}

extension ConvolutionBlock {
  /// A block's convolution and, if there is one, its normalization.
  static func convolutionShapes(
    of options: CNNOptions, index: Int, input: ImageSize
  ) -> [LayerShape] {
    let channels = options.channels[index]
    let weights = options.kernel * options.kernel * input.channels * channels
    var image = input
    image.channels = channels
    var convolution = LayerShape("convolution \(index + 1)", .image(image))
    convolution.parameters = weights + (options.norm == .none ? channels : 0)
    convolution.multiplyAdds = weights * input.frames * input.bins
    convolution.keptFloats = image.count
    convolution.isFirst = index == 0
    if options.norm == .none { return [convolution] }
    var norm = LayerShape("\(options.norm.rawValue) norm \(index + 1)", .image(image))
    norm.parameters = 2 * channels
    return [convolution, norm]
  }
}
