/// The memory and arithmetic that a network takes.
package struct NetworkCost: Hashable, Sendable {
  /// The trainable numbers.
  package let parameters: Int
  /// Multiply-adds of convolutions and matrix products, one clip forward.
  package let multiplyAdds: Int
  /// Floats kept between forward and backward, one clip.
  package let keptFloats: Int
  /// Multiply-adds of one clip in training: as many again for the gradients of the weights, and for
  /// those of each layer's input but the network's.
  package let trainingMultiplyAdds: Int
  /// The largest output of one layer, one clip, which is the size of the widest gradient.
  package let widestFloats: Int

  /// Adds up the layers of a network.
  init(of layers: [LayerShape]) {
    parameters = layers.reduce(0) { $0 + $1.parameters }
    multiplyAdds = layers.reduce(0) { $0 + $1.multiplyAdds }
    trainingMultiplyAdds = layers.reduce(0) { $0 + ($1.isFirst ? 2 : 3) * $1.multiplyAdds }
    keptFloats = layers.reduce(0) { $0 + $1.keptFloats }
    widestFloats = layers.map(\.keptFloats).max() ?? 0
  }

  /// Floating-point operations of one clip forward: a multiply-add counts as two.
  package var forwardOperations: Int { 2 * multiplyAdds }

  /// An estimate of the floats that a training step on `batch` clips holds at its peak: what forward
  /// keeps, and the gradient of the widest layer.
  package func activationFloats(batch: Int) -> Int { batch * (keptFloats + widestFloats) }

  /// An estimate of the bytes that training holds at its peak: activations, and for each parameter
  /// its weight, its gradient and the optimizer's moments.
  package func trainingBytes(batch: Int, optimizer: OptimizerOptions) -> Int {
    4 * (activationFloats(batch: batch) + (2 + optimizer.moments) * parameters)
  }
}
