// The passes around a convolution over the rows of one lane group, which are in a stored image or in a strip that
// was just computed.
#ifndef VALENCE_BLOCK_ROWS_H
#define VALENCE_BLOCK_ROWS_H

#include "image.h"
#include "lane_activation.h"

// Adds a row's Σ (y − middle) and Σ (y − middle)². In single precision over one row of bins only; rows are
// added in double. Relative to one of the values, a mean far from zero costs the squares no digits.
INLINE void add_moments_of_row(
    const float *row, long bins, long bin, lanes_f middle, double *sum, double *squares) {
  lanes_f sum0 = 0, sum1 = 0, squares0 = 0, squares1 = 0;
  long f = 0;
  for (; f + 1 < bins; f += 2) {
    lanes_f d0 = load(row + f * bin) - middle, d1 = load(row + (f + 1) * bin) - middle;
    sum0 += d0;
    squares0 += d0 * d0;
    sum1 += d1;
    squares1 += d1 * d1;
  }
  if (f < bins) {
    lanes_f d = load(row + f * bin) - middle;
    sum0 += d;
    squares0 += d * d;
  }
  store_d(sum, load_d(sum) + widen(sum0 + sum1));
  store_d(squares, load_d(squares) + widen(squares0 + squares1));
}

// From sums relative to `middle` to Σ y and Σ (y − mean)².
INLINE void finish_moments(double count, lanes_f middle, double *sum, double *squares) {
  lanes_d relative = load_d(sum);
  store_d(squares, load_d(squares) - relative * relative / count);
  store_d(sum, relative + count * widen(middle));
}

INLINE lanes_f dropped(const valence_pool_pass *pass, lanes_f value, uint32_t element) {
  lanes_u bits = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
  bits += element;
  VALENCE_DROPOUT_HASH(bits, pass->key);
  return bits >= pass->threshold ? value * pass->keep_scale : 0;
}

// The activated maximum of a window, before dropout; `winner` is the y that it comes of.
INLINE lanes_f activated(
    const valence_pool_pass *pass, bool smooth, lanes_f scale, lanes_f shift, lanes_f greatest,
    lanes_f least, lanes_f *winner) {
  if (smooth) {
    lanes_f high = lanes_smooth(pass->activation, scale * greatest + shift);
    lanes_f low = lanes_smooth(pass->activation, scale * least + shift);
    lanes_i lower = low > high;  // false of what is not a number, which so stays visible
    *winner = lower ? least : greatest;
    return lower ? low : high;
  }
  *winner = scale < 0 ? least : greatest;
  lanes_f value = scale * *winner + shift;
  return value < 0 ? 0 : value;  // keeps what is not a number visible
}

// One row of windows of the lane group that begins with channel c: `rows` are its p rows of y.
INLINE void pool_rows(
    const valence_pool_pass *pass, long frames, long bins, bool smooth, long t, long c,
    const float *rows, strides si, float *x, float *extreme) {
  strides so = strides_of(pass->out);
  lanes_f scale = load(pass->scale + c), shift = load(pass->shift + c);
  long target = c / valence_lanes * so.group + t * so.frame;
  uint32_t element = (uint32_t)((t * pass->in.channels + c) * pass->out.bins);
  for (long f = 0; f < pass->out.bins; f++) {
    const float *window = rows + f * bins * si.bin;
    lanes_f greatest = load(window), least = greatest, winner;
    for (long i = 0; i < frames; i++) {
      for (long j = 0; j < bins; j++) {
        lanes_f value = load(window + i * si.frame + j * si.bin);
        greatest = value > greatest ? value : greatest;
        least = value < least ? value : least;
      }
    }
    lanes_f value = activated(pass, smooth, scale, shift, greatest, least, &winner);
    if (pass->threshold) value = dropped(pass, value, element);
    store(x + target, value);
    if (extreme) store(extreme + target, winner);
    target += so.bin;
    element += valence_lanes;
  }
}

// The numbers of one lane group in the second half of the backward pass.
typedef struct {
  lanes_f mean, a, b, c;
} gradient_terms;

INLINE void gradient_beyond_windows(gradient_terms terms, long count, long bin, float *y) {
  for (long f = 0; f < count; f++) {
    store(y + f * bin, terms.b * (load(y + f * bin) - terms.mean) + terms.c);
  }
}

INLINE void gradient_of_window(
    gradient_terms terms, long frames, long bins, strides s, lanes_f g, lanes_f extreme, float *y) {
  lanes_f from_window = terms.a * g;
  lanes_i open = -1;
  for (long i = 0; i < frames; i++) {
    for (long j = 0; j < bins; j++) {
      float *at = y + i * s.frame + j * s.bin;
      lanes_f value = load(at);
      lanes_i wins = (value == extreme) & open;
      open &= ~wins;
      lanes_f spread = terms.b * (value - terms.mean) + terms.c;
      store(at, wins ? spread + from_window : spread);
    }
  }
}

// The gradient of the p rows of y under one row of windows, written over them; `at` is where the lane
// group's windows begin in the pooled image.
INLINE void gradient_of_rows(
    const valence_pool_pass *pass, long frames, long bins, gradient_terms terms, long at,
    const float *g, const float *extreme, float *rows, strides si) {
  long windows = pass->out.bins, step = strides_of(pass->out).bin;
  for (long f = 0; f < windows; f++, at += step) {
    gradient_of_window(
        terms, frames, bins, si, load(g + at), load(extreme + at), rows + f * bins * si.bin);
  }
  for (long i = 0; i < frames; i++) {
    gradient_beyond_windows(
        terms, pass->in.bins - windows * bins, si.bin,
        rows + i * si.frame + windows * bins * si.bin);
  }
}

#endif
