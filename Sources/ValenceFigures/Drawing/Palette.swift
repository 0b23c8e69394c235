import Foundation

/// The colors of the figures, chosen so that a color-blind reader and a gray print lose nothing.
struct Palette {
  /// Evenly spaced colors, lowest value first, as 0xRRGGBB.
  let stops: [Int]

  /// Viridis (Smith and van der Walt 2015), nine stops: for values from low to high.
  static let viridis = Palette(stops: [
    0x440154, 0x472d7b, 0x3b528b, 0x2c728e, 0x21918c, 0x28ae80, 0x5ec962, 0xaddc30, 0xfde725,
  ])
  /// ColorBrewer PuOr (Harrower and Brewer 2003), orange below, white at the middle, purple above.
  static let diverging = Palette(stops: [
    0xb35806, 0xe08214, 0xfdb863, 0xfee0b6, 0xf7f7f7, 0xd8daeb, 0xb2abd2, 0x8073ac, 0x542788,
  ])

  /// Okabe and Ito (2008), dark ones first.
  private static let colors = [
    "#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000",
  ]
  /// A shape for each color; in the next round of colors others, so that 21 series differ.
  private static let shapes = [
    [7, 5, 9, 13, 11, 15, 6], [4, 8, 12, 10, 14, 6, 5], [1, 2, 3, 1, 2, 3, 2],
  ]

  /// The mark of a series by its number.
  static func mark(_ index: Int) -> Mark {
    let (round, place) = (index / colors.count % shapes.count, index % colors.count)
    return Mark(color: colors[place], shape: shapes[round][place])
  }

  /// A color and the shape that goes with it, so that no meaning hangs on color alone.
  struct Mark: Hashable {
    let color: String
    /// gnuplot's point type.
    let shape: Int
  }

  /// gnuplot's `set palette`.
  var command: String {
    let last = Double(stops.count - 1)
    let parts = stops.enumerated().map {
      "\(Figure.number(Double($0.offset) / last)) '#\(String(format: "%06x", $0.element))'"
    }
    return "set palette defined (\(parts.joined(separator: ", ")))"
  }

  /// Whether white text reads better than black at a position from 0 to 1, by the contrast ratio
  /// of WCAG 2.1.
  func wantsWhite(at position: Double) -> Bool {
    let luminance = luminance(at: position)
    return 1.05 / (luminance + 0.05) > (luminance + 0.05) / 0.05
  }

  /// A gnuplot function `ink(p)`: the color of text on the palette's position p, 0 to 1.
  var inkFunction: String {
    let steps = 1000
    var condition: [String] = []
    var start: Int?
    for step in 0...steps + 1 {
      let white = step <= steps && wantsWhite(at: Double(step) / Double(steps))
      if white, start == nil { start = step }
      if !white, let from = start {
        let low = Double(from) / Double(steps)
        let high = Double(step) / Double(steps)
        condition.append("(p >= \(Figure.number(low)) && p < \(Figure.number(high)))")
        start = nil
      }
    }
    return "ink(p) = (\(condition.joined(separator: " || "))) ? 0xffffff : 0x000000"
  }

  private func luminance(at position: Double) -> Double {
    let scaled = min(max(position, 0), 1) * Double(stops.count - 1)
    let below = min(Int(scaled), stops.count - 2)
    let part = scaled - Double(below)
    return zip([16, 8, 0], [0.2126, 0.7152, 0.0722]).reduce(0) { sum, channel in
      let (shift, weight) = channel
      let a = Double(stops[below] >> shift & 255)
      let b = Double(stops[below + 1] >> shift & 255)
      let value = (a + (b - a) * part) / 255
      return sum + weight * (value <= 0.03928 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4))
    }
  }
}
