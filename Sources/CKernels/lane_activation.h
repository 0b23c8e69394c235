// Smooth activations and their derivatives.
#ifndef VALENCE_LANE_ACTIVATION_H
#define VALENCE_LANE_ACTIVATION_H

#include "kernels_convolution.h"
#include "sequence_math.h"

// The Gaussian error linear unit (Hendrycks and Gimpel, 2016), x times the normal distribution's F(x),
// in the exact form that torch.nn.GELU has by default, not the approximation by tanh.

// The rational minimax approximation of Eigen (erf for floats, degree 13 / 8); it saturates at 4.
INLINE lanes_f lanes_erf(lanes_f x) {
  x = x < -4.0f ? -4.0f : x;
  x = x > 4.0f ? 4.0f : x;
  lanes_f s = x * x;
  lanes_f p = s * -2.72614225801306e-10f + 2.77068142495902e-08f;
  p = p * s + -2.10102402082508e-06f;
  p = p * s + -5.69250639462346e-05f;
  p = p * s + -7.34990630326855e-04f;
  p = p * s + -2.95459980854025e-03f;
  p = p * s + -1.60960333262415e-02f;
  lanes_f q = s * -1.45660718464996e-05f + -2.13374055278905e-04f;
  q = q * s + -1.68282697438203e-03f;
  q = q * s + -7.37332916720468e-03f;
  q = q * s + -1.42647390514189e-02f;
  return x * p / q;
}

INLINE lanes_f lanes_normal(lanes_f x) { return 0.5f + 0.5f * lanes_erf(x * 0.70710678118654752f); }

INLINE lanes_f lanes_gelu(lanes_f x) { return x * lanes_normal(x); }

// The same for encoders, whose hidden units are in thousands and mostly negative: there `0.5 + 0.5 erf` keeps only the
// digits that lie above 6e-8, and the lost ones add up over the units (Whisper base, last layers: .6e-5 to 1.4e-5 of
// the largest value, here .1e-5 to .3e-5). F(-|x|) is erfc of Press et al. (Numerical Recipes, 1992), whose
// relative error is below 1.2e-7 everywhere. Networks keep the faster one, and with it the bits of their results.
INLINE lanes_f lanes_gelu_precise(lanes_f x) {
  lanes_f z = x * 0.70710678118654752f;
  z = z < 0 ? -z : z;
  const lanes_f t = 1.0f / (1.0f + 0.5f * z);
  lanes_f p = t * 0.17087277f + -0.82215223f;
  p = p * t + 1.48851587f;
  p = p * t + -1.13520398f;
  p = p * t + 0.27886807f;
  p = p * t + -0.18628806f;
  p = p * t + 0.09678418f;
  p = p * t + 0.37409196f;
  p = p * t + 1.00002368f;
  p = p * t + -1.26551223f;
  const lanes_f tail = 0.5f * t * lanes_exp(p - z * z);
  return x * (x < 0 ? tail : 1.0f - tail);
}

// Its derivative: F(x) + x f(x), with f the normal density.
INLINE lanes_f lanes_gelu_slope(lanes_f x) {
  return lanes_normal(x) + x * 0.39894228040143268f * lanes_exp(x * x * -0.5f);
}

// Each falls to one least value and then only rises, so that of a pooling window either the greatest
// or the least is activated most.
INLINE lanes_f lanes_smooth(valence_activation activation, lanes_f x) {
  switch (activation) {
    case valence_gelu: return lanes_gelu(x);
    case valence_relu: break;  // has a kink and passes of its own
  }
  return x;
}

INLINE lanes_f lanes_smooth_slope(valence_activation activation, lanes_f x) {
  switch (activation) {
    case valence_gelu: return lanes_gelu_slope(x);
    case valence_relu: break;
  }
  return x;
}

#endif
