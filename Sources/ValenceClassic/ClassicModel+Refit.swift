extension ClassicModel {
  /// The model with the same strength and calibration, fitted to other data: such as its training clips and
  /// more that it has labeled itself.
  ///
  /// Neither is chosen anew, so no choice depends on labels that nobody gave. A `majority` model stays as it is.
  package func refitted(to data: ClassicData) throws(ClassicError) -> ClassicModel {
    try data.check()
    guard data.dimensions == dimensions, data.classCount == classCount else {
      throw .shape(
        "vectors of \(data.dimensions) numbers in \(data.classCount) classes are not those of a model of "
          + "\(dimensions) numbers in \(classCount) classes.")
    }
    guard let strength, let solver = try options.solver(data) else { return self }
    let all = ClassicPart(data, Array(0..<data.count))
    return ClassicModel(
      options: options, dimensions: dimensions,
      chosen: Chosen(strength: strength, alternative: alternative, innerScores: innerScores),
      calibration: calibration, decision: try solver.decision(all, strength: strength))
  }
}
