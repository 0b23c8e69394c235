#ifndef VALENCE_WINOGRAD_TRANSFORMS_H
#define VALENCE_WINOGRAD_TRANSFORMS_H

#include "vector.h"

// The transforms of Winograd's algorithm F(4×4, 3×3) (Lavin and Gray, 2016), one dimension each; a tile is
// transformed by columns, then by rows. With their names:
//   output tile Y = Aᵀ·[(G·w·Gᵀ) ⊙ (Bᵀ·d·B)]·A, for a kernel w of 3 × 3 and an input tile d of 6 × 6.
//
// The polynomials are taken at 0, ±a, ±b and ∞. With a = 5/8 and b = 3/2 the greatest error is a third of that with
// the 1 and 2 of the paper (of sums of 64 and 128 channels), and all constants but those of the weights are exact.
#define A 0.625f
#define B 1.5f
#define A2 (A * A)
#define B2 (B * B)
// The divisors of the weights' polynomials: Π over the other points of the distance.
#define AT_ZERO (A2 * B2)
#define AT_A (2 * A2 * (A2 - B2))
#define AT_B (2 * B2 * (B2 - A2))

enum {
  tile = 4,     // the side of an output tile
  around = 6,   // the side of the input tile that it is made of
  places = 36,  // of a transformed tile: around²
  taps = 9,     // of a kernel
};

// All read elements `s` apart and write elements `t` apart.

// Bᵀ·d of an input tile, 6 → 6.
INLINE void transform_input(const lanes_f *d, long s, lanes_f *v, long t) {
  lanes_f low = d[4 * s] - B2 * d[2 * s], odd_low = d[3 * s] - B2 * d[s];
  lanes_f high = d[4 * s] - A2 * d[2 * s], odd_high = d[3 * s] - A2 * d[s];
  v[0] = A2 * B2 * d[0] - (A2 + B2) * d[2 * s] + d[4 * s];
  v[t] = low + A * odd_low;
  v[2 * t] = low - A * odd_low;
  v[3 * t] = high + B * odd_high;
  v[4 * t] = high - B * odd_high;
  v[5 * t] = A2 * B2 * d[s] - (A2 + B2) * d[3 * s] + d[5 * s];
}

// Aᵀ·m of a product, 6 → 4.
INLINE void transform_output(const lanes_f *m, long s, lanes_f *y, long t) {
  lanes_f even_a = m[s] + m[2 * s], odd_a = m[s] - m[2 * s];
  lanes_f even_b = m[3 * s] + m[4 * s], odd_b = m[3 * s] - m[4 * s];
  y[0] = m[0] + even_a + even_b;
  y[t] = A * odd_a + B * odd_b;
  y[2 * t] = A2 * even_a + B2 * even_b;
  y[3 * t] = A2 * A * odd_a + B2 * B * odd_b + m[5 * s];
}

// A·g of an output tile's gradient, 4 → 6.
INLINE void transform_gradient(const lanes_f *g, long s, lanes_f *v, long t) {
  lanes_f even_a = g[0] + A2 * g[2 * s], odd_a = A * (g[s] + A2 * g[3 * s]);
  lanes_f even_b = g[0] + B2 * g[2 * s], odd_b = B * (g[s] + B2 * g[3 * s]);
  v[0] = g[0];
  v[t] = even_a + odd_a;
  v[2 * t] = even_a - odd_a;
  v[3 * t] = even_b + odd_b;
  v[4 * t] = even_b - odd_b;
  v[5 * t] = g[3 * s];
}

// G·w of a kernel, 3 → 6.
INLINE void transform_weights(const lanes_f *w, long s, lanes_f *u, long t) {
  lanes_f even_a = w[0] + A2 * w[2 * s], odd_a = A * w[s];
  lanes_f even_b = w[0] + B2 * w[2 * s], odd_b = B * w[s];
  u[0] = w[0] * (1 / AT_ZERO);
  u[t] = (even_a + odd_a) * (1 / AT_A);
  u[2 * t] = (even_a - odd_a) * (1 / AT_A);
  u[3 * t] = (even_b + odd_b) * (1 / AT_B);
  u[4 * t] = (even_b - odd_b) * (1 / AT_B);
  u[5 * t] = w[2 * s];
}

// Gᵀ·m of a kernel's gradient, 6 → 3.
INLINE void transform_weight_gradient(const lanes_f *m, long s, lanes_f *w, long t) {
  lanes_f even_a = (m[s] + m[2 * s]) * (1 / AT_A), odd_a = (m[s] - m[2 * s]) * (1 / AT_A);
  lanes_f even_b = (m[3 * s] + m[4 * s]) * (1 / AT_B), odd_b = (m[3 * s] - m[4 * s]) * (1 / AT_B);
  w[0] = m[0] * (1 / AT_ZERO) + even_a + even_b;
  w[t] = A * odd_a + B * odd_b;
  w[2 * t] = A2 * even_a + B2 * even_b + m[5 * s];
}

#endif
