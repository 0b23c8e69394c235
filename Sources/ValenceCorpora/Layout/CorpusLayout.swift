package import Foundation
package import ValenceCore

/// How a folder of speech is laid out, as far as its tables and names tell; no audio is decoded.
package struct CorpusLayout: Sendable {
  /// How to read it.
  package let options: CorpusOptions
  /// The corpus as it is read this way.
  package let corpus: Corpus
  /// The findings, in sentences; guesses say that they are such.
  package let findings: [String]
  /// The audio files in the folder.
  package let audioFiles: Int
  /// Files that are no sound, without the table that is read.
  package let otherFiles: [String]

  /// To be trained, to choose the epoch and to be tested takes three speakers.
  package static let fewestSpeakers = 3

  /// Finds the layout of a folder: a table of its files, a published corpus by its file names, class
  /// folders, or names that say the class.
  ///
  /// Speakers of whom there are too few to hold one out are left unknown where that is possible.
  /// - Throws: `Problems` if there is no audio, or nothing says what the classes are.
  package static func find(in folder: URL, named name: String) throws(Problems) -> CorpusLayout {
    let files: CorpusFolder
    do {
      files = try CorpusFolder(folder)
    } catch {
      throw Problems(error.all.map { Problem($0.misfit.message.text { "\($0)" }) })
    }
    guard !files.audioFiles.isEmpty else {
      throw Problems([
        Problem(
          "\(folder.path): there is no audio file in this folder; name a folder with speech as WAV, "
            + "FLAC, Ogg, Opus, MP3 or AIFF.")
      ])
    }
    let finder = LayoutFinder(files: files, name: name)
    if let layout = try finder.table() { return layout }
    let published = finder.published()
    if let published, published.hasEnoughSpeakers { return published }
    if let layout = finder.paths(insteadOf: published) ?? published { return layout }
    throw Problems([Problem("\(folder.path): \(finder.refusal)")])
  }

  /// Whether no speaker is known, or enough are.
  var hasEnoughSpeakers: Bool {
    let speakers = Set(corpus.utterances.compactMap(\.speaker))
    return speakers.isEmpty || speakers.count >= Self.fewestSpeakers
  }
}

/// Tries one layout after the other on a folder.
private struct LayoutFinder {
  let files: CorpusFolder
  let name: String

  /// A table at the top of the folder.
  private struct Listing {
    let path: String
    /// Its guessed columns; nil if it is no list of this speech, or cannot be read at all.
    let guess: ManifestGuess?
    /// Why it is not read, though somebody may think so.
    let remark: String?
  }
  private let listings: [Listing]

  init(files: CorpusFolder, name: String) {
    (self.files, self.name) = (files, name)
    let tables = files.files.filter { path in
      !path.contains("/") && [".csv", ".tsv"].contains { path.lowercased().hasSuffix($0) }
    }
    let isManifest = { (path: String) in path == "manifest.csv" }
    listings = (tables.filter(isManifest) + tables.filter { !isManifest($0) }).map { path in
      do throws(TableError) {
        let guess = ManifestGuess(
          try Table(ofUser: files.url(path)), files: files)
        return Listing(
          path: path, guess: guess?.fault == nil ? guess : nil,
          remark: guess?.fault.map { "\(path) is not read: \($0)." })
      } catch {
        let sentence = "\(error)".replacing(files.root.path + "/", with: "")
        return Listing(
          path: path, guess: nil, remark: "A table here is not read: \(sentence)")
      }
    }
  }

  /// Why nothing was found.
  var refusal: String {
    if let only = PathGuess.onlyClass(of: files.audioFiles) {
      return "every audio file here is '\(only)'; it takes two classes or more."
    }
    let ways =
      "nothing here says which emotion a file has; put each class into a folder of its own "
      + "(angry/a.wav), name the class in the file names (anna_angry_01.wav), or write a "
      + "manifest.csv with the columns file, emotion and speaker."
    return ([ways] + listings.compactMap(\.remark)).joined(separator: " ")
  }

  // MARK: - Tables

  /// A table at the top of the folder that names audio files and their classes; `manifest.csv` first.
  ///
  /// - Throws: what is wrong with it, as it is plain that it is to be read.
  func table() throws(Problems) -> CorpusLayout? {
    for listing in listings {
      guard let guess = listing.guess else { continue }
      let path = listing.path
      let location = path == "manifest.csv" ? files.root : files.url(path)
      let options = CorpusOptions(
        name: name, adapter: .manifest(columns: guess.renamed), path: location)
      let corpus: Corpus
      do {
        corpus = try CorpusLoader.load(options)
      } catch {
        throw Problems(error.all.map { Problem($0.misfit.message.text { "\($0)" }) })
      }
      let said = ManifestReader.Column.allCases.compactMap { word in
        guess.columns[word].map { word.rawValue == $0 ? $0 : "\(word.rawValue) (column \($0))" }
      }
      var findings = ["\(path) says of each utterance: \(said.joined(separator: ", "))."]
      if let first = guess.unread.first {
        findings.append(
          guess.unread.count == 1
            ? "Its column \(first) is not read."
            : "Its columns \(Wording.list(guess.unread, limit: 4)) are not read.")
      }
      let names = Set(corpus.utterances.map(\.path))
      if names.count < files.audioFiles.count {
        findings.append(
          "It does not name \(files.audioFiles.count - names.count) of \(files.audioFiles.count) "
            + "audio files.")
      }
      return layout(options, corpus, findings, table: path)
    }
    return nil
  }

  // MARK: - Published corpora

  /// The published corpus whose file names most of the files have.
  func published() -> CorpusLayout? {
    var best: (corpus: Corpus, options: CorpusOptions, word: String)?
    for (word, adapter) in CorpusOptions.Adapter.published {
      let options = CorpusOptions(name: name, adapter: adapter, path: files.root)
      guard let corpus = load(options) else { continue }
      if corpus.utterances.count > best?.corpus.utterances.count ?? 0 {
        best = (corpus, options, word)
      }
    }
    // RAVDESS also has videos and songs, which are more than its speech.
    guard let best, best.corpus.utterances.count * 5 >= files.audioFiles.count else { return nil }
    return layout(
      best.options, best.corpus,
      ["The files are named as those of the published corpus \(best.word)."])
  }

  private func load(_ options: CorpusOptions) -> Corpus? {
    do {
      return try CorpusLoader.load(options)
    } catch {
      return nil  // a folder of another form
    }
  }

  // MARK: - Folders and names

  /// Class folders, or names that say the class; `published` has too few speakers to be read as such.
  func paths(insteadOf published: CorpusLayout?) -> CorpusLayout? {
    guard let guess = PathGuess(files.audioFiles) else { return nil }
    var findings = published.map { Array($0.findings.prefix(1)) } ?? []
    let place = guess.emotion?.description ?? "the folder that a file is in"
    findings.append(
      guess.isKnown
        ? "The class is \(place)."
        : "The class is \(place), as it seems; check this, for its words are none that Valence knows as "
          + "emotions.")
    let hasEnough = guess.speakers.count >= CorpusLayout.fewestSpeakers
    if let speaker = guess.speaker, hasEnough {
      let adapter = adapter(guess, speaker: speaker)
      let options = CorpusOptions(name: name, adapter: adapter, path: files.root)
      // The expression has to find the very words that the guess was made by.
      if let corpus = load(options), Set(corpus.utterances.compactMap(\.speaker)) == guess.speakers
      {
        findings.append(
          "The speaker seems to be \(speaker.description)"
            + "\(guess.emotion == nil ? " below the class folder" : ""): check this, for a wrong one "
            + "lets networks be tested on people whom they know.")
        return layout(options, corpus, findings)
      }
    } else if guess.speakers.count > 1 {
      findings.append(
        "There are only \(guess.speakers.count) speakers (\(Wording.list(guess.speakers.sorted(), limit: 4))), too few "
          + "to keep one for the test and one for validation, so they are not told apart.")
    } else {
      findings.append("Nothing says who speaks.")
    }
    let options = CorpusOptions(
      name: name, adapter: adapter(guess, speaker: nil), path: files.root)
    return load(options).map { layout(options, $0, findings) }
  }

  private func adapter(_ guess: PathGuess, speaker: PathField?) -> CorpusOptions.Adapter {
    func pattern(_ field: PathField, _ group: String) -> PathPattern {
      do {
        return try PathPattern(field.pattern(group), group: group)
      } catch {
        preconditionFailure("a guessed pattern is none: \(error)")
      }
    }
    return .folders(
      speaker: speaker.map { pattern($0, "speaker") },
      emotion: guess.emotion.map { pattern($0, "emotion") })
  }

  private func layout(
    _ options: CorpusOptions, _ corpus: Corpus, _ findings: [String], table: String? = nil
  ) -> CorpusLayout {
    CorpusLayout(
      options: options, corpus: corpus,
      findings: findings + listings.filter { $0.path != table }.compactMap(\.remark),
      audioFiles: files.audioFiles.count,
      otherFiles: files.files.filter { CorpusFolder.kind(of: $0) == .other && $0 != table })
  }
}
