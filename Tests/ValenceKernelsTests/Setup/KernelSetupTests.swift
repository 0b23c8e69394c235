import Foundation
import Testing

@testable import ValenceKernels

@Suite("Kernel set-up")
struct KernelSetupTests {
  @Test("it names the libraries in use, and Winograd only where it can run")
  func namesLibraries() {
    let setup = KernelSetup.current
    #expect(!setup.processor.isEmpty)
    #expect(!setup.openBLASCore.isEmpty)
    #expect(setup.fftwVersion.firstMatch(of: /^3\.\d+/) != nil, "\(setup.fftwVersion)")
    if setup.usesWinograd {
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
}
