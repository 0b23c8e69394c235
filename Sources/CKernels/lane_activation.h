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
