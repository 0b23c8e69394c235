import ValenceCore

extension TransformerStack {
  /// The layers over sequences of `width` values a step.
  ///
  /// - Throws: `ShapeError` for heads that do not fit the width.
  static func shapes(
    of options: TransformerOptions, steps: Int, width: Int
  ) throws(ShapeError) -> [LayerShape] {
    try check(options)
    let own = options.width
    var norm = LayerShape("transformer norm", .sequence(steps: steps, width: own))
    (norm.parameters, norm.keptFloats) = (2 * own, steps * own)
    return
      [DenseLayer.shape("transformer input", steps: steps, inputs: width, width: own)]
      + (1...options.layers).flatMap { number in
        [
          attentionShape(of: options, steps: steps).named("transformer \(number) "),
          feedForwardShape(of: options, steps: steps).named("transformer \(number) "),
        ]
      } + [norm]
  }

  private static func check(_ options: TransformerOptions) throws(ShapeError) {
    guard options.width.isMultiple(of: options.heads) else {
      var head = options.width / options.heads + 1
      if options.positions == .rotary, !head.isMultiple(of: 2) { head += 1 }
      throw ShapeError(
        .width,
        """
        \(options.width) is no multiple of \(field: .heads), which is \(options.heads); use for \
        example \(head * options.heads).
        """)
    }
    let head = options.width / options.heads
    guard options.positions != .rotary || head.isMultiple(of: 2) else {
      throw ShapeError(
        .positions,
        """
        rotary turns pairs of values, but \(field: .width) \(options.width) and \(field: .heads) \
        \(options.heads) leave \(head) to a head, an odd number; use a width of \
        \((head + 1) * options.heads) or other positions.
        """)
    }
  }

  /// Norm, queries, keys and values, attention, output; its products with keys and values grow with the square
  /// of the steps.
  private static func attentionShape(of options: TransformerOptions, steps: Int) -> LayerShape {
    let width = options.width
    var shape = LayerShape("attention", .sequence(steps: steps, width: width))
    shape.parameters = 4 * width * width + 4 * width + 2 * width
    shape.multiplyAdds = steps * 4 * width * width + 2 * steps * steps * width
    shape.keptFloats = steps * (6 * width + options.heads)
    return shape
  }

  private static func feedForwardShape(
    of options: TransformerOptions, steps: Int
  ) -> LayerShape {
    let (width, between) = (options.width, options.feedForward)
    var shape = LayerShape("feed-forward", .sequence(steps: steps, width: width))
    shape.parameters = 2 * width * between + between + width + 2 * width
    shape.multiplyAdds = steps * 2 * width * between
    shape.keptFloats = steps * (2 * width + 2 * between)
    return shape
  }
}
