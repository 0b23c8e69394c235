import Foundation
import Testing

@testable import ValenceCore

@Suite("Whether a process still runs")
struct ProcessIdentityTests {
  @Test("this process and its parent run, whether their start is known or not")
  func running() throws {
    #expect(ProcessIdentity.own.isRunning)
    let read = try #require(ProcessIdentity(text: ProcessIdentity.own.text))
    #expect(read == .own && read.isRunning)
    for number in [getpid(), getppid()] {
      #expect(try #require(ProcessIdentity(text: "\(number)")).isRunning)
    }
  }

  @Test("one that was given the number of another is not that one")
  func reused() throws {
    let number = getpid()
    #expect(ProcessIdentity.own.text.hasPrefix("\(number)."))
    #expect(try !#require(ProcessIdentity(text: "\(number).5")).isRunning)
    // No process has a number beyond the kernel's limit of 2²².
    #expect(try !#require(ProcessIdentity(text: "99999999")).isRunning)
  }

  @Test("a start that is no number is as one that is not known")
  func unknownStart() throws {
    #expect(ProcessIdentity(text: "12.x") == ProcessIdentity(text: "12"))
    #expect(try #require(ProcessIdentity(text: "12.x")).text == "12")
    #expect(try #require(ProcessIdentity(text: "12.34")).text == "12.34")
  }

  @Test("one that has ended does not run, though its parent has not asked about it yet")
  func ended() throws {
    let parent = Process()
    parent.executableURL = URL(filePath: "/bin/sh")
    // The shell becomes a program that never asks about the child which the shell had started.
    parent.arguments = ["-c", "/bin/true & echo $!; exec sleep 600"]
    let output = Pipe()
    parent.standardOutput = output
    try parent.run()
    // Not by SIGTERM, which a child ignores where another test had made this process ignore it.
    defer { kill(parent.processIdentifier, SIGKILL) }
    var text = ""
    while !text.hasSuffix("\n") {
      text += String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
    }
    let child = try #require(ProcessIdentity(text: text.trimmingCharacters(in: .newlines)))
    var isRunning = true
    for _ in 0..<2000 where isRunning {
      isRunning = child.isRunning
      if isRunning { usleep(5000) }
    }
    #expect(!isRunning)
    #expect(kill(pid_t(text.trimmingCharacters(in: .newlines)) ?? 0, 0) == 0, "it was asked about")
  }

  @Test("what names no process is refused", arguments: ["", "x", "-1", "0", "1.2.3", ".5"])
  func refused(text: String) { #expect(ProcessIdentity(text: text) == nil) }
}
