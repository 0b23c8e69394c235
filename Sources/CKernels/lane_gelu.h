// The Gaussian error linear unit (Hendrycks and Gimpel, 2016), x times the normal distribution's F(x),
// in the exact form that torch.nn.GELU has by default, not the approximation by tanh.
#ifndef VALENCE_LANE_GELU_H
#define VALENCE_LANE_GELU_H

#include "sequence_math.h"

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

#endif
