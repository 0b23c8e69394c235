import CSoxr
import Synchronization

/// Changes the rate of a stream as `Resampler` does that of a waveform, some samples at a time.
///
/// The samples are those of one pass over all of the stream, however it is cut; they come some milliseconds
/// later, because the filter has to know what follows.
package final class StreamResampler: Sendable {
  /// What soxr keeps of a stream; calls take turns.
  @safe private struct State: ~Copyable, @unchecked Sendable {
    let soxr: soxr_t?
    /// Samples that came in and went out.
    var given = 0
    var taken = 0

    init(soxr: soxr_t?) { unsafe self.soxr = soxr }

    deinit { unsafe soxr_delete(soxr) }
  }

  private let rates: (from: Int, to: Int)
  private let state: Mutex<State>

  /// A resampler from one rate to another, both above 0.
  package init(fromHz: Int, toHz: Int) {
    precondition(fromHz > 0 && toHz > 0, "from \(fromHz) Hz to \(toHz) Hz")
    rates = (fromHz, toHz)
    if fromHz == toHz {
      state = unsafe Mutex(State(soxr: nil))
      return
    }
    var format = unsafe soxr_io_spec(SOXR_FLOAT32_I, SOXR_FLOAT32_I)
    var quality = unsafe soxr_quality_spec(UInt(SOXR_20_BITQ), 0)
    var runtime = unsafe soxr_runtime_spec(1)
    var failure: soxr_error_t?
    let soxr = unsafe soxr_create(
      Double(fromHz), Double(toHz), 1, &failure, &format, &quality, &runtime)
    precondition(
      unsafe failure == nil && soxr != nil, "soxr refuses \(fromHz) to \(toHz) Hz")
    state = unsafe Mutex(State(soxr: soxr))
  }

  /// What the next samples of the stream add at the other rate.
  package func add(_ samples: [Float]) -> [Float] {
    state.withLock { state in
      state.given += samples.count
      if rates.from == rates.to || samples.isEmpty { return samples }
      return Self.process(samples, rates, &state)
    }
  }

  /// The rest, after the last sample.
  ///
  /// - Returns: so many that all together are ⌈samples · new rate / old rate⌉, as `Resampler` has it.
  package func end() -> [Float] {
    state.withLock { state in
      if rates.from == rates.to { return [] }
      let count = (state.given * rates.to + rates.from - 1) / rates.from - state.taken
      if count <= 0 { return [] }
      let rest = Self.process(nil, rates, &state).prefix(count)
      return Array(rest) + [Float](repeating: 0, count: count - rest.count)
    }
  }

  private static func process(
    _ samples: [Float]?, _ rates: (from: Int, to: Int), _ state: inout State
  ) -> [Float] {
    let (given, soxr) = (samples ?? [], unsafe state.soxr)
    var output: [Float] = []
    // More than what these samples add and what the filter still holds.
    let room = given.count * rates.to / rates.from + 4096
    var (offset, done) = (0, 0)
    repeat {
      var used = 0
      let part = unsafe [Float](unsafeUninitializedCapacity: room) { buffer, count in
        let failure = unsafe given.withUnsafeBufferPointer { input in
          unsafe soxr_process(
            soxr,
            samples == nil ? nil : input.baseAddress.map { unsafe UnsafeRawPointer($0 + offset) },
            given.count - offset, &used, buffer.baseAddress, room, &done)
        }
        precondition(unsafe failure == nil, "soxr fails within a stream")
        count = done
      }
      offset += used
      output += part
    } while offset < given.count || done == room
    state.taken += output.count
    return output
  }
}
