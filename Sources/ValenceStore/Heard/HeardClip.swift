package import ValenceCore

/// A clip that a network has learned from or chosen its epoch by: a row of a trial's `heard.csv`.
///
/// Whoever trains on from the network must not test it on such a clip, wherever its file lies by then, nor on
/// its speaker. So it is known by content beside names.
package struct HeardClip: Hashable, Sendable {
  /// What a clip was to the network.
  package enum Side: String, Hashable, Sendable, CaseIterable {
    /// It was learned from.
    case train
    /// The epoch was chosen by it.
    case validation
  }

  /// The digest of the file of the network that has heard it; nil is the trial's own network.
  package var network: Digest?
  package var side: Side
  /// The corpus, by its name in the experiment file.
  package var corpus: String
  /// The word of its adapter there: a published corpus is known by that under any name.
  package var adapter: String
  /// The file, below the folder of the corpus.
  package var file: String
  /// The span of the file in seconds; nil is the whole.
  package var span: ClosedRange<Double>?
  package var speaker: String?
  /// The digest of the file's bytes; nil if there was no file.
  package var content: Digest?
  /// The digest of the decoded samples, if it is known.
  package var samples: Digest?

  package init(
    side: Side, corpus: (name: String, adapter: String), file: String,
    span: ClosedRange<Double>?, speaker: String?
  ) {
    self.side = side
    (self.corpus, adapter) = corpus
    (self.file, self.span, self.speaker) = (file, span, speaker)
  }
}

/// Reads and writes `heard.csv`.
///
/// A table of another form counts as damaged, so a new form must go on reading those of finished trials
/// (`HeardTableTests`).
package enum HeardTable {
  private static let columns = [
    "network", "side", "corpus", "adapter", "file", "start", "end", "speaker", "content", "samples",
  ]

  /// Clips as a table; samples are marked with the revision of the decoder, since those of another one cannot
  /// be compared.
  package static func table(_ clips: [HeardClip], revision: Int) -> Table {
    Table(
      columns: columns,
      rows: clips.map { clip in
        [
          clip.network?.hex ?? "", clip.side.rawValue, clip.corpus, clip.adapter, clip.file,
          clip.span.map { String($0.lowerBound) } ?? "",
          clip.span.map { String($0.upperBound) } ?? "",
          clip.speaker ?? "", clip.content?.hex ?? "",
          clip.samples.map { "\(revision):\($0.hex)" } ?? "",
        ]
      })
  }

  /// Reads clips back; samples that another revision of the decoder made are left out.
  ///
  /// - Throws: `StoreError.damaged` that names the file and row.
  package static func clips(
    in table: Table, revision: Int, name: String
  ) throws(StoreError) -> [HeardClip] {
    guard table.columns == columns else {
      throw .damaged(file: name, reason: "its columns are not \(columns)")
    }
    var clips: [HeardClip] = []
    for (index, row) in table.rows.enumerated() {
      guard let clip = HeardClip(row, revision: revision) else {
        throw .damaged(file: name, reason: "row \(index + 1) cannot be read")
      }
      clips.append(clip)
    }
    return clips
  }
}

extension HeardClip {
  /// Nil for a row that is no clip.
  fileprivate init?(_ row: [String], revision: Int) {
    guard let side = Side(rawValue: row[1]) else { return nil }
    var span: ClosedRange<Double>?
    if !row[5].isEmpty || !row[6].isEmpty {
      guard let start = Double(row[5]), let end = Double(row[6]), start <= end else { return nil }
      span = start...end
    }
    self.init(
      side: side, corpus: (row[2], row[3]), file: row[4], span: span,
      speaker: row[7].isEmpty ? nil : row[7])
    let digests = [row[0], row[8]].map { Digest(hex: $0) }
    guard zip(digests, [row[0], row[8]]).allSatisfy({ $0 != nil || $1.isEmpty }) else { return nil }
    (network, content) = (digests[0], digests[1])
    guard !row[9].isEmpty else { return }
    let parts = row[9].split(separator: ":").map(String.init)
    guard parts.count == 2, let made = Int(parts[0]), let digest = Digest(hex: parts[1]) else {
      return nil
    }
    samples = made == revision ? digest : nil
  }
}
