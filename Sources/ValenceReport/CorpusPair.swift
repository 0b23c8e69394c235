/// A training set and a test corpus: a place in the result tables, whatever the variant.
struct CorpusPair: Hashable {
  var train: String
  var test: String
}
