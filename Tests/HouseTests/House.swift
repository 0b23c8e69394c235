import Foundation

/// The sources as text, for the rules that the compiler does not check.
enum House {
  /// The package's folder.
  static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  /// Every source file of ours below `Sources`, with its path from there.
  static func sources(_ endings: Set<String>) throws -> [(path: String, lines: [String])] {
    try files(below: "Sources", endings)
  }

  /// Every file below a folder with one of the endings.
  static func files(
    below folder: String, _ endings: Set<String>
  ) throws -> [(path: String, lines: [String])] {
    let base = root.appending(path: folder)
    let paths =
      FileManager.default.enumerator(atPath: base.path)?.compactMap { $0 as? String } ?? []
    return try paths.sorted().filter { endings.contains(($0 as NSString).pathExtension) }.map {
      let text = try String(contentsOf: base.appending(path: $0), encoding: .utf8)
      return ($0, text.components(separatedBy: "\n"))
    }
  }

  /// What each target may import beside the standard library and Foundation.
  ///
  /// The same table stands in `Sources/README.md` for people; `package` and this test hold them
  /// together.
  static let mayImport: [String: Set<String>] = [
    "ValenceCore": ["COpenSSL", "CFolders", "CProcess"],
    "ValenceKernels": [
      "ValenceCore", "COpenBLAS", "CLiblinear", "COneDNN", "CFFTW", "CKernels",
    ],
    "ValenceAudio": ["ValenceCore", "CMpg123", "CSndfile", "CSoxr"],
    "ValenceCorpora": ["ValenceCore"],
    "ValenceEncoders": ["ValenceCore", "ValenceKernels"],
    "ValenceEGeMAPS": ["ValenceKernels"],
    "ValenceFeatures": [
      "ValenceCore", "ValenceKernels", "ValenceAudio", "ValenceEncoders", "ValenceEGeMAPS",
    ],
    "ValenceNN": ["ValenceCore", "ValenceKernels"],
    "ValenceClassic": ["ValenceCore", "ValenceKernels"],
    "ValenceEvaluation": ["ValenceCore"],
    "ValenceFigures": ["ValenceCore", "ValenceEvaluation", "CGnuplot"],
    "ValenceStore": ["ValenceCore", "ValenceKernels", "ValenceEvaluation"],
    "ValenceReport": ["ValenceCore", "ValenceEvaluation", "ValenceFigures", "ValenceStore"],
    "ValencePlan": [
      "ValenceCore", "ValenceAudio", "ValenceCorpora", "ValenceEncoders", "ValenceFeatures",
      "ValenceNN", "ValenceClassic",
      "ValenceEvaluation", "ValenceFigures", "ValenceReport", "Yams",
    ],
    "ValenceData": [
      "ValenceCore", "ValenceKernels", "ValenceAudio", "ValenceCorpora", "ValenceEncoders",
      "ValenceFeatures",
      "ValenceNN", "ValenceClassic", "ValenceStore", "ValenceReport", "ValencePlan",
    ],
    "ValenceTraining": [
      "ValenceCore", "ValenceKernels", "ValenceAudio", "ValenceCorpora", "ValenceEncoders",
      "ValenceFeatures",
      "ValenceNN", "ValenceClassic", "ValenceEvaluation", "ValenceFigures", "ValenceStore",
      "ValenceReport", "ValencePlan", "ValenceData",
    ],
    "ValencePredict": [
      "ValenceCore", "ValenceKernels", "ValenceAudio", "ValenceEncoders", "ValenceFeatures",
      "ValenceNN", "ValenceClassic",
      "ValenceStore", "ValencePlan", "ValenceData", "ValenceTraining",
    ],
    "ValenceLive": ["ValenceCore", "ValenceAudio", "ValenceStore", "ValencePredict"],
    "ValenceCard": [
      "ValenceCore", "ValenceKernels", "ValenceAudio", "ValenceEncoders", "ValenceFeatures",
      "ValenceEvaluation", "ValenceFigures", "ValenceStore", "ValenceReport", "ValencePlan",
      "ValenceTraining",
    ],
    "ValenceServeOptions": [],
    "ValenceServe": [
      "ValenceCore", "ValenceAudio", "ValenceStore", "ValencePredict", "ValenceLive",
      "ValenceCard", "ValenceAgent", "ValenceServeOptions", "NIOCore", "NIOPosix", "NIOHTTP1",
      "NIOWebSocket",
    ],
    "ValenceServeProgram": ["ValenceCore", "ValenceServe", "ValenceServeOptions"],
    "ValenceInit": [
      "ValenceCore", "ValenceAudio", "ValenceCorpora", "ValenceFeatures", "ValencePlan",
      "ValenceData",
    ],
    "ValenceBench": [
      "ValenceCore", "ValenceKernels", "ValenceAudio", "ValenceEncoders", "ValenceFeatures",
      "ValenceNN",
      "ValenceFigures", "ValenceStore", "ValenceReport", "ValencePlan", "ValenceData",
      "ValenceTraining",
    ],
    "ValenceAgent": [
      "ValenceCore", "ValenceAudio", "ValenceStore", "ValenceReport", "ValencePredict",
      "ValenceLive", "ValenceCard",
    ],
    "ValenceCLI": [
      "ValenceCore", "ValenceKernels", "ValenceEncoders", "ValenceFeatures", "ValenceFigures",
      "ValenceStore", "ValenceReport",
      "ValencePlan", "ValenceData", "ValenceTraining", "ValencePredict", "ValenceLive",
      "ValenceCard", "ValenceAgent", "ValenceServeOptions", "ValenceInit", "ValenceBench",
      "ArgumentParser",
    ],
  ]

  /// The standard library's own modules, open to every target.
  static let everywhere: Set<String> = ["Foundation", "Dispatch", "Synchronization"]

  /// Where `unsafe` may be written: targets, and single files.
  static let mayBeUnsafe = [
    "ValenceKernels/", "ValenceAudio/", "ValenceFigures/GnuplotProcess.swift",
    "ValenceCore/ByteSource.swift", "ValenceCore/ChildProcess.swift", "ValenceCore/SHA256.swift",
    "ValenceCLI/Terminal/Terminal.swift",
  ]
}
