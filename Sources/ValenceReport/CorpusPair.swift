/// A training set and a test corpus: one place in the tables of all variants.
struct CorpusPair: Hashable {
  var train: String
  var test: String
}
