import Foundation
import Testing
import ValenceFigures

@Test func scratch() throws {
  let folder = URL(filePath: "/tmp/g/out")
  func counts(_ k: Int, _ scale: Int, empty: Int? = nil) -> [[Int]] {
    (0..<k).map { r in (0..<k).map { c in r == empty ? 0 : r == c ? scale * (5 + r % 3) : (r * 7 + c * 13) % 5 * scale / 4 } }
  }
  let names = ["anger", "boredom", "calm", "disgust", "fear", "happiness", "neutral", "sadness", "surprise", "contempt", "excitement", "disappointment"]
  for (k, scale) in [(3, 100), (4, 20), (7, 12), (8, 100), (12, 30)] {
    let f = ConfusionFigure(
      name: "confusion-\(k)", title: "ravdess → emovo · concat, speakers disjoint", classes: Array(names[..<k]),
      counts: counts(k, scale, empty: k == 7 ? 3 : nil),
      uar: .init(mean: 0.5432, sd: 0.021, networks: 15), spread: "sd over 5 folds × 3 seeds", utterances: 1440)
    var o = FigureOptions()
    _ = try FigureWriter.write(f.figure(o), to: folder, options: o)
    o.column = .double
    var d = f
    d.name += "-double"
    _ = try FigureWriter.write(d.figure(o), to: folder, options: o)
  }
}
