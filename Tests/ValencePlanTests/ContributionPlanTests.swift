import Testing
import ValenceReport

@testable import ValencePlan

@Suite("What a plan's variants say of groups of features")
struct ContributionPlanTests {
  private func contributions(_ lines: String..., text: String = "") throws -> [Contributions] {
    try readPlan(head + text, overrides: lines).contributions
  }

  /// Functionals of these sources, a list of lists.
  private func sweep(_ sources: String, and other: String = "") -> String {
    "sweep={grid: {features.functionals.of: [\(sources)]\(other)}}"
  }

  /// `name: alone, added, without` for each group.
  private func lines(_ found: Contributions) -> [String] {
    found.groups.map { group in
      "\(group.name): "
        + [group.alone, group.added, group.without].map { $0 ?? "–" }.joined(separator: ", ")
    }
  }

  private static let functionals = "features.fusion=functionals"

  @Test("each source of functionals alone, all, and all but one")
  func leaveOneOut() throws {
    let found = try contributions(
      Self.functionals,
      sweep(
        "[timing], [mfcc], [mel, mfcc, timing, prosody], [mel], [prosody], [mel, mfcc, timing], "
          + "[mfcc, timing, prosody], [mel, mfcc, prosody], [mel, timing, prosody]"))
    #expect(found.count == 1)
    #expect(found[0].name == "")
    #expect(found[0].all == "of=mel-mfcc-timing-prosody")
    // Pairs are not there, so nothing is added to fewer than all others.
    #expect(found[0].base == nil)
    #expect(found[0].variants == 9)
    #expect(
      lines(found[0]) == [
        "mfcc: of=mfcc, –, of=mel-timing-prosody", "mel: of=mel, –, of=mfcc-timing-prosody",
        "prosody: of=prosody, –, of=mel-mfcc-timing",
        "timing: of=timing, –, of=mel-mfcc-prosody",
      ])
  }

  @Test("the base is what most groups are added to, of equals the smallest and first")
  func bases() throws {
    let added = try contributions(
      Self.functionals,
      sweep("[mfcc, mel], [mfcc, mel, prosody], [mfcc, mel, timing], [mfcc, mel, prosody, timing]")
    )
    #expect(added.map { $0.base?.name } == ["mfcc + mel"])
    #expect(added[0].base?.variant == "of=mfcc-mel")
    #expect(
      lines(added[0]) == [
        "mfcc: –, –, –", "mel: –, –, –", "prosody: –, of=mfcc-mel-prosody, of=mfcc-mel-timing",
        "timing: –, of=mfcc-mel-timing, of=mfcc-mel-prosody",
      ])
    let every = try contributions(
      Self.functionals,
      sweep(
        "[mel, mfcc], [mel], [mfcc], [timing, mel], [timing], [timing, mfcc, mel], [mfcc, timing]")
    )
    #expect(every.map { $0.base?.name } == ["mel"])
    #expect(
      lines(every[0]) == [
        "mfcc: of=mfcc, of=mel-mfcc, of=timing-mel", "mel: of=mel, –, of=mfcc-timing",
        "timing: of=timing, of=timing-mel, of=mel-mfcc",
      ])
  }

  @Test("another setting makes families of their own, which their names say")
  func families() throws {
    let found = try contributions(
      Self.functionals,
      sweep(
        "[mfcc, mel, timing], [mfcc, mel], [mel, timing], [mfcc, timing]",
        and: ", features.normalization: [train, speaker]"))
    #expect(found.map(\.name) == ["normalization=train", "normalization=speaker"])
    #expect(found[1].all == "of=mfcc-mel-timing normalization=speaker")
    #expect(found[1].groups[0].without == "of=mel-timing normalization=speaker")
  }

  @Test("frames, an encoder and functionals are groups, however a lone one's fusion is called")
  func frames() throws {
    let found = try contributions(
      """
      sweep={variants: {mel: {features.fusion: mel}, mfcc: {features.fusion: mfcc}, \
      encoder: {features.fusion: encoder}, \
      both: {features.fusion: branches, features.encoder: none}, \
      prosody: {features.fusion: branches, features.encoder: none, features.prosody: true}, \
      more: {features.fusion: branches}, other: {features.fusion: late, features.prosody: true}, \
      timing: {features.fusion: branches, features.functionals: {of: [timing]}, features.prosody: true}, \
      all: {features.fusion: branches, features.prosody: true}}}
      """, text: "features: {encoder: {path: \"${ENCODERS}/one\"}}\n")
    // `other` is fused in another way, and nothing else is; `all` is a part of `timing`.
    #expect(found.map(\.all) == ["timing"])
    #expect(found[0].variants == 8)
    #expect(found[0].base?.name == "mel + mfcc")
    #expect(
      lines(found[0]) == [
        "mel: mel, –, –", "mfcc: mfcc, –, –", "prosody: –, prosody, –",
        "encoder: encoder, more, –", "functionals of timing: –, –, all",
      ])
  }

  @Test(
    "other settings, other options of a group, or fewer than three groups make no family",
    arguments: [
      "model.rnn.hidden=8",
      "sweep={grid: {features.functionals.of: [[mfcc], [mel], [timing]]}}",
      "sweep={variants: {a: {features.fusion: mel}, b: {features.fusion: mfcc}, c: {features.fusion: concat}}}",
      """
      sweep={variants: {a: {features.functionals.of: [mfcc, mel, timing]}, \
      b: {features.functionals.of: [mfcc, mel], audio.trim_db: 30}, \
      c: {features.functionals.of: [mfcc, timing], features.functionals.mfcc_coefficients: 13}, \
      d: {features.functionals.of: [mel, timing], features.hop_ms: 20}}}
      """,
    ])
  func none(line: String) throws {
    #expect(try contributions(line, text: "features: {fusion: functionals}\n") == [])
  }

  @Test("options of a group that is not there do not matter to the others")
  func unused() throws {
    let found = try contributions(
      Self.functionals,
      """
      sweep={variants: {a: {features.functionals.of: [mfcc, mel, egemaps]}, \
      b: {features.functionals.of: [mfcc, mel]}, \
      c: {features.functionals.of: [mel, egemaps], features.functionals.mfcc_coefficients: 13}, \
      d: {features.functionals.of: [egemaps], features.hop_ms: 20}}}
      """)
    #expect(found.count == 1)
    #expect(lines(found[0]) == ["mfcc: –, –, c", "mel: –, c, –", "egemaps: d, –, b"])
  }
}
