#ifndef VALENCE_WINOGRAD_PRODUCT_H
#define VALENCE_WINOGRAD_PRODUCT_H

#include "image.h"

// Products of small matrices whose sums stay in registers from the first term to the last.
//
// A panel is up to four lane groups of neighboring columns. Six rows by a panel are 24 sums of 16 lanes, which with
// four vectors of weights and one value take 29 of AVX-512's 32 registers. With AVX2 a lane group is two registers
// and a panel is one group: 12 sums, two weights and a value of 16 registers.
//
// `rows` and `width` of `multiply` must be constants where it is inlined. The compiler then unrolls the loops over
// them; with variables the array of sums would be in memory, and each term would load and store it.
enum { rows_at_once = 6 };

// The width of the panel that begins with channel `first`: the widest that is left.
INLINE long panel_width(bool wide, long channels, long first) {
  long left = channels - first;
  if (wide && left >= 4 * valence_lanes) return 4 * valence_lanes;
  if (wide && left >= 2 * valence_lanes) return 2 * valence_lanes;
  return valence_lanes;
}

// m[rows, width] = (accumulate ? m : 0) + Σ over k of v[row, k]·u[k, width].
//
// v[row, k] is at row·v_row + k·v_step, so that one matrix serves as it is and transposed: of transformed tiles
// [tile][channel], a convolution sums over channels (v_row = channels, v_step = 1), the gradient of the weights over
// tiles (v_row = 1, v_step = channels). u and m are packed.
INLINE void multiply(
    long rows, long width, bool accumulate, long depth, const float *v, long v_row, long v_step,
    const float *u, float *m) {
  lanes_f sum[rows_at_once][4];
  long lanes = width / valence_lanes;
  for (long i = 0; i < rows; i++) {
    for (long j = 0; j < lanes; j++) {
      sum[i][j] = accumulate ? load(m + i * width + j * valence_lanes) : (lanes_f)0;
    }
  }
  for (long k = 0; k < depth; k++, u += width, v += v_step) {
    lanes_f weight[4];
    for (long j = 0; j < lanes; j++) weight[j] = load(u + j * valence_lanes);
    for (long i = 0; i < rows; i++) {
      lanes_f value = v[i * v_row];
      for (long j = 0; j < lanes; j++) sum[i][j] += value * weight[j];
    }
  }
  for (long i = 0; i < rows; i++) {
    for (long j = 0; j < lanes; j++) store(m + i * width + j * valence_lanes, sum[i][j]);
  }
}

// Any number of rows of such a product; the width is a constant.
INLINE void multiply_panel(
    long width, bool accumulate, long rows, long depth, const float *v, long v_row, long v_step,
    const float *u, float *m) {
  for (; rows >= rows_at_once; rows -= rows_at_once) {
    multiply(rows_at_once, width, accumulate, depth, v, v_row, v_step, u, m);
    v += rows_at_once * v_row;
    m += rows_at_once * width;
  }
  switch (rows) {
  case 5: multiply(5, width, accumulate, depth, v, v_row, v_step, u, m); break;
  case 4: multiply(4, width, accumulate, depth, v, v_row, v_step, u, m); break;
  case 3: multiply(3, width, accumulate, depth, v, v_row, v_step, u, m); break;
  case 2: multiply(2, width, accumulate, depth, v, v_row, v_step, u, m); break;
  case 1: multiply(1, width, accumulate, depth, v, v_row, v_step, u, m); break;
  }
}

// The same for a width that is known at run time only.
INLINE void multiply_any(
    long width, bool accumulate, long rows, long depth, const float *v, long v_row, long v_step,
    const float *u, float *m) {
  switch (width / valence_lanes) {
  case 4: multiply_panel(4 * valence_lanes, accumulate, rows, depth, v, v_row, v_step, u, m); break;
  case 2: multiply_panel(2 * valence_lanes, accumulate, rows, depth, v, v_row, v_step, u, m); break;
  default: multiply_panel(valence_lanes, accumulate, rows, depth, v, v_row, v_step, u, m);
  }
}

#endif
