/// Signs for the sentences that hold for some of a map's cells.
struct Footnotes {
  /// The sentences below the figure, each behind its sign; those of every cell behind "All cells".
  let sentences: [String]
  private let signs: [String: String]
  /// The longest run of signs in a cell.
  let widest: String
  private static let symbols = ["†", "‡", "§", "¶", "#", "*"]

  /// Numbers the sentences of all cells in order of appearance.
  init(_ cells: [[String]]) {
    var order: [String] = []
    for note in cells.joined() where !order.contains(note) { order.append(note) }
    let common = order.filter { note in cells.allSatisfy { $0.contains(note) } }
    let marked = order.filter { !common.contains($0) }
    var signs: [String: String] = [:]
    for (index, note) in marked.enumerated() {
      let times = index / Self.symbols.count + 1
      signs[note] = String(repeating: Self.symbols[index % Self.symbols.count], count: times)
    }
    self.signs = signs
    sentences = common.map { "All cells: \($0)" } + marked.map { "\(signs[$0] ?? "") \($0)" }
    widest = cells.map { Self.combination($0, signs) }.max { $0.count < $1.count } ?? ""
  }

  /// The signs of a cell's sentences.
  func signs(of notes: [String]) -> String { Self.combination(notes, signs) }

  private static func combination(_ notes: [String], _ signs: [String: String]) -> String {
    notes.compactMap { signs[$0] }.joined()
  }
}
