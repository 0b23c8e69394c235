import ValenceKernels

/// The sizes of the network: convolution blocks, recurrent layers, a transformer, pooling over time, a head.
package struct ModelOptions: Hashable, Sendable {
  /// How the frames of a clip become one vector.
  package enum Pooling: String, Hashable, Sendable, CaseIterable {
    /// The mean over the clip's frames.
    case mean
    /// The last frame of the forward direction and the first of the backward direction; without a
    /// recurrent layer, or behind a transformer, the last frame.
    case last
    /// The maximum over the clip's frames.
    case max
    /// The mean weighted by a learned score of each frame (tanh of a dense layer, then a query).
    case attention
  }

  /// A field whose value may not fit a network's input.
  package enum Field: Hashable, Sendable, CaseIterable {
    case channels, kernel
    /// The pooling windows: square ones, or their frames and bins on their own.
    case pool, poolTime, poolFrequency
    /// Of the transformer.
    case width, heads, positions
  }

  /// The convolution blocks.
  package var cnn = CNNOptions()
  /// The dense layer of branches of frames, in place of convolutions; nil leaves the frames as they are.
  ///
  /// Has no effect on images.
  package var projection: ProjectionOptions? = ProjectionOptions()
  /// The recurrent layers; nil pools the frames as the layers before leave them.
  package var rnn: RNNOptions? = RNNOptions()
  /// The transformer behind the recurrent layers, or in their place; nil for none.
  package var transformer: TransformerOptions?
  /// How the frames of a clip become one vector.
  package var pooling = Pooling.attention
  /// How many of the clips lose either what was pooled of their frames or their vector in training, where the
  /// two meet in front of the head: neither learns faster than the other then and is all that is listened to
  /// (ModDrop, Neverova et al., 2016).
  package var modalityDropout = 0.0
  /// The fully connected layers at the end.
  package var head = HeadOptions()

  /// The defaults: the reference network.
  package init() {}

  /// The number of values in which attention scores a frame: the units of a direction, or where there
  /// is no recurrent layer as many as it has by default.
  package var attentionWidth: Int { (rnn ?? RNNOptions()).hidden }
}

/// Blocks of convolution, normalization, activation, max pooling and dropout.
package struct CNNOptions: Hashable, Sendable {
  /// How a block's convolution is normalized, channel by channel scaled and shifted by what is learned.
  package enum Norm: String, Hashable, Sendable, CaseIterable {
    /// Each channel over the frames and bins of all clips (Ioffe and Szegedy, 2015).
    case batch
    /// Each clip over its channels, frames and bins: layer normalization (Ba et al., 2016) as Wu and He
    /// (2018) define it for images. Clips are independent, and training and inference are the same.
    case layer
    /// Not at all: the convolution has a bias instead.
    case none
  }

  /// The activation function behind the normalization.
  package enum Activation: String, Hashable, Sendable, CaseIterable {
    /// max(x, 0).
    case relu
    /// x·Φ(x), exact, as torch.nn.GELU (Hendrycks and Gimpel, 2016).
    case gelu
  }

  /// The number of output channels of each block.
  package var channels = [32, 64, 128]
  /// The side of the square convolution kernel; odd, so that "same" padding is even.
  package var kernel = 3
  /// The pooling windows of the blocks, as many as there are channels.
  package var pool: PoolOptions = [2, 2, 2]
  /// How a block's convolution is normalized.
  package var norm = Norm.batch
  /// The activation function behind the normalization.
  package var activation = Activation.relu
  /// The share of values that each block drops in training.
  package var dropout = 0.1

  /// The defaults: 32, 64 and 128 channels, 3 × 3 kernels, each pooled by 2.
  package init() {}

  /// The legal numbers of blocks.
  package static let blocksRange = 1...16
  /// The legal numbers of channels.
  package static let channelsRange = 1...1024
  /// The legal kernel sides (odd ones among them).
  package static let kernelRange = 1...11
  /// The legal shares to drop, here and in every other layer.
  package static let dropoutRange = 0.0...0.95

  /// The fewest frames of a clip that leave one after all pooling.
  package var minimumFrames: Int { pool.time.reduce(1, *) }
}

/// The windows that blocks take maxima over; windows adjoin.
package struct PoolOptions: Hashable, Sendable, ExpressibleByArrayLiteral {
  /// The frames of each block's window.
  package var time: [Int]
  /// The bins of each block's window.
  package var frequency: [Int]

  /// Windows with the given numbers of frames and bins.
  package init(time: [Int], frequency: [Int]) {
    (self.time, self.frequency) = (time, frequency)
  }

  /// Square windows.
  package init(square sides: [Int]) { self.init(time: sides, frequency: sides) }

  /// Square windows.
  package init(arrayLiteral sides: Int...) { self.init(square: sides) }

  /// Whether each window has as many frames as bins.
  package var isSquare: Bool { time == frequency }

  package static let sideRange = 1...8
}

/// A dense layer over each frame of an encoder.
package struct ProjectionOptions: Hashable, Sendable {
  /// The activation function behind the dense layer.
  package enum Activation: String, Hashable, Sendable, CaseIterable {
    /// max(x, 0).
    case relu
    /// x·Φ(x), exact, as torch.nn.GELU.
    case gelu
    /// Not at all: the layer is linear.
    case none
  }

  /// The number of values that become of a frame.
  package var width = 128
  /// The activation function behind the dense layer.
  package var activation = Activation.relu
  /// The share of values dropped behind the activation in training.
  package var dropout = 0.0
  /// The share of values dropped in front of the dense layer in training (Srivastava et al., 2014).
  package var inputDropout = 0.0

  /// The defaults: 128 values with ReLU, as EmoBox (Ma et al., 2024).
  package init() {}

  /// The legal numbers of values.
  package static let widthRange = 1...4096
}

/// Recurrent layers: LSTM or GRU.
package struct RNNOptions: Hashable, Sendable {
  /// The recurrent cell.
  package enum Cell: String, Hashable, Sendable, CaseIterable {
    /// Long short-term memory (Hochreiter and Schmidhuber, 1997; with forget gate, Gers et al., 2000).
    case lstm
    /// Gated recurrent unit (Cho et al., 2014), its reset gate behind the product as in PyTorch.
    case gru

    var kind: RecurrentCellKind {
      switch self {
      case .lstm: .lstm
      case .gru: .gru
      }
    }
  }

  /// The recurrent cell.
  package var cell = Cell.lstm
  /// The number of units per direction.
  package var hidden = 128
  /// The number of stacked layers.
  package var layers = 1
  /// Whether a second direction reads the clip from its end.
  package var bidirectional = true
  /// The share of values dropped between stacked layers in training.
  package var dropout = 0.0

  /// The defaults: one bidirectional LSTM layer of 128 units per direction.
  package init() {}

  /// The legal numbers of units.
  package static let hiddenRange = 1...2048
  /// The legal numbers of layers.
  package static let layersRange = 1...8
}

/// A transformer encoder (Vaswani et al., 2017), normalized before each sublayer, with exact GELU.
package struct TransformerOptions: Hashable, Sendable {
  /// How a layer knows the order of the steps.
  package enum Positions: String, Hashable, Sendable, CaseIterable {
    /// Queries and keys are turned by angles that grow with the step (Su et al., 2021): only distances matter.
    case rotary
    /// Sines and cosines of each step are added to the input (Vaswani et al., 2017).
    case sinusoidal
    /// Not at all: the layers do not know the order.
    case none
  }

  /// The number of layers.
  package var layers = 2
  /// The number of values of a step, which all heads share.
  package var width = 192
  /// The number of heads.
  package var heads = 4
  /// The number of values between the two dense layers of a feed-forward sublayer.
  package var feedForward = 768
  /// How a layer knows the order of the steps.
  package var positions = Positions.rotary
  /// The share of values dropped in training: of attention weights, of GELU's results, of each sublayer's output.
  package var dropout = 0.1

  /// The defaults: 2 layers of 192 values with 4 heads.
  package init() {}

  /// The legal numbers of layers.
  package static let layersRange = 1...24
  /// The legal numbers of values.
  package static let widthRange = 1...2048
  /// The legal numbers of heads.
  package static let headsRange = 1...64
  package static let feedForwardRange = 1...8192
}

/// Fully connected layers from the pooled vector to the classes.
package struct HeadOptions: Hashable, Sendable {
  /// The sizes of the hidden layers; empty goes straight to the classes.
  package var hidden = [128]
  /// The share of values dropped after each hidden layer in training.
  package var dropout = 0.3

  /// The defaults: one hidden layer of 128 units.
  package init() {}

  /// The legal numbers of hidden layers.
  package static let layersRange = 0...16
  package static let hiddenRange = 1...8192
}
