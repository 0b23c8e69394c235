import ArgumentParser

@main
struct Valence: ParsableCommand {
  func run() {}
}
