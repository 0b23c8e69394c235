#include "block_rows.h"

CLONES void valence_accumulate(long count, const float *restrict part, float *restrict sum) {
  for (long i = 0; i < count; i++) sum[i] += part[i];
}

CLONES void valence_channel_moments(
    valence_image image, long valid, const float *y, double *sum, double *squares) {
  strides s = strides_of(image);
  long origin = valid / 2 * s.frame + image.bins / 2 * s.bin;
  memset(sum, 0, (size_t)image.channels * sizeof(double));
  memset(squares, 0, (size_t)image.channels * sizeof(double));
  for (long c = 0; c < image.channels; c += valence_lanes) {
    const float *group = y + c / valence_lanes * s.group;
    lanes_f middle = load(group + origin);
    for (long t = 0; t < valid; t++) {
      add_moments_of_row(group + t * s.frame, image.bins, s.bin, middle, sum + c, squares + c);
    }
    finish_moments((double)(valid * image.bins), middle, sum + c, squares + c);
  }
}

INLINE void pool_forward(
    const valence_pool_pass *pass, long frames, long bins, bool smooth, const float *y, float *x,
    float *extreme) {
  strides si = strides_of(pass->in);
  for (long t = pass->first; t < pass->end; t++) {
    for (long c = 0; c < pass->in.channels; c += valence_lanes) {
      const float *rows = y + c / valence_lanes * si.group + t * frames * si.frame;
      pool_rows(pass, frames, bins, smooth, t, c, rows, si, x, extreme);
    }
  }
  if (pass->end == pass->valid / frames) clear_frames_from(pass->out, pass->end, x);
}

CLONES void valence_pool_forward(
    const valence_pool_pass *pass, const float *y, float *x, float *extreme) {
  // Constant sides let the compiler unroll the most common window.
  bool is_common = pass->pool_frames == 2 && pass->pool_bins == 2;
  bool smooth = pass->activation != valence_relu;
  if (is_common && smooth) {
    pool_forward(pass, 2, 2, true, y, x, extreme);
  } else if (is_common) {
    pool_forward(pass, 2, 2, false, y, x, extreme);
  } else {
    pool_forward(pass, pass->pool_frames, pass->pool_bins, smooth, y, x, extreme);
  }
}

INLINE void pool_backward_sums(
    const valence_pool_pass *pass, bool smooth, const float *mean, const float *dx,
    const float *extreme, float *x, double *sum_g, double *sum_gy) {
  valence_image image = pass->out;
  strides s = strides_of(image);
  long steps = pass->valid / pass->pool_frames;
  memset(sum_g, 0, (size_t)image.channels * sizeof(double));
  memset(sum_gy, 0, (size_t)image.channels * sizeof(double));
  for (long t = 0; t < steps; t++) {
    for (long c = 0; c < image.channels; c += valence_lanes) {
      long at = c / valence_lanes * s.group + t * s.frame;
      uint32_t element = (uint32_t)((t * image.channels + c) * image.bins);
      lanes_f scale = load(pass->scale + c), shift = load(pass->shift + c);
      lanes_f middle = load(mean + c), row_g = 0, row_gy = 0;
      for (long f = 0; f < image.bins; f++, at += s.bin, element += valence_lanes) {
        lanes_f winner = load(extreme + at), g;
        if (smooth) {
          g = load(dx + at) * lanes_smooth_slope(pass->activation, scale * winner + shift);
          // Of these a result of zero does not tell whether it was dropped: it is drawn again.
          if (pass->threshold) g = dropped(pass, g, element);
        } else {
          g = load(x + at) > 0 ? load(dx + at) * pass->keep_scale : 0;
        }
        store(x + at, g);
        row_g += g;
        row_gy += g * (winner - middle);
      }
      store_d(sum_g + c, load_d(sum_g + c) + widen(row_g));
      store_d(sum_gy + c, load_d(sum_gy + c) + widen(row_gy));
    }
  }
}

CLONES void valence_pool_backward_sums(
    const valence_pool_pass *pass, const float *mean, const float *dx, const float *extreme,
    float *x, double *sum_g, double *sum_gy) {
  if (pass->activation != valence_relu) {
    pool_backward_sums(pass, true, mean, dx, extreme, x, sum_g, sum_gy);
  } else {
    pool_backward_sums(pass, false, mean, dx, extreme, x, sum_g, sum_gy);
  }
}

INLINE void pool_backward(
    const valence_pool_pass *pass, long frames, long bins, const gradient_terms *terms_of,
    const float *g, const float *extreme, float *y) {
  valence_image in = pass->in;
  strides si = strides_of(in), so = strides_of(pass->out);
  long steps = pass->valid / frames;
  for (long c = 0; c < in.channels; c += valence_lanes) {
    gradient_terms terms = terms_of[c / valence_lanes];
    float *group = y + c / valence_lanes * si.group;
    for (long t = 0; t < steps; t++) {
      long at = c / valence_lanes * so.group + t * so.frame;
      gradient_of_rows(
          pass, frames, bins, terms, at, g, extreme, group + t * frames * si.frame, si);
    }
    for (long t = steps * frames; t < pass->valid; t++) {
      gradient_beyond_windows(terms, in.bins, si.bin, group + t * si.frame);
    }
  }
  clear_frames_from(in, pass->valid, y);
}

CLONES void valence_pool_backward(
    const valence_pool_pass *pass, const float *mean, const float *a, const float *b,
    const float *c, const float *g, const float *extreme, float *y) {
  long groups = pass->in.channels / valence_lanes;
  gradient_terms terms[groups];
  for (long i = 0; i < groups; i++) {
    long at = i * valence_lanes;
    terms[i] = (gradient_terms){load(mean + at), load(a + at), load(b + at), load(c + at)};
  }
  if (pass->pool_frames == 2 && pass->pool_bins == 2) {
    pool_backward(pass, 2, 2, terms, g, extreme, y);
  } else {
    pool_backward(pass, pass->pool_frames, pass->pool_bins, terms, g, extreme, y);
  }
}

void valence_image_to_rows(
    valence_image image, long valid, long channels, const float *x, float *rows, long stride) {
  strides s = strides_of(image);
  for (long t = 0; t < valid; t++) {
    for (long c = 0; c < channels; c++) {
      const float *from = x + element_at(s, t, 0, c);
      float *to = rows + t * stride + c * image.bins;
      for (long f = 0; f < image.bins; f++) to[f] = from[f * s.bin];
    }
  }
}

void valence_image_from_rows(
    valence_image image, long valid, long channels, const float *rows, long stride, float *x) {
  strides s = strides_of(image);
  for (long t = 0; t < valid; t++) {
    for (long c = 0; c < image.channels; c++) {
      float *to = x + element_at(s, t, 0, c);
      const float *from = rows + t * stride + c * image.bins;
      for (long f = 0; f < image.bins; f++) to[f * s.bin] = c < channels ? from[f] : 0;
    }
  }
}
