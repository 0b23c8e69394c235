import CKernels

/// What one direction of an LSTM layer remembers of every row, and the step that fills it.
///
/// H hidden units; the gates of a row lie one after another in the order i, f, g, o (PyTorch's).
public struct LSTMCells: Sendable {
  /// The number of hidden units.
  public let hidden: Int
  /// `[rows, 4H]`: first W·x, then the gates' activations, after `backward` dL/dz.
  public let gates: Floats
  /// `[rows, H]`: the cell states.
  public let cells: Floats
  /// `[rows, H]`: the hidden state that each row started from.
  public let previous: Floats

  /// Makes room for `rows` rows.
  public init(rows: Int, hidden: Int) {
    self.hidden = hidden
    gates = Floats(zeros: rows * 4 * hidden)
    cells = Floats(zeros: rows * hidden)
    previous = Floats(zeros: rows * hidden)
  }

  /// The values of a direction in rows that it shares with another: H of every `stride` values.
  public struct Columns: Sendable {
    let values: Floats
    let stride: Int

    /// The columns that begin with the view; its rows are `stride` apart.
    public init(_ values: Floats, stride: Int) {
      (self.values, self.stride) = (values, stride)
    }
  }

  /// Working memory for the clips that one thread takes through the steps together.
  public struct Workspace: Sendable {
    /// `[clips, H]`: the hidden states.
    public let state: Floats
    /// `[clips, 4H]`: h·U before a step's gates; in `backward` dL/dz of the step.
    public let z: Floats
    /// `[clips, H]`: dL/dc from the next step.
    public let cellGradient: Floats
    /// `[clips, H]`: dL/dh from the next step.
    public let stateGradient: Floats

    /// Makes room for `clips` clips.
    public init(clips: Int, hidden: Int) {
      state = Floats(zeros: clips * hidden)
      z = Floats(zeros: clips * 4 * hidden)
      cellGradient = Floats(zeros: clips * hidden)
      stateGradient = Floats(zeros: clips * hidden)
    }
  }

  /// One step forward: z = gates + bias + `workspace.z`; c = f·c′ + i·g; h = o·tanh(c).
  ///
  /// h goes to `output` and to `workspace.state`; the latter's old value goes to `previous`.
  public func forward(
    _ order: RecurrentOrder, step: Int, bias: Floats, output: Columns, workspace: Workspace
  ) {
    precondition(bias.count == 4 * hidden, "\(bias.count) biases for \(hidden) units")
    unsafe withStep(order, step, columns: output, workspace) { raw in
      let kernel =
        unsafe KernelSetup.current.isPlain ? valence_lstm_forward_plain : valence_lstm_forward
      unsafe kernel(
        raw, workspace.z.pointer, bias.pointer, workspace.state.pointer, previous.pointer,
        output.values.pointer, output.stride)
    }
  }

  /// One step backward, the last one first: dL/dz replaces the activations in `gates`.
  ///
  /// - Parameter gradient: dL/dh from the layers above; `workspace` holds what comes from the step
  ///   after, zero for clips whose last step this is.
  public func backward(
    _ order: RecurrentOrder, step: Int, gradient: Columns, workspace: Workspace
  ) {
    unsafe withStep(order, step, columns: gradient, workspace) { raw in
      let kernel =
        unsafe KernelSetup.current.isPlain ? valence_lstm_backward_plain : valence_lstm_backward
      unsafe kernel(
        raw, gradient.values.pointer, gradient.stride, workspace.stateGradient.pointer,
        workspace.cellGradient.pointer, workspace.z.pointer)
    }
  }

  /// Checks all lengths, then lends the step in C's form.
  private func withStep(
    _ order: RecurrentOrder, _ step: Int, columns: Columns, _ workspace: Workspace,
    _ body: (UnsafePointer<valence_lstm_step>) -> Void
  ) {
    let running = order.running[step]
    precondition(
      order.rowBound * hidden <= cells.count,
      "row \(order.rowBound - 1) of \(cells.count / hidden)")
    precondition(
      order.rowBound == 0
        || (order.rowBound - 1) * columns.stride + hidden <= columns.values.count,
      "\(order.rowBound) rows \(columns.stride) apart do not fit \(columns.values.count) floats")
    precondition(
      running * hidden <= workspace.state.count, "\(running) clips in too small a workspace")
    unsafe order.rows.withUnsafeBufferPointer { rows in
      unsafe order.before.withUnsafeBufferPointer { before in
        guard let row = rows.baseAddress, let rowBefore = before.baseAddress else { return }
        var raw = unsafe valence_lstm_step(
          clips: running, hidden: hidden, rows: row + order.starts[step],
          before: rowBefore + order.starts[step], gates: gates.pointer, cells: cells.pointer)
        unsafe body(&raw)
      }
    }
  }
}
