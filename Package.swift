// swift-tools-version: 6.2
import Foundation
import PackageDescription

// oneDNN ships no pkg-config file. Where its header is missing the plain C twins take over.
let hasOneDNN = FileManager.default.fileExists(atPath: "/usr/include/oneapi/dnnl/dnnl.h")

let strict: [SwiftSetting] = [
  .strictMemorySafety(),
  .treatAllWarnings(as: .error),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
]
/// Loops over spans run several times slower without optimization, so the tests would crawl.
let optimized = strict + [.unsafeFlags(["-O"], .when(configuration: .debug))]
let optimizedC: [CSetting] = [.unsafeFlags(["-O2"], .when(configuration: .debug))]
let forTests: [SwiftSetting] = [
  .treatAllWarnings(as: .error),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("ExistentialAny"),
]

/// The page of `valence serve`, which becomes part of the program.
let pageFiles = [
  "index.html", "login.html", "app.css", "app.js", "capture.js", "card.js", "chart.js",
  "spectrogram.js", "worklet.js",
]

/// A test target that may use the helpers of ValenceTestSupport beside what it tests.
func tests(of target: String, _ more: [Target.Dependency] = []) -> Target {
  .testTarget(
    name: "\(target)Tests",
    dependencies: [.byName(name: target), "ValenceTestSupport"]
      + (target == "ValenceCore" ? [] : ["ValenceCore"]) + more,
    resources: [.copy("Fixtures")],
    swiftSettings: forTests)
}

let package = Package(
  name: "Valence",
  products: [
    .executable(name: "valence", targets: ["valence"]),
    // A program of its own, so that only those who serve build SwiftNIO.
    .executable(name: "valence-serve", targets: ["valence-serve"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
  ],
  targets: [
    // Layer 0: doors to C and C++ libraries.
    .systemLibrary(
      name: "COpenBLAS", pkgConfig: "openblas", providers: [.apt(["libopenblas-dev"])]),
    // liblinear ships no pkg-config file either.
    .systemLibrary(name: "CLiblinear", providers: [.apt(["liblinear-dev"])]),
    .systemLibrary(name: "CFFTW", pkgConfig: "fftw3f", providers: [.apt(["libfftw3-dev"])]),
    .systemLibrary(name: "CSndfile", pkgConfig: "sndfile", providers: [.apt(["libsndfile1-dev"])]),
    // What libsndfile decodes MP3 with, and so always beside it.
    .systemLibrary(
      name: "CMpg123", pkgConfig: "libmpg123", providers: [.apt(["libmpg123-dev"])]),
    .systemLibrary(
      name: "COpenSSL", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
    .systemLibrary(name: "CSoxr", pkgConfig: "soxr", providers: [.apt(["libsoxr-dev"])]),
    .target(
      name: "COneDNN",
      cSettings: hasOneDNN ? optimizedC + [.define("VALENCE_HAS_ONEDNN")] : optimizedC,
      linkerSettings: hasOneDNN ? [.linkedLibrary("dnnl"), .linkedLibrary("gomp")] : []),
    .target(name: "CKernels", cSettings: optimizedC),
    .target(
      name: "CGnuplot",
      linkerSettings: [
        .linkedLibrary("boost_iostreams"), .linkedLibrary("boost_system"),
        .linkedLibrary("boost_filesystem"),
      ]),

    .target(name: "CFolders"),
    .target(name: "CProcess"),

    // Layer 1
    .target(
      name: "ValenceCore",
      dependencies: ["COpenSSL", "CFolders", "CProcess"],
      swiftSettings: optimized),

    // Layer 2
    .target(
      name: "ValenceKernels",
      dependencies: [
        "ValenceCore", "COpenBLAS", "CLiblinear", "COneDNN", "CFFTW", "CKernels",
      ],
      swiftSettings: optimized),
    .target(
      name: "ValenceAudio", dependencies: ["ValenceCore", "CMpg123", "CSndfile", "CSoxr"],
      swiftSettings: strict),
    .target(name: "ValenceCorpora", dependencies: ["ValenceCore"], swiftSettings: strict),

    // Layer 3
    .target(
      name: "ValenceEncoders", dependencies: ["ValenceCore", "ValenceKernels"],
      swiftSettings: optimized),
    .target(
      name: "ValenceEGeMAPS", dependencies: ["ValenceKernels"], swiftSettings: optimized),
    .target(
      name: "ValenceFeatures",
      dependencies: [
        "ValenceCore", "ValenceKernels", "ValenceAudio", "ValenceEncoders", "ValenceEGeMAPS",
      ],
      swiftSettings: optimized),
    .target(
      name: "ValenceNN", dependencies: ["ValenceCore", "ValenceKernels"],
      swiftSettings: optimized),
    .target(
      name: "ValenceClassic", dependencies: ["ValenceCore", "ValenceKernels"],
      swiftSettings: optimized),
    .target(name: "ValenceEvaluation", dependencies: ["ValenceCore"], swiftSettings: strict),

    // Layer 4
    .target(
      name: "ValenceFigures", dependencies: ["ValenceCore", "ValenceEvaluation", "CGnuplot"],
      swiftSettings: strict),
    .target(
      name: "ValenceStore",
      dependencies: [
        "ValenceCore", "ValenceKernels", "ValenceEvaluation",
      ],
      swiftSettings: strict),

    // Layer 5 and 6
    .target(
      name: "ValenceReport",
      dependencies: ["ValenceCore", "ValenceEvaluation", "ValenceFigures", "ValenceStore"],
      swiftSettings: strict),
    .target(
      name: "ValencePlan",
      dependencies: [
        "ValenceCore", "ValenceAudio", "ValenceCorpora", "ValenceEncoders", "ValenceFeatures",
        "ValenceNN", "ValenceClassic",
        "ValenceEvaluation", "ValenceFigures", "ValenceReport", "Yams",
      ],
      swiftSettings: strict),

    // Layer 7 and 8
    .target(
      name: "ValenceData",
      dependencies: [
        "ValenceCore", "ValenceKernels", "ValenceAudio", "ValenceCorpora", "ValenceEncoders",
        "ValenceFeatures",
        "ValenceNN", "ValenceClassic", "ValenceStore", "ValenceReport", "ValencePlan",
      ],
      swiftSettings: strict),
    .target(
      name: "ValenceTraining",
      dependencies: [
        "ValenceCore", "ValenceKernels", "ValenceAudio", "ValenceCorpora", "ValenceEncoders",
        "ValenceFeatures",
        "ValenceNN", "ValenceClassic", "ValenceEvaluation", "ValenceFigures", "ValenceStore",
        "ValenceReport",
        "ValencePlan", "ValenceData",
      ],
      swiftSettings: strict),

    // Layer 9: what asks or prepares the run, each by itself.
    .target(
      name: "ValencePredict",
      dependencies: [
        "ValenceCore", "ValenceKernels", "ValenceAudio", "ValenceEncoders", "ValenceFeatures",
        "ValenceNN", "ValenceClassic",
        "ValenceStore", "ValencePlan", "ValenceData", "ValenceTraining",
      ],
      swiftSettings: strict),
    .target(
      name: "ValenceLive",
      dependencies: ["ValenceCore", "ValenceAudio", "ValenceStore", "ValencePredict"],
      swiftSettings: optimized),
    .target(name: "ValenceServeOptions", swiftSettings: strict),
    .target(
      name: "ValenceServe",
      dependencies: [
        "ValenceCore", "ValenceAudio", "ValenceStore", "ValencePredict", "ValenceLive",
        "ValenceCard", "ValenceAgent", "ValenceServeOptions",
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "NIOWebSocket", package: "swift-nio"),
      ],
      resources: pageFiles.map { .embedInCode("Page/\($0)") },
      swiftSettings: strict),
    .target(
      name: "ValenceCard",
      dependencies: [
        "ValenceCore", "ValenceKernels", "ValenceAudio", "ValenceEncoders", "ValenceFeatures",
        "ValenceEvaluation", "ValenceFigures", "ValenceStore", "ValenceReport", "ValencePlan",
        "ValenceTraining",
      ],
      swiftSettings: strict),
    .target(
      name: "ValenceInit",
      dependencies: [
        "ValenceCore", "ValenceAudio", "ValenceCorpora", "ValenceFeatures", "ValencePlan",
        "ValenceData",
      ],
      swiftSettings: strict),
    .target(
      name: "ValenceBench",
      dependencies: [
        "ValenceCore", "ValenceKernels", "ValenceAudio", "ValenceEncoders", "ValenceFeatures",
        "ValenceNN",
        "ValenceFigures", "ValenceStore", "ValenceReport", "ValencePlan", "ValenceData",
        "ValenceTraining",
      ],
      swiftSettings: strict),

    // Layer 11: what answers others.
    .target(
      name: "ValenceAgent",
      dependencies: [
        "ValenceCore", "ValenceAudio", "ValenceStore", "ValenceReport", "ValencePredict",
        "ValenceLive", "ValenceCard",
      ],
      swiftSettings: strict),

    // Layer 12
    .executableTarget(
      name: "valence",
      dependencies: [
        "ValenceCore", "ValenceKernels", "ValenceEncoders", "ValenceFeatures", "ValenceFigures",
        "ValenceStore", "ValenceReport",
        "ValencePlan", "ValenceData", "ValenceTraining", "ValencePredict", "ValenceLive",
        "ValenceCard", "ValenceAgent", "ValenceServeOptions", "ValenceInit", "ValenceBench",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      path: "Sources/ValenceCLI",
      swiftSettings: strict),
    .executableTarget(
      name: "valence-serve", dependencies: ["ValenceCore", "ValenceServe", "ValenceServeOptions"],
      path: "Sources/ValenceServeProgram", swiftSettings: strict),

    .target(
      name: "ValenceTestSupport", dependencies: ["ValenceCore"],
      path: "Tests/ValenceTestSupport", swiftSettings: forTests),
    .testTarget(name: "HouseTests", swiftSettings: forTests),
    .testTarget(
      name: "CommandTests", dependencies: ["valence", "ValenceTestSupport"],
      resources: [.copy("Fixtures")], swiftSettings: forTests),
    tests(of: "ValenceCore"),
    tests(of: "ValenceKernels"),
    tests(of: "ValenceAudio"),
    tests(of: "ValenceCorpora"),
    tests(of: "ValenceEncoders", ["ValenceKernels"]),
    tests(of: "ValenceEGeMAPS", ["ValenceAudio"]),
    tests(of: "ValenceFeatures", ["ValenceKernels", "ValenceAudio", "ValenceEGeMAPS"]),
    tests(of: "ValenceNN", ["ValenceKernels"]),
    tests(of: "ValenceClassic", ["ValenceKernels"]),
    tests(of: "ValenceEvaluation"),
    tests(of: "ValenceFigures", ["ValenceEvaluation"]),
    tests(of: "ValenceStore", ["ValenceEvaluation"]),
    tests(
      of: "ValencePlan",
      [
        "ValenceAudio", "ValenceCorpora", "ValenceFeatures", "ValenceNN", "ValenceClassic",
        "ValenceEvaluation", "ValenceFigures", "ValenceReport",
      ]),
    tests(of: "ValenceAgent", ["ValenceCard", "ValencePredict", "ValenceStore"]),
    .testTarget(
      name: "ValenceServeTests",
      dependencies: [
        "ValenceCore", "ValenceStore", "ValencePlan", "ValenceData", "ValenceTraining",
        "ValencePredict", "ValenceLive", "ValenceServe", "ValenceServeOptions",
        "ValenceTestSupport",
      ],
      swiftSettings: forTests),
    // Whole experiments, from the plan to the report: all that stands above the plan.
    .testTarget(
      name: "ExperimentTests",
      dependencies: [
        "ValenceCore", "ValenceKernels", "ValenceAudio", "ValenceCorpora", "ValenceFeatures",
        "ValenceNN", "ValenceClassic", "ValenceEvaluation", "ValenceFigures", "ValenceStore",
        "ValenceReport", "ValencePlan", "ValenceData", "ValenceTraining", "ValencePredict",
        "ValenceLive", "ValenceCard", "ValenceInit",
        "ValenceBench", "ValenceTestSupport",
      ],
      resources: [.copy("Fixtures")], swiftSettings: forTests),
  ],
  swiftLanguageModes: [.v6],
  cxxLanguageStandard: .cxx17
)
