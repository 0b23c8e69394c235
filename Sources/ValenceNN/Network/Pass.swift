import ValenceCore
import ValenceKernels

/// Whether a network is trained or used.
package enum Mode: Hashable, Sendable {
  /// With the batch's statistics and dropout; what `backward` needs is kept.
  case training
  /// With running statistics and without dropout; nothing is kept.
  case inference
}

/// The arguments that all layers share during one forward or backward pass.
struct Pass {
  let mode: Mode
  /// The network's parameters, laid out by its `StateLayout`.
  let parameters: Floats
  /// Their gradients, with the same layout; overwritten by backward passes.
  let gradients: Floats
  /// The running statistics of normalization; training moves them.
  let statistics: Floats
  /// How far training moves them towards those of a batch.
  var statisticsMomentum = BlockNormalization.momentum
  /// The seed of dropout, of the step or of a group of layers.
  let seed: UInt64
  /// The threads that run the kernels.
  let workers: Workers
  /// The prefix of the names by which dropout tells layers apart.
  var layerPrefix = ""

  /// The pass of a group of layers, whose dropout draws from a stream of its own.
  func drawing(from stream: String, layerPrefix: String = "") -> Pass {
    var random = RandomStream(seed: seed, "dropout", stream)
    return Pass(
      mode: mode, parameters: parameters, gradients: gradients, statistics: statistics,
      statisticsMomentum: statisticsMomentum, seed: random.next(), workers: workers,
      layerPrefix: layerPrefix)
  }

  /// The dropout of a layer that has a number in its group; none in inference.
  func dropout(_ share: Double, layer: UInt64) -> Dropout {
    Dropout(share: mode == .training ? share : 0, seed: seed, layer: layer)
  }

  /// The dropout of a layer that has a name, whose hash tells it from the others of the network.
  ///
  /// The hash is FNV-1a: the same on every machine, unlike Swift's hash values. Trained networks depend
  /// on it.
  func dropout(_ share: Double, layer name: String) -> Dropout {
    let hash = (layerPrefix + name).utf8.reduce(0xCBF2_9CE4_8422_2325) {
      ($0 ^ UInt64($1)) &* 0x100_0000_01B3
    }
    return dropout(share, layer: hash)
  }

  /// Runs `body` for each shard of the clips, on all threads, with the shard's clips and rows.
  func forEachShard(
    _ packing: PackedRows, _ body: (_ clips: Range<Int>, _ rows: Range<Int>) -> Void
  ) {
    let shards = BatchShape.shards(clips: packing.clips)
    workers.forEach(parts: shards.count) { index in
      let clips = shards[index]
      body(clips, packing.offsets[clips.lowerBound]..<packing.offsets[clips.upperBound])
    }
  }
}
