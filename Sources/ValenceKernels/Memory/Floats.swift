import CKernels
import Foundation
import Synchronization

/// A run of 64-byte aligned memory that views look into; freed with its last view.
///
/// Unchecked: the memory itself is not synchronized. `Workers` runs parts that write disjoint views,
/// and the end of its run orders those writes before everything that follows.
@safe
final class FloatMemory: @unchecked Sendable {
  let base: UnsafeMutablePointer<Float>
  let count: Int

  /// From this size on memory is the system's own pages, which are zeros, instead of a part of the heap: weights,
  /// which stay, between arrays that are read and freed would leave holes of up to a fifth of an encoder's size.
  private static let mappedBytes = 1 << 20

  private static func bytes(_ count: Int) -> Int { max(count, 1) * MemoryLayout<Float>.stride }

  init(count: Int) {
    precondition(count >= 0, "a buffer of \(count) floats")
    self.count = count
    let bytes = Self.bytes(count)
    if bytes >= Self.mappedBytes {
      let raw = unsafe mmap(
        nil, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
      guard let raw = unsafe raw, unsafe raw != MAP_FAILED else {
        fatalError("there is no memory for \(bytes) bytes")
      }
      unsafe base = raw.bindMemory(to: Float.self, capacity: count)
    } else {
      let raw = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 64)
      unsafe base = raw.bindMemory(to: Float.self, capacity: count)
      unsafe base.initialize(repeating: 0, count: count)
    }
  }

  deinit {
    let bytes = Self.bytes(count)
    if bytes >= Self.mappedBytes { unsafe munmap(base, bytes) } else { unsafe base.deallocate() }
  }
}

/// A bounds-checked view of floats in shared memory: what layers hand to kernels.
///
/// Copies of a view look at the same memory. Kernels check the lengths of their views once and then
/// run over bare pointers; outside `ValenceKernels` the pointer cannot be had.
@safe
package struct Floats: Sendable {
  let memory: FloatMemory
  let offset: Int
  /// The number of floats.
  package let count: Int

  /// Allocates `count` zeros, 64-byte aligned.
  package init(zeros count: Int) {
    memory = FloatMemory(count: count)
    offset = 0
    self.count = count
  }

  /// Allocates a copy of `values`.
  package init(_ values: some Collection<Float>) {
    self.init(zeros: values.count)
    copy(values)
  }

  private init(memory: FloatMemory, offset: Int, count: Int) {
    self.memory = memory
    self.offset = offset
    self.count = count
  }

  /// The pointer for kernels; valid while the view lives.
  @unsafe var pointer: UnsafeMutablePointer<Float> { unsafe memory.base + offset }

  /// The part of this view in `range`; traps outside of it.
  package subscript(range: Range<Int>) -> Floats {
    precondition(
      range.lowerBound >= 0 && range.upperBound <= count, "\(range) lies outside 0..<\(count)")
    return Floats(memory: memory, offset: offset + range.lowerBound, count: range.count)
  }

  /// All but the first `count` floats; empty if there are no more than that.
  package func dropFirst(_ count: Int) -> Floats { self[min(count, self.count)..<self.count] }

  /// One float; traps outside of the view.
  package subscript(index: Int) -> Float {
    get {
      precondition(index >= 0 && index < count, "\(index) lies outside 0..<\(count)")
      return unsafe pointer[index]
    }
    nonmutating set {
      precondition(index >= 0 && index < count, "\(index) lies outside 0..<\(count)")
      unsafe pointer[index] = newValue
    }
  }

  /// Overwrites the beginning of the view with `values`, which must fit.
  package func copy(_ values: some Collection<Float>) {
    precondition(values.count <= count, "\(values.count) values do not fit into \(count)")
    let target = unsafe UnsafeMutableBufferPointer(start: pointer, count: values.count)
    _ = unsafe target.update(fromContentsOf: values)
  }

  /// Overwrites the beginning of the view with another view, which must fit and not overlap.
  package func copy(_ other: Floats) {
    precondition(other.count <= count, "\(other.count) values do not fit into \(count)")
    unsafe pointer.update(from: other.pointer, count: other.count)
  }

  /// Sets every float to `value`.
  package func fill(_ value: Float) {
    unsafe pointer.update(repeating: value, count: count)
  }

  /// Overwrites the view with a + b, all of one length.
  package func setSum(_ a: Floats, _ b: Floats) {
    precondition(a.count == b.count && a.count == count, "\(a.count) + \(b.count) into \(count)")
    unsafe valence_add(count, a.pointer, b.pointer, pointer)
  }

  /// x = share · x + (1 − share) · other, both of one length.
  package func mix(_ other: Floats, share: Double) {
    precondition(other.count == count, "\(other.count) into \(count)")
    unsafe valence_mix(count, Float(share), Float(1 - share), other.pointer, pointer)
  }

  /// Whether another view holds the same bits: zeros of either sign differ, equal not-a-numbers do not.
  func hasBits(of other: Floats) -> Bool {
    unsafe count == other.count
      && memcmp(pointer, other.pointer, count * MemoryLayout<Float>.stride) == 0
  }

  /// A copy of the values.
  package var array: [Float] {
    unsafe Array(UnsafeBufferPointer(start: pointer, count: count))
  }

  /// A copy of the values; nil unless all are finite numbers.
  ///
  /// Fresh memory costs more than the copy, and is split among the threads with it.
  package func finiteArray(_ workers: Workers) -> [Float]? {
    // 256 KiB.
    let parts = (count >> 16) + 1
    let isFinite = Atomic(true)
    let values = unsafe [Float](unsafeUninitializedCapacity: count) { buffer, filled in
      filled = count
      guard let target = buffer.baseAddress else { return }
      nonisolated(unsafe) let to = unsafe target
      workers.forEach(parts: parts) { part in
        let range = Part(part, of: parts).range(of: count)
        let isClean = unsafe valence_copy_finite(
          range.count, pointer + range.lowerBound, to + range.lowerBound)
        if !isClean { isFinite.store(false, ordering: .relaxed) }
      }
    }
    return isFinite.load(ordering: .relaxed) ? values : nil
  }
}
