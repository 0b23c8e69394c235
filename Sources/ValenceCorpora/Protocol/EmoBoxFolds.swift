import Foundation

/// Reads the folds that EmoBox publishes (Ma et al., 2024, Interspeech).
///
/// They are lists with a JSON object a line, `fold_<k>/<corpus>_{train,test,valid}_fold_<k>.jsonl`.
/// Files are matched by name, as `UtteranceNames` does.
struct EmoBoxFolds {
  /// The folder of the folds, or a folder of such folders by corpus.
  let folder: URL
  let corpus: LabeledCorpus

  private struct Line: Decodable { let wav: String }

  /// The folds; where a fold has no training list (IEMOCAP), it trains on all other test lists.
  func drafts() throws(FoldError) -> FoldMaker.Drafts {
    let home = try foldsFolder()
    let names = UtteranceNames(of: corpus, path: home.path, field: .emobox)
    let numbers = foldNumbers(in: home)
    var listed = ListedNames()
    var example = ""
    var sides: [(train: [Int]?, validation: [Int]?, test: [Int])] = []
    func side(_ kind: String, _ number: Int) throws(FoldError) -> [Int]? {
      guard let wavs = try wavs(kind, number, in: home) else { return nil }
      if example.isEmpty { example = wavs.first ?? "" }
      return listed.add(try MatchedNames(wavs, in: names))
    }
    for number in numbers {
      guard let test = try side("test", number) else {
        throw .foldFile(
          .emobox,
          sentence: "\(home.path)/fold_\(number): there is no file *_test_fold_\(number).jsonl.")
      }
      sides.append((try side("train", number), try side("valid", number), test))
    }
    guard !listed.isEmpty else { throw .nothingMatches(.emobox, path: home.path, example: example) }
    let folds = sides.enumerated().map { position, side in
      let others = sides.enumerated().filter { $0.offset != position }.flatMap(\.element.test)
      return FoldMaker.Draft(
        name: "\(numbers[position])", rest: side.train ?? Set(others).sorted(),
        validation: side.validation, test: side.test)
    }
    return FoldMaker.Drafts(
      folds: folds,
      remarks: listed.remarks(source: "EmoBox's folds", corpus: corpus),
      isPublished: true)
  }

  /// Whether there are folds here that may be of this corpus.
  var areThere: Bool {
    do {
      _ = try foldsFolder()
      return true
    } catch {
      return false
    }
  }

  private func foldsFolder() throws(FoldError) -> URL {
    let inside = folder.appending(path: corpus.name, directoryHint: .isDirectory)
    for candidate in [folder, inside] where !foldNumbers(in: candidate).isEmpty {
      return candidate
    }
    throw .foldFile(
      .emobox,
      sentence: "\(folder.path): there is no folder fold_1 here nor in \(corpus.name)/; the path "
        + "should be EmoBox's folder of this corpus (data/<corpus>).")
  }

  private func foldNumbers(in folder: URL) -> [Int] {
    entries(of: folder).filter { $0.hasPrefix("fold_") }.compactMap { Int($0.dropFirst(5)) }
      .sorted()
  }

  /// The names in a folder; none where it is no folder, which the callers report.
  private func entries(of folder: URL) -> [String] {
    do {
      return try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
    } catch {
      return []
    }
  }

  private static func isBlank(_ byte: UInt8) -> Bool { " \t\r".utf8.contains(byte) }

  /// The paths that a list names, or nil where the fold has no such list.
  private func wavs(
    _ kind: String, _ number: Int, in home: URL
  ) throws(FoldError) -> [String]? {
    let fold = home.appending(path: "fold_\(number)", directoryHint: .isDirectory)
    let ending = "_\(kind)_fold_\(number).jsonl"
    guard let name = entries(of: fold).first(where: { $0.hasSuffix(ending) }) else { return nil }
    let file = fold.appending(path: name, directoryHint: .notDirectory)
    guard let data = FileManager.default.contents(atPath: file.path) else {
      throw .foldFile(.emobox, sentence: "\(file.path): this file cannot be read.")
    }
    var wavs: [String] = []
    let lines = data.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    for (position, line) in lines.enumerated() where !line.allSatisfy(Self.isBlank) {
      do {
        wavs.append(try JSONDecoder().decode(Line.self, from: line).wav)
      } catch {
        throw .foldFile(
          .emobox,
          sentence: "\(file.path):\(position + 1): this line is not a JSON object with a 'wav'.")
      }
    }
    return wavs
  }
}
