#include "image.h"

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

INLINE void pool_forward(
    const valence_pool_pass *pass, long pool, const float *y, float *x, float *extreme) {
  strides si = strides_of(pass->in), so = strides_of(pass->out);
  long steps = pass->valid / pool;
  for (long t = 0; t < steps; t++) {
    for (long c = 0; c < pass->in.channels; c += valence_lanes) {
      lanes_f scale = load(pass->scale + c), shift = load(pass->shift + c);
      lanes_i descending = scale < 0;
      const float *window = y + c / valence_lanes * si.group + t * pool * si.frame;
      long target = c / valence_lanes * so.group + t * so.frame;
      uint32_t element = (uint32_t)((t * pass->in.channels + c) * pass->out.bins);
      for (long f = 0; f < pass->out.bins; f++) {
        lanes_f greatest = load(window), least = greatest;
        for (long i = 0; i < pool; i++) {
          for (long j = 0; j < pool; j++) {
            lanes_f value = load(window + i * si.frame + j * si.bin);
            greatest = value > greatest ? value : greatest;
            least = value < least ? value : least;
          }
        }
        lanes_f winner = descending ? least : greatest;
        lanes_f value = scale * winner + shift;
        value = value < 0 ? 0 : value;  // keeps what is not a number visible
        if (pass->threshold) value = dropped(pass, value, element);
        store(x + target, value);
        if (extreme) store(extreme + target, winner);
        window += pool * si.bin;
        target += so.bin;
        element += valence_lanes;
      }
    }
  }
  clear_frames_from(pass->out, steps, x);
}

CLONES void valence_pool_forward(
    const valence_pool_pass *pass, const float *y, float *x, float *extreme) {
  // A constant side lets the compiler unroll the most common window.
  if (pass->pool == 2) {
    pool_forward(pass, 2, y, x, extreme);
  } else {
    pool_forward(pass, pass->pool, y, x, extreme);
  }
}

CLONES void valence_pool_backward_sums(
    valence_image image, long valid, float keep_scale, const float *mean, const float *dx,
    const float *extreme, float *x, double *sum_g, double *sum_gy) {
  strides s = strides_of(image);
  memset(sum_g, 0, (size_t)image.channels * sizeof(double));
  memset(sum_gy, 0, (size_t)image.channels * sizeof(double));
  for (long t = 0; t < valid; t++) {
    for (long c = 0; c < image.channels; c += valence_lanes) {
      long at = c / valence_lanes * s.group + t * s.frame;
      lanes_f middle = load(mean + c), row_g = 0, row_gy = 0;
      for (long f = 0; f < image.bins; f++, at += s.bin) {
        lanes_f g = load(x + at) > 0 ? load(dx + at) * keep_scale : 0;
        store(x + at, g);
        row_g += g;
        row_gy += g * (load(extreme + at) - middle);
      }
      store_d(sum_g + c, load_d(sum_g + c) + widen(row_g));
      store_d(sum_gy + c, load_d(sum_gy + c) + widen(row_gy));
    }
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
    gradient_terms terms, long pool, strides s, lanes_f g, lanes_f extreme, float *y) {
  lanes_f from_window = terms.a * g;
  lanes_i open = -1;
  for (long i = 0; i < pool; i++) {
    for (long j = 0; j < pool; j++) {
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
    const valence_pool_pass *pass, long pool, const gradient_terms *terms_of, const float *g,
    const float *extreme, float *y) {
  valence_image in = pass->in;
  strides si = strides_of(in), so = strides_of(pass->out);
  long steps = pass->valid / pool, windows = pass->out.bins;
  for (long c = 0; c < in.channels; c += valence_lanes) {
    gradient_terms terms = terms_of[c / valence_lanes];
    float *group = y + c / valence_lanes * si.group;
    for (long t = 0; t < steps; t++) {
      float *rows = group + t * pool * si.frame;
      long at = c / valence_lanes * so.group + t * so.frame;
      for (long f = 0; f < windows; f++, at += so.bin) {
        gradient_of_window(
            terms, pool, si, load(g + at), load(extreme + at), rows + f * pool * si.bin);
      }
      for (long i = 0; i < pool; i++) {
        gradient_beyond_windows(
            terms, in.bins - windows * pool, si.bin,
            rows + i * si.frame + windows * pool * si.bin);
      }
    }
    for (long t = steps * pool; t < pass->valid; t++) {
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
  if (pass->pool == 2) {
    pool_backward(pass, 2, terms, g, extreme, y);
  } else {
    pool_backward(pass, pass->pool, terms, g, extreme, y);
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
