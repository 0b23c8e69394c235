// exp, tanh and sigmoid that clang vectorizes when they are inlined into a loop.
#ifndef VALENCE_SEQUENCE_MATH_H
#define VALENCE_SEQUENCE_MATH_H

#include <math.h>
#include <stdint.h>
#include <string.h>

#include "vector.h"

// exp(x) = 2^n exp(r) with |r| <= ln 2 / 2 (reduction in two parts after Cody and Waite, 1980) and
// Cephes' polynomial for exp(r). Comparisons are written so that NaN passes through.
// NAME(x) for F, a float or sixteen, with U its bits.
#define DEFINE_EXP(NAME, F, U)                                                \
  INLINE F NAME(F x) {                                                        \
    x = x < -87.3f ? -87.3f : x;                                              \
    x = x > 88.3f ? 88.3f : x;                                                \
    const float shift = 12582912.0f; /* 1.5 * 2^23: adding it rounds */       \
    F shifted = x * 1.44269504088896341f + shift;                             \
    F n = shifted - shift;                                                    \
    F r = x - n * 0.693359375f;                                               \
    r = r + n * 2.12194440e-4f;                                               \
    F p = r * 1.9875691500e-4f + 1.3981999507e-3f;                            \
    p = p * r + 8.3334519073e-3f;                                             \
    p = p * r + 4.1665795894e-2f;                                             \
    p = p * r + 1.6666665459e-1f;                                             \
    p = p * r + 5.0000001201e-1f;                                             \
    p = p * (r * r) + r + 1.0f;                                               \
    U bits;                                                                   \
    memcpy(&bits, &shifted, sizeof bits);                                     \
    bits = (bits + 127) << 23;                                                \
    F power;                                                                  \
    memcpy(&power, &bits, sizeof power);                                      \
    return p * power;                                                         \
  }

DEFINE_EXP(sequence_exp, float, uint32_t)
DEFINE_EXP(lanes_exp, lanes_f, lanes_u)

// For the plain twins.
INLINE float sequence_sigmoid_plain(float x) { return 1.0f / (1.0f + expf(-x)); }

INLINE float sequence_sigmoid(float x) { return 1.0f / (1.0f + sequence_exp(-x)); }

// The rational minimax approximation of Eigen (generic_fast_tanh_float, degree 13 / 6).
INLINE float sequence_tanh(float x) {
  x = x < -7.90531110763549805f ? -7.90531110763549805f : x;
  x = x > 7.90531110763549805f ? 7.90531110763549805f : x;
  float s = x * x;
  float p = -2.76076847742355e-16f;
  p = p * s + 2.00018790482477e-13f;
  p = p * s + -8.60467152213735e-11f;
  p = p * s + 5.12229709037114e-08f;
  p = p * s + 1.48572235717979e-05f;
  p = p * s + 6.37261928875436e-04f;
  p = p * s + 4.89352455891786e-03f;
  float q = 1.19825839466702e-06f;
  q = q * s + 1.18534705686654e-04f;
  q = q * s + 2.26843463243900e-03f;
  q = q * s + 4.89352518554385e-03f;
  return x * p / q;
}

#endif
