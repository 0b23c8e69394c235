import CKernels

/// A matrix `[taps · depth, columns]` in the order in which products read it: panels of 16 columns, each
/// `[taps · depth, 16]`, the last one filled up.
///
/// Packed once, weights are read from the first float to the last in every product. `Engine.md` has what
/// that brings beside the libraries' products.
package struct PackedMatrix: Sendable {
  /// The columns of a panel.
  package static let panel = Int(valence_panel)

  /// Where a matrix has its values: (tap, k, j) at `tap · tapStride + k · rowStride + j · columnStride`.
  package struct Layout: Sendable {
    package var taps = 1
    package var depth: Int
    package var columns: Int
    package var tapStride = 0
    package var rowStride: Int
    package var columnStride: Int

    /// The weights of a dense layer as PyTorch keeps them, `[outputs, inputs]`.
    package static func dense(inputs: Int, outputs: Int) -> Layout {
      Layout(depth: inputs, columns: outputs, rowStride: 1, columnStride: inputs)
    }

    /// The weights of a convolution over time as PyTorch keeps them, `[outputs, inputs, taps]`.
    package static func convolution(inputs: Int, outputs: Int, taps: Int) -> Layout {
      Layout(
        taps: taps, depth: inputs, columns: outputs, tapStride: 1, rowStride: taps,
        columnStride: inputs * taps)
    }

    /// How many floats it spans.
    var span: Int {
      (taps - 1) * tapStride + (depth - 1) * rowStride + (columns - 1) * columnStride + 1
    }
  }

  package let taps: Int
  package let depth: Int
  package let columns: Int
  let packed: Floats

  /// How many floats a packed matrix takes.
  package static func count(rows: Int, columns: Int) -> Int {
    (columns + panel - 1) / panel * panel * rows
  }

  /// Packs the values of a matrix.
  package init(_ values: Floats, _ layout: Layout) {
    precondition(
      layout.taps > 0 && layout.depth > 0 && layout.columns > 0 && values.count >= layout.span,
      "\(values.count) values for \(layout)")
    self.init(
      packed: Floats(
        zeros: Self.count(rows: layout.taps * layout.depth, columns: layout.columns)),
      taps: layout.taps, depth: layout.depth, columns: layout.columns)
    var shape = valence_matrix_layout(
      taps: layout.taps, depth: layout.depth, columns: layout.columns,
      tap_stride: layout.tapStride, k_stride: layout.rowStride,
      column_stride: layout.columnStride)
    unsafe valence_pack_matrix(&shape, values.pointer, packed.pointer)
  }

  /// Views the beginning of `packed` as a matrix that is packed already, or will be.
  package init(packed: Floats, taps: Int = 1, depth: Int, columns: Int) {
    let count = Self.count(rows: taps * depth, columns: columns)
    precondition(packed.count >= count, "\(packed.count) floats for \(count)")
    (self.taps, self.depth, self.columns) = (taps, depth, columns)
    self.packed = packed[0..<count]
  }

  /// Packs rows as columns: the keys of a head, of which these are number `first` and on.
  package func setColumns(from first: Int, _ rows: Rows) {
    precondition(
      rows.width == depth && taps == 1 && first >= 0 && first + rows.count <= columns,
      "\(rows.count) columns of \(rows.width) from \(first) on in [\(depth), \(columns)]")
    unsafe valence_pack_keys(
      rows.count, first, depth, rows.stride, rows.pointer, packed.pointer)
  }
}

/// The left factor of a product: runs of floats that may overlap, as the windows of a signal do.
package struct Windows: Sendable {
  let memory: Floats
  /// The number of windows.
  package let count: Int
  let step: Int
  let tapStep: Int

  /// Each row by itself.
  package init(_ rows: Rows) {
    self.init(rows.memory, count: rows.count, step: rows.stride)
  }

  /// Windows that begin `step` floats apart and whose taps are `tapStep` floats apart.
  package init(_ memory: Floats, count: Int, step: Int, tapStep: Int = 0) {
    precondition(count >= 0 && step >= 0 && tapStep >= 0, "\(count) windows every \(step)")
    (self.memory, self.count, self.step, self.tapStep) = (memory, count, step, tapStep)
  }

  /// Windows over rows, of `taps` rows each, the first of which are `step` rows apart.
  package init(_ rows: Rows, count: Int, step: Int) {
    self.init(rows.memory, count: count, step: step * rows.stride, tapStep: rows.stride)
  }
}

extension PackedMatrix {
  /// What happens to each sum of a product, in this order.
  package struct Finish: OptionSet, Sendable {
    package let rawValue: Int
    package init(rawValue: Int) { self.rawValue = rawValue }

    /// The exact GELU is taken.
    package static let gelu = Finish(rawValue: 1)
    /// What the target holds is added.
    package static let add = Finish(rawValue: 2)
  }

  /// out = finish(windows · matrix + bias), a row for each window, on the calling thread.
  ///
  /// The numbers of a row do not depend on the other rows.
  package func multiply(
    _ a: Windows, bias: Floats? = nil, finish: Finish = [], into out: Rows
  ) {
    precondition(
      out.count == a.count && out.width == columns, "\(a.count) windows into \(out.count) rows")
    run(a, bias: bias, finish: finish, into: (out.memory, out.stride, Self.panel))
  }

  /// The same into the rows `first` and on of a packed matrix.
  package func multiply(
    _ a: Windows, bias: Floats? = nil, into out: PackedMatrix, from first: Int
  ) {
    precondition(
      out.columns == columns && out.taps == 1 && first >= 0 && first + a.count <= out.depth,
      "\(a.count) windows from \(first) on into [\(out.depth), \(out.columns)]")
    run(
      a, bias: bias, finish: [],
      into: (out.packed.dropFirst(first * Self.panel), Self.panel, out.depth * Self.panel))
  }

  private func run(
    _ a: Windows, bias: Floats?, finish: Finish,
    into out: (memory: Floats, stride: Int, panel: Int)
  ) {
    if a.count == 0 { return }
    // Taps that adjoin are one longer window.
    let (taps, depth) =
      a.tapStep == self.depth ? (1, self.taps * self.depth) : (self.taps, self.depth)
    let reach = (a.count - 1) * a.step + (taps - 1) * a.tapStep + depth
    precondition(
      a.memory.count >= reach && (bias?.count ?? columns) == columns,
      "\(a.memory.count) floats for windows that reach \(reach), \(bias?.count ?? 0) biases")
    var product = valence_packed_product(
      rows: a.count, columns: columns, taps: taps, depth: depth, a_stride: a.step,
      tap_stride: a.tapStep, c_stride: out.stride, c_panel: out.panel,
      gelu: finish.contains(.gelu), add: finish.contains(.add))
    let bias = unsafe bias?.pointer
    if KernelSetup.isPlainHere {
      unsafe valence_packed_multiply_plain(
        &product, a.memory.pointer, packed.pointer, bias, out.memory.pointer)
    } else {
      unsafe valence_packed_multiply(
        &product, a.memory.pointer, packed.pointer, bias, out.memory.pointer)
    }
  }
}
