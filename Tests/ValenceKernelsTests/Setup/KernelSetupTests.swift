import Foundation
import Testing

@testable import ValenceKernels

@Suite("Kernel set-up")
struct KernelSetupTests {
  @Test("it names the libraries in use, and blocks of channels only where oneDNN wants them")
  func namesLibraries() {
    let setup = KernelSetup.current
    #expect(!setup.processor.isEmpty)
    #expect(!setup.openBLASCore.isEmpty)
    #expect(setup.fftwVersion.firstMatch(of: /^3\.\d+/) != nil, "\(setup.fftwVersion)")
    if setup.blocksChannels {
      #expect(setup.oneDNNVersion != nil)
      #expect(setup.vectorExtension == .avx512)
    }
    #expect(!setup.isPlain || setup.oneDNNVersion == nil)
  }

  @Test("VALENCE_KERNELS=plain alone asks for plain C")
  func asksForPlain() {
    let asked = ProcessInfo.processInfo.environment["VALENCE_KERNELS"] == "plain"
    #expect(KernelSetup.current.isPlain == asked)
  }

  @Test("within plainly plain C serves, and afterwards what served before")
  func plainly() throws {
    let before = KernelSetup.current
    let within = KernelSetup.plainly { KernelSetup.current }
    #expect(within.isPlain)
    #expect(within.oneDNNVersion == nil)
    #expect(!within.blocksChannels)
    #expect(within.openBLASCore == before.openBLASCore)
    #expect(KernelSetup.current == before)
    struct Stop: Error {}
    #expect(throws: Stop.self) { try KernelSetup.plainly { throw Stop() } }
    #expect(KernelSetup.current == before)
  }

  @Test(
    "OpenBLAS keeps its kernels, but on AMD with AVX-512 and where it knows no AVX2 though there is"
  )
  func openBLASCores() {
    func core(_ vectors: KernelSetup.VectorExtension, isAMD: Bool, _ own: String) -> String? {
      KernelSetup.openBLASCore(vectors, isAMD: isAMD, own: own)
    }
    #expect(core(.avx512, isAMD: true, "Cooperlake") == "Haswell")
    #expect(core(.avx512, isAMD: true, "Prescott") == "Haswell")
    #expect(core(.avx512, isAMD: true, "Haswell") == nil)
    #expect(core(.avx512, isAMD: false, "SkylakeX") == nil)
    #expect(core(.avx512, isAMD: false, "Prescott") == "Haswell")
    #expect(core(.avx2, isAMD: true, "Zen") == nil)
    #expect(core(.avx2, isAMD: true, "Barcelona") == "Haswell")
    #expect(core(.avx2, isAMD: false, "Haswell") == nil)
    #expect(core(.baseline, isAMD: false, "Nehalem") == nil)
  }

  @Test("in this process OpenBLAS uses the kernels that the rule chooses")
  func usesChosenCore() {
    guard ProcessInfo.processInfo.environment["OPENBLAS_CORETYPE"] == nil else { return }
    let setup = KernelSetup.current
    let isAMD = setup.processor.contains("AMD")
    let chosen = KernelSetup.openBLASCore(
      setup.vectorExtension, isAMD: isAMD, own: setup.openBLASOwnCore)
    #expect(setup.openBLASCore == chosen ?? setup.openBLASOwnCore)
  }
}
