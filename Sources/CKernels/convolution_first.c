#include "block_rows.h"

// A strip is what a pooling window needs of the convolution's output, `frames` rows of one lane group:
// [frames, F, 16]. It stays in the nearest cache from where it is made to where it is used.

// Rows of the input with zeros around, so that the loops below meet no border: [rows, F + K − 1, Cin].
INLINE long padded_width(const valence_first_convolution *c) {
  return (c->in.bins + c->kernel - 1) * c->in.channels;
}

long valence_first_scratch_count(const valence_first_convolution *c, long frames) {
  return (frames + c->kernel - 1) * padded_width(c) + frames * c->in.bins * valence_lanes;
}

// The input rows that `frames` rows of output from `first` on are made of.
INLINE void pad_rows(
    const valence_first_convolution *c, long first, long frames, const float *x, float *padded) {
  long half = c->kernel / 2, border = half * c->in.channels, row = c->in.bins * c->in.channels;
  for (long i = 0; i < frames + c->kernel - 1; i++, padded += padded_width(c)) {
    long t = first + i - half;
    memset(padded, 0, (size_t)padded_width(c) * sizeof(float));
    if (t >= 0 && t < c->in.frames) memcpy(padded + border, x + t * row, (size_t)row * sizeof(float));
  }
}

// How many sums run side by side: they leave room in sixteen registers of eight floats, and are enough to
// keep those of sixteen floats busy.
enum { at_once = 6 };

// `count` neighboring bins of an output row. The K·Cin values under one row of the kernel adjoin.
INLINE void convolve_bins(
    const valence_first_convolution *c, long kernel, long channels, const float *padded,
    const float *w, long count, float *y) {
  lanes_f sum[at_once] = {0};
  for (long i = 0; i < kernel; i++) {
    const float *x = padded + i * padded_width(c);
    for (long tap = 0; tap < kernel * channels; tap++, w += c->out_channels) {
      lanes_f weight = load(w);
      for (long b = 0; b < count; b++) sum[b] += x[b * channels + tap] * weight;
    }
  }
  for (long b = 0; b < count; b++) store(y + b * valence_lanes, sum[b]);
}

INLINE void convolve_rows(
    const valence_first_convolution *c, long kernel, long channels, const float *padded,
    const float *w, long frames, float *strip) {
  long bins = c->in.bins;
  for (long t = 0; t < frames; t++) {
    const float *x = padded + t * padded_width(c);
    float *y = strip + t * bins * valence_lanes;
    long f = 0;
    for (; f + at_once <= bins; f += at_once) {
      convolve_bins(
          c, kernel, channels, x + f * channels, w, at_once, y + f * valence_lanes);
    }
    for (; f < bins; f++) {
      convolve_bins(c, kernel, channels, x + f * channels, w, 1, y + f * valence_lanes);
    }
  }
}

// Adds `count` taps' Σ over bins of x·dy, for one row of dy.
INLINE void add_taps(
    const valence_first_convolution *c, long kernel, long channels, const float *padded, long first,
    long count, const float *dy, float *dw) {
  lanes_f sum[at_once] = {0};
  const float *x[at_once];
  for (long k = 0; k < count; k++) {
    x[k] = padded + (first + k) / (kernel * channels) * padded_width(c) +
           (first + k) % (kernel * channels);
  }
  for (long f = 0; f < c->in.bins; f++) {
    lanes_f gradient = load(dy + f * valence_lanes);
    for (long k = 0; k < count; k++) sum[k] += x[k][f * channels] * gradient;
  }
  for (long k = 0; k < count; k++) {
    float *tap = dw + (first + k) * c->out_channels;
    store(tap, load(tap) + sum[k]);
  }
}

INLINE void add_weight_gradient(
    const valence_first_convolution *c, long kernel, long channels, const float *padded,
    const float *strip, long frames, float *dw) {
  long taps = kernel * kernel * channels;
  for (long t = 0; t < frames; t++) {
    const float *x = padded + t * padded_width(c), *dy = strip + t * c->in.bins * valence_lanes;
    long first = 0;
    for (; first + at_once <= taps; first += at_once) {
      add_taps(c, kernel, channels, x, first, at_once, dy, dw);
    }
    for (; first + 3 <= taps; first += 3) add_taps(c, kernel, channels, x, first, 3, dy, dw);
    for (; first < taps; first++) add_taps(c, kernel, channels, x, first, 1, dy, dw);
  }
}

INLINE void moments(
    const valence_first_convolution *c, long kernel, long channels, const float *x, const float *w,
    double *sum, double *squares, float *padded) {
  long frames = c->in.frames, bins = c->in.bins;
  float *strip = padded + kernel * padded_width(c);
  lanes_f middle[c->out_channels / valence_lanes];
  memset(sum, 0, (size_t)c->out_channels * sizeof(double));
  memset(squares, 0, (size_t)c->out_channels * sizeof(double));
  pad_rows(c, frames / 2, 1, x, padded);
  for (long o = 0; o < c->out_channels; o += valence_lanes) {
    convolve_rows(c, kernel, channels, padded, w + o, 1, strip);
    middle[o / valence_lanes] = load(strip + bins / 2 * valence_lanes);
  }
  for (long t = 0; t < frames; t++) {
    pad_rows(c, t, 1, x, padded);
    for (long o = 0; o < c->out_channels; o += valence_lanes) {
      convolve_rows(c, kernel, channels, padded, w + o, 1, strip);
      add_moments_of_row(
          strip, bins, valence_lanes, middle[o / valence_lanes], sum + o, squares + o);
    }
  }
  for (long o = 0; o < c->out_channels; o += valence_lanes) {
    finish_moments((double)(frames * bins), middle[o / valence_lanes], sum + o, squares + o);
  }
}

CLONES void valence_first_moments(
    const valence_first_convolution *c, const float *x, const float *w, double *sum,
    double *squares, float *scratch) {
  if (c->kernel == 3 && c->in.channels == 1) {
    moments(c, 3, 1, x, w, sum, squares, scratch);
  } else {
    moments(c, c->kernel, c->in.channels, x, w, sum, squares, scratch);
  }
}

INLINE void pool(
    const valence_first_convolution *c, const valence_pool_pass *pass, long kernel, long channels,
    long frames, long bins, bool smooth, const float *x, const float *w, float *pooled,
    float *extreme, float *padded) {
  float *strip = padded + (frames + kernel - 1) * padded_width(c);
  strides s = {c->in.bins * valence_lanes, valence_lanes, 0};
  for (long t = pass->first; t < pass->end; t++) {
    pad_rows(c, t * frames, frames, x, padded);
    for (long o = 0; o < pass->in.channels; o += valence_lanes) {
      convolve_rows(c, kernel, channels, padded, w + o, frames, strip);
      pool_rows(pass, frames, bins, smooth, t, o, strip, s, pooled, extreme);
    }
  }
  if (pass->end == pass->valid / frames) clear_frames_from(pass->out, pass->end, pooled);
}

INLINE bool is_common(const valence_first_convolution *c, const valence_pool_pass *pass) {
  return c->kernel == 3 && c->in.channels == 1 && pass->pool_frames == 2 && pass->pool_bins == 2;
}

CLONES void valence_first_pool(
    const valence_first_convolution *c, const valence_pool_pass *pass, const float *x,
    const float *w, float *pooled, float *extreme, float *scratch) {
  bool smooth = pass->activation != valence_relu;
  if (is_common(c, pass) && !smooth) {
    pool(c, pass, 3, 1, 2, 2, false, x, w, pooled, extreme, scratch);
  } else {
    pool(c, pass, c->kernel, c->in.channels, pass->pool_frames, pass->pool_bins, smooth, x, w,
         pooled, extreme, scratch);
  }
}

INLINE void weight_gradient(
    const valence_first_convolution *c, const valence_pool_pass *pass, long kernel, long channels,
    long frames, long bins, const gradient_terms *terms, const float *g, const float *extreme,
    const float *x, const float *w, float *dw, float *padded) {
  float *strip = padded + (frames + kernel - 1) * padded_width(c);
  strides s = {c->in.bins * valence_lanes, valence_lanes, 0}, so = strides_of(pass->out);
  long steps = pass->valid / frames;
  for (long t = 0; t * frames < pass->valid; t++) {
    // The last frames may be too few for a window.
    long rows = t < steps ? frames : pass->valid - t * frames;
    pad_rows(c, t * frames, rows, x, padded);
    for (long o = 0; o < pass->in.channels; o += valence_lanes) {
      gradient_terms of_group = terms[o / valence_lanes];
      long at = o / valence_lanes * so.group + t * so.frame;
      convolve_rows(c, kernel, channels, padded, w + o, rows, strip);
      if (t < steps) {
        gradient_of_rows(pass, frames, bins, of_group, at, g, extreme, strip, s);
      } else {
        gradient_beyond_windows(of_group, rows * c->in.bins, valence_lanes, strip);
      }
      add_weight_gradient(c, kernel, channels, padded, strip, rows, dw + o);
    }
  }
}

CLONES void valence_first_weight_gradient(
    const valence_first_convolution *c, const valence_pool_pass *pass, const float *mean,
    const float *a, const float *b, const float *offset, const float *g, const float *extreme,
    const float *x, const float *w, float *dw, float *scratch) {
  gradient_terms terms[pass->in.channels / valence_lanes];
  for (long o = 0; o < pass->in.channels; o += valence_lanes) {
    terms[o / valence_lanes] =
        (gradient_terms){load(mean + o), load(a + o), load(b + o), load(offset + o)};
  }
  if (is_common(c, pass)) {
    weight_gradient(c, pass, 3, 1, 2, 2, terms, g, extreme, x, w, dw, scratch);
  } else {
    weight_gradient(c, pass, c->kernel, c->in.channels, pass->pool_frames, pass->pool_bins, terms, g,
                    extreme, x, w, dw, scratch);
  }
}
