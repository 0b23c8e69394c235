import ValenceKernels

/// The sizes of the network: convolution blocks, recurrent layers, pooling over time, a head.
public struct ModelOptions: Hashable, Sendable {
  /// How the frames of a clip become one vector.
  public enum Pooling: String, Hashable, Sendable, CaseIterable {
    /// The mean over the clip's frames.
    case mean
    /// The last frame of the forward direction and the first of the backward direction; without a
    /// recurrent layer the last frame.
    case last
    /// The maximum over the clip's frames.
    case max
    /// The mean weighted by a learned score of each frame (tanh of a dense layer, then a query).
    case attention
  }

  /// The convolution blocks.
  public var cnn = CNNOptions()
  /// The recurrent layers; nil pools the frames as the convolutions leave them.
  public var rnn: RNNOptions? = RNNOptions()
  /// How the frames of a clip become one vector.
  public var pooling = Pooling.attention
  /// The fully connected layers at the end.
  public var head = HeadOptions()

  /// The defaults: the reference network.
  public init() {}

  /// The number of values in which attention scores a frame: the units of a direction, or where there
  /// is no recurrent layer as many as it has by default.
  public var attentionWidth: Int { (rnn ?? RNNOptions()).hidden }
}

/// Blocks of convolution, normalization, activation, max pooling and dropout.
public struct CNNOptions: Hashable, Sendable {
  /// How a block's convolution is normalized, channel by channel scaled and shifted by what is learned.
  public enum Norm: String, Hashable, Sendable, CaseIterable {
    /// Each channel over the frames and bins of all clips (Ioffe and Szegedy, 2015).
    case batch
    /// Each clip over its channels, frames and bins: layer normalization (Ba et al., 2016) as Wu and He
    /// (2018) define it for images. Clips do not meet, and training and inference do the same.
    case layer
    /// Not at all: the convolution has a bias instead.
    case none
  }

  /// What follows the normalization.
  public enum Activation: String, Hashable, Sendable, CaseIterable {
    /// max(x, 0).
    case relu
    /// x·Φ(x), exact, as torch.nn.GELU (Hendrycks and Gimpel, 2016).
    case gelu
  }

  /// The number of output channels of each block.
  public var channels = [32, 64, 128]
  /// The side of the square convolution kernel; odd, so that "same" padding is even.
  public var kernel = 3
  /// The pooling windows of the blocks, as many as there are channels.
  public var pool: PoolOptions = [2, 2, 2]
  /// How a block's convolution is normalized.
  public var norm = Norm.batch
  /// What follows the normalization.
  public var activation = Activation.relu
  /// The share of values that each block drops in training.
  public var dropout = 0.1

  /// The defaults: 32, 64 and 128 channels, 3 × 3 kernels, each pooled by 2.
  public init() {}

  /// The legal numbers of blocks.
  public static let blocksRange = 1...16
  /// The legal numbers of channels.
  public static let channelsRange = 1...1024
  /// The legal kernel sides (odd ones among them).
  public static let kernelRange = 1...11
  /// The legal shares to drop, here and in every other layer.
  public static let dropoutRange = 0.0...0.95

  /// The fewest frames of a clip that leave one after all pooling.
  public var minimumFrames: Int { pool.time.reduce(1, *) }
}

/// The windows that blocks take maxima over; windows lie side by side.
public struct PoolOptions: Hashable, Sendable, ExpressibleByArrayLiteral {
  /// The frames of each block's window.
  public var time: [Int]
  /// The bins of each block's window.
  public var frequency: [Int]

  /// Windows of so many frames and so many bins.
  public init(time: [Int], frequency: [Int]) {
    (self.time, self.frequency) = (time, frequency)
  }

  /// Square windows.
  public init(square sides: [Int]) { self.init(time: sides, frequency: sides) }

  /// Square windows.
  public init(arrayLiteral sides: Int...) { self.init(square: sides) }

  /// Whether each window has as many frames as bins.
  public var isSquare: Bool { time == frequency }

  /// The legal sides.
  public static let sideRange = 1...8
}

/// Recurrent layers: LSTM or GRU.
public struct RNNOptions: Hashable, Sendable {
  /// The recurrent cell.
  public enum Cell: String, Hashable, Sendable, CaseIterable {
    /// Long short-term memory (Hochreiter and Schmidhuber, 1997; with forget gate, Gers et al., 2000).
    case lstm
    /// Gated recurrent unit (Cho et al., 2014), its reset gate behind the product as in PyTorch.
    case gru

    var kind: RecurrentCells.Kind {
      switch self {
      case .lstm: .lstm
      case .gru: .gru
      }
    }
  }

  /// The recurrent cell.
  public var cell = Cell.lstm
  /// The number of units a direction.
  public var hidden = 128
  /// The number of stacked layers.
  public var layers = 1
  /// Whether a second direction reads the clip from its end.
  public var bidirectional = true
  /// The share of values dropped between stacked layers in training.
  public var dropout = 0.0

  /// The defaults: one bidirectional LSTM layer of 128 units a direction.
  public init() {}

  /// The legal numbers of units.
  public static let hiddenRange = 1...2048
  /// The legal numbers of layers.
  public static let layersRange = 1...8
}

/// Fully connected layers from the pooled vector to the classes.
public struct HeadOptions: Hashable, Sendable {
  /// The sizes of the hidden layers; empty goes straight to the classes.
  public var hidden = [128]
  /// The share of values dropped after each hidden layer in training.
  public var dropout = 0.3

  /// The defaults: one hidden layer of 128 units.
  public init() {}

  /// The legal numbers of hidden layers.
  public static let layersRange = 0...16
  /// The legal layer sizes.
  public static let hiddenRange = 1...8192
}
