#include "image.h"
#include "lane_activation.h"

CLONES void valence_accumulate(long count, const float *restrict part, float *restrict sum) {
  for (long i = 0; i < count; i++) sum[i] += part[i];
}

// Sums in single precision run over one row of bins only; rows are added in double. The values are
// taken relative to one of them, so a mean far from zero costs the squares no digits.
CLONES void valence_channel_moments(
    valence_image image, long valid, const float *y, double *sum, double *squares) {
  strides s = strides_of(image);
  long origin = valid / 2 * s.frame + image.bins / 2 * s.bin;
  memset(sum, 0, (size_t)image.channels * sizeof(double));
  memset(squares, 0, (size_t)image.channels * sizeof(double));
  for (long t = 0; t < valid; t++) {
    for (long c = 0; c < image.channels; c += valence_lanes) {
      const float *group = y + c / valence_lanes * s.group, *row = group + t * s.frame;
      lanes_f middle = load(group + origin);
      lanes_f sum0 = 0, sum1 = 0, squares0 = 0, squares1 = 0;
      long f = 0;
      for (; f + 1 < image.bins; f += 2) {
        lanes_f d0 = load(row + f * s.bin) - middle, d1 = load(row + (f + 1) * s.bin) - middle;
        sum0 += d0;
        squares0 += d0 * d0;
        sum1 += d1;
        squares1 += d1 * d1;
      }
      if (f < image.bins) {
        lanes_f d = load(row + f * s.bin) - middle;
        sum0 += d;
        squares0 += d * d;
      }
      store_d(sum + c, load_d(sum + c) + widen(sum0 + sum1));
      store_d(squares + c, load_d(squares + c) + widen(squares0 + squares1));
    }
  }
  double count = (double)(valid * image.bins);
  for (long c = 0; c < image.channels; c++) {
    squares[c] -= sum[c] * sum[c] / count;
    sum[c] += count * y[c / valence_lanes * s.group + origin + c % valence_lanes];
  }
}

INLINE lanes_f dropped(const valence_pool_pass *pass, lanes_f value, uint32_t element) {
  lanes_u bits = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
  bits += element;
  VALENCE_DROPOUT_HASH(bits, pass->key);
  return bits >= pass->threshold ? value * pass->keep_scale : 0;
}

// What of a window comes out, before dropout; `winner` is the y that it comes of.
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

INLINE void pool_forward(
    const valence_pool_pass *pass, long frames, long bins, bool smooth, const float *y, float *x,
    float *extreme) {
  strides si = strides_of(pass->in), so = strides_of(pass->out);
  long steps = pass->valid / frames;
  for (long t = 0; t < steps; t++) {
    for (long c = 0; c < pass->in.channels; c += valence_lanes) {
      lanes_f scale = load(pass->scale + c), shift = load(pass->shift + c);
      const float *window = y + c / valence_lanes * si.group + t * frames * si.frame;
      long target = c / valence_lanes * so.group + t * so.frame;
      uint32_t element = (uint32_t)((t * pass->in.channels + c) * pass->out.bins);
      for (long f = 0; f < pass->out.bins; f++) {
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
        window += bins * si.bin;
        target += so.bin;
        element += valence_lanes;
      }
    }
  }
  clear_frames_from(pass->out, steps, x);
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

// What one lane group of the second half needs.
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

INLINE void pool_backward(
    const valence_pool_pass *pass, long frames, long bins, const gradient_terms *terms_of,
    const float *g, const float *extreme, float *y) {
  valence_image in = pass->in;
  strides si = strides_of(in), so = strides_of(pass->out);
  long steps = pass->valid / frames, windows = pass->out.bins;
  for (long c = 0; c < in.channels; c += valence_lanes) {
    gradient_terms terms = terms_of[c / valence_lanes];
    float *group = y + c / valence_lanes * si.group;
    for (long t = 0; t < steps; t++) {
      float *rows = group + t * frames * si.frame;
      long at = c / valence_lanes * so.group + t * so.frame;
      for (long f = 0; f < windows; f++, at += so.bin) {
        gradient_of_window(
            terms, frames, bins, si, load(g + at), load(extreme + at), rows + f * bins * si.bin);
      }
      for (long i = 0; i < frames; i++) {
        gradient_beyond_windows(
            terms, in.bins - windows * bins, si.bin,
            rows + i * si.frame + windows * bins * si.bin);
      }
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
