#ifndef VALENCE_DROPOUT_RANDOM_H
#define VALENCE_DROPOUT_RANDOM_H

#include <stdint.h>

// Dropout draws its random numbers by hashing seed, layer, clip and element, so
// neither the number of threads nor the order of the work can change a draw.

/// The key of the draws of one layer and clip.
typedef struct {
  uint32_t first, second;
} valence_dropout_key;

/// Mixes 64 bits (the finalizer of SplitMix64; Steele et al., 2014).
static inline uint64_t valence_mix64(uint64_t x) {
  x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9u;
  x = (x ^ (x >> 27)) * 0x94D049BB133111EBu;
  return x ^ (x >> 31);
}

/// The key of a layer and a clip in a step that has its own seed.
static inline valence_dropout_key valence_dropout_key_of(
    uint64_t seed, uint64_t layer, uint64_t clip) {
  uint64_t x = valence_mix64(seed + 0x9E3779B97F4A7C15u);
  x = valence_mix64(x ^ (layer + 0x9E3779B97F4A7C15u));
  x = valence_mix64(x ^ (clip + 0x9E3779B97F4A7C15u));
  return (valence_dropout_key){(uint32_t)x, (uint32_t)(x >> 32)};
}

/// Turns the number of an element, or a vector of such, into 32 random bits (the finalizer of
/// MurmurHash3, keyed twice; Appleby, 2011). A macro, so that it works on vectors of any width.
#define VALENCE_DROPOUT_HASH(x, key) \
  do {                               \
    (x) ^= (key).first;              \
    (x) ^= (x) >> 16;                \
    (x) *= 0x85EBCA6Bu;              \
    (x) ^= (x) >> 13;                \
    (x) += (key).second;             \
    (x) *= 0xC2B2AE35u;              \
    (x) ^= (x) >> 16;                \
  } while (0)

/// 32 random bits for one element.
static inline __attribute__((always_inline)) uint32_t valence_dropout_bits(
    valence_dropout_key key, uint32_t element) {
  VALENCE_DROPOUT_HASH(element, key);
  return element;
}

/// An element is kept when its bits reach this number; `share` is the share dropped, below 1.
static inline uint32_t valence_dropout_threshold(double share) {
  return (uint32_t)(share * 4294967296.0);
}

#endif
