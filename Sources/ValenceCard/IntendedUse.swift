import Foundation

/// What a speech emotion model may be used for and what not: the same of every card.
package struct IntendedUse: Codable, Hashable, Sendable {
  /// What it is meant for.
  package var intended = [
    "Research and teaching: comparing features and settings, and studying how far results carry over to other "
      + "speakers and corpora.",
    "Trying out such a model on recordings of people who agreed to it.",
  ]
  /// What it must not be used for.
  package var excluded = [
    "Decisions about people, such as in hiring, grading, lending, insurance, policing or care.",
    "Statements about what somebody feels. The classes are the labels of its training speech, which is often "
      + "acted; an acted or perceived emotion is not a felt one.",
    "Inferring emotions of people at work or in education. Article 5(1)(f) of the EU AI Act (Regulation (EU) "
      + "2024/1689) prohibits that, except for medical or safety reasons.",
    "Speakers, languages, rooms and microphones other than those of its tests, unless it is tested on them "
      + "first.",
  ]

  /// The text of this version.
  package init() {}
}
