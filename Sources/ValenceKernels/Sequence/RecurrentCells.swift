import CKernels

/// A recurrent cell.
package enum RecurrentCellKind: Hashable, Sendable {
  /// Gates i, f, g, o; `kept` is the cell state c.
  case lstm
  /// Gates r, z, n; `kept` is q, the part of the candidate that depends on the previous state.
  case gru

  /// G.
  package var gates: Int {
    switch self {
    case .lstm: 4
    case .gru: 3
    }
  }
}

/// The memory of one direction of a recurrent layer, `[rows, …]`, and its steps.
///
/// H hidden units; the G gates of a row adjoin, in PyTorch's order. A step takes one row of each clip that
/// has not ended; `RecurrentOrder` says which. The products with the input, W·x, are in `gates` for all rows before
/// the first step; those with the state, h·U, need the step before and are in a thread's `Workspace`.
///
/// `gates` is used three times over, so that training holds one array of that size: W·x, then the activations that
/// `backward` needs, then dL/d(W·x), of which products over all rows make the gradients of W and of the input.
package struct RecurrentCells: Sendable {
  /// The recurrent cell.
  package let kind: RecurrentCellKind
  /// The number of hidden units.
  package let hidden: Int
  /// `[rows, G·H]`: W·x, then the activations of the gates, then dL/d(W·x).
  package let gates: Rows
  /// `[rows, H]`: c of an LSTM; q of a GRU, after `backward` dL/dq.
  package let kept: Rows
  /// `[rows, H]`: the hidden state that each row started from.
  package let previous: Rows

  /// Makes room for `rows` rows.
  package init(_ kind: RecurrentCellKind, rows: Int, hidden: Int) {
    (self.kind, self.hidden) = (kind, hidden)
    gates = Rows(zeros: rows, width: kind.gates * hidden)
    kept = Rows(zeros: rows, width: hidden)
    previous = Rows(zeros: rows, width: hidden)
  }

  /// The floats that `biases` fills.
  package static func biasCount(hidden: Int) -> Int { 4 * hidden }

  /// Joins the biases of input and state, `[G·H]` each, in the form that `forward` needs.
  ///
  /// They are added, except those of a GRU's candidate, whose reset gate acts only on the state's bias.
  package func join(_ input: Floats, _ state: Floats, into bias: Floats) {
    let shared = kind == .lstm ? 4 * hidden : 2 * hidden
    precondition(bias.count == Self.biasCount(hidden: hidden), "\(bias.count) biases")
    bias[0..<shared].setSum(input[0..<shared], state[0..<shared])
    if kind == .gru {
      bias[shared..<3 * hidden].copy(input[shared..<3 * hidden])
      bias[3 * hidden..<4 * hidden].copy(state[shared..<3 * hidden])
    }
  }

  /// Working memory for the clips that one thread takes through the steps together.
  package struct Workspace: Sendable {
    /// `[clips, H]`: the hidden states.
    package let state: Rows
    /// `[clips, G·H]`: h·U before a step's gates; in `backward` dL/d(h·U) of the step.
    package let z: Rows
    /// `[clips, H]`: the part of the gradient that reaches the step before without U: dL/dc of an LSTM,
    /// z·dL/dh of a GRU.
    package let carry: Rows
    /// `[clips, H]`: dL/dh that comes from the next step through U.
    package let stateGradient: Rows

    /// Makes room for `clips` clips.
    package init(_ kind: RecurrentCellKind, clips: Int, hidden: Int) {
      state = Rows(zeros: clips, width: hidden)
      z = Rows(zeros: clips, width: kind.gates * hidden)
      carry = Rows(zeros: clips, width: hidden)
      stateGradient = Rows(zeros: clips, width: hidden)
    }
  }

  /// One step forward: from `gates`, `bias` and `workspace.z` to the hidden states.
  ///
  /// LSTM: c = f·c′ + i·g; h = o·tanh(c). GRU: n = tanh(a + r·q); h = (1 − z)·n + z·h′.
  /// h goes to `output`, `[rows, H]`, and to `workspace.state`; the latter's old value goes to `previous`.
  package func forward(
    _ order: RecurrentOrder, step: Int, bias: Floats, output: Rows, workspace: Workspace
  ) {
    precondition(
      bias.count == Self.biasCount(hidden: hidden), "\(bias.count) biases for \(hidden) units")
    let kernel =
      switch (kind, KernelSetup.isPlainHere) {
      case (.lstm, false): unsafe valence_lstm_forward
      case (.lstm, true): unsafe valence_lstm_forward_plain
      case (.gru, false): unsafe valence_gru_forward
      case (.gru, true): unsafe valence_gru_forward_plain
      }
    unsafe withStep(order, step, columns: output, workspace) { raw in
      unsafe kernel(
        raw, workspace.z.pointer, bias.pointer, workspace.state.pointer, output.pointer,
        output.stride)
    }
  }

  /// One step backward, the last one first: dL/d(W·x) replaces the activations in `gates`.
  ///
  /// - Parameter gradient: `[rows, H]`: dL/dh from the layers above; `workspace` holds what comes from the step
  ///   after, zero for clips whose last step this is.
  package func backward(
    _ order: RecurrentOrder, step: Int, gradient: Rows, workspace: Workspace
  ) {
    let kernel =
      switch (kind, KernelSetup.isPlainHere) {
      case (.lstm, false): unsafe valence_lstm_backward
      case (.lstm, true): unsafe valence_lstm_backward_plain
      case (.gru, false): unsafe valence_gru_backward
      case (.gru, true): unsafe valence_gru_backward_plain
      }
    unsafe withStep(order, step, columns: gradient, workspace) { raw in
      unsafe kernel(
        raw, gradient.pointer, gradient.stride, workspace.stateGradient.pointer,
        workspace.carry.pointer, workspace.z.pointer)
    }
  }

  /// Checks all lengths, then lends the step in C's form.
  private func withStep(
    _ order: RecurrentOrder, _ step: Int, columns: Rows, _ workspace: Workspace,
    _ body: (UnsafePointer<valence_recurrent_step>) -> Void
  ) {
    let running = order.running[step]
    precondition(
      order.rowBound <= kept.count && order.rowBound <= columns.count && columns.width == hidden,
      "row \(order.rowBound - 1) of \(kept.count) rows and [\(columns.count), \(columns.width)]")
    precondition(
      running <= workspace.state.count && workspace.state.width == hidden,
      "\(running) clips in a workspace for \(workspace.state.count)")
    unsafe order.rows.withUnsafeBufferPointer { rows in
      unsafe order.before.withUnsafeBufferPointer { before in
        guard let row = rows.baseAddress, let rowBefore = before.baseAddress else { return }
        var raw = unsafe valence_recurrent_step(
          clips: running, hidden: hidden, rows: row + order.starts[step],
          before: rowBefore + order.starts[step], gates: gates.pointer, kept: kept.pointer,
          previous: previous.pointer)
        unsafe body(&raw)
      }
    }
  }
}
