#include "image.h"

// Winograd's algorithm F(4×4, 3×3) of Lavin and Gray (2016): an output tile of 4 × 4 comes of an input tile of 6 × 6
// by 36 products a pair of channels instead of 144. Sums over channels are matrix products, one for each of the 36
// places of a transformed tile. A chunk of tiles goes through all of it while it stays in the nearer caches.
//
// The polynomials are taken at 0, ±a, ±b and ∞. With a = 5/8 and b = 3/2 the greatest error is a third of that with the
// 1 and 2 of the paper (of sums of 64 and 128 channels), and all constants but those of the weights are exact.
#define A 0.625f
#define B 1.5f
#define A2 (A * A)
#define B2 (B * B)
// What the weights' polynomials are divided by: Π over the other points of the distance.
#define AT_ZERO (A2 * B2)
#define AT_A (2 * A2 * (A2 - B2))
#define AT_B (2 * B2 * (B2 - A2))

enum {
  tile = 4,           // the side of an output tile
  around = 6,         // the side of the input tile that it is made of
  places = 36,        // of a transformed tile
  taps = 9,
  rows_at_once = 6,   // rows of a product whose sums stay in registers
  chunk = 48,         // tiles that go through at a time, a multiple of rows_at_once
  // Between the matrices of neighboring places lie some floats, or a row: distances of a power of two would crowd
  // what belongs together into few sets of a cache.
  apart = 16,
};

// One dimension of the transforms, from elements `s` apart to ones `t` apart.

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

// The channels whose sums stay in registers, from channel `first` of `channels` on. A product's columns lie in
// such panels, one after the other.
INLINE long panel_width(bool wide, long channels, long first) {
  long left = channels - first;
  if (wide && left >= 4 * valence_lanes) return 4 * valence_lanes;
  if (wide && left >= 2 * valence_lanes) return 2 * valence_lanes;
  return valence_lanes;
}

// m[rows, width] = (accumulate ? m : 0) + Σ over k of v[row, k]·u[k, width], with v[row, k] at row·v_row + k·v_step.
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

// All rows of such a product.
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

// The same for a width that is known when it runs; `multiply_panel` wants a constant.
INLINE void multiply_any(
    long width, bool accumulate, long rows, long depth, const float *v, long v_row, long v_step,
    const float *u, float *m) {
  switch (width / valence_lanes) {
  case 4: multiply_panel(4 * valence_lanes, accumulate, rows, depth, v, v_row, v_step, u, m); break;
  case 2: multiply_panel(2 * valence_lanes, accumulate, rows, depth, v, v_row, v_step, u, m); break;
  default: multiply_panel(valence_lanes, accumulate, rows, depth, v, v_row, v_step, u, m);
  }
}

// The side × side elements of an image from (frame, bin) on, zero where there is none.
INLINE void gather(
    valence_image image, strides s, const float *x, long frame, long bin, long side, lanes_f *d) {
  if (frame >= 0 && bin >= 0 && frame + side <= image.frames && bin + side <= image.bins) {
    const float *from = x + frame * s.frame + bin * s.bin;
    for (long i = 0; i < side; i++) {
      for (long j = 0; j < side; j++) d[i * side + j] = load(from + i * s.frame + j * s.bin);
    }
    return;
  }
  for (long i = 0; i < side; i++) {
    for (long j = 0; j < side; j++) {
      long t = frame + i, f = bin + j;
      bool inside = t >= 0 && t < image.frames && f >= 0 && f < image.bins;
      d[i * side + j] = inside ? load(x + t * s.frame + f * s.bin) : (lanes_f)0;
    }
  }
}

INLINE long tiles_a_row(valence_image image) { return (image.bins + tile - 1) / tile; }

// [place][tile][channel]: the transformed input of `count` tiles.
INLINE void take_input(
    valence_image in, const float *x, long first, long count, long distance, float *v) {
  strides s = strides_of(in);
  long row = tiles_a_row(in);
  for (long c = 0; c < in.channels; c += valence_lanes, x += s.group) {
    for (long k = 0; k < count; k++) {
      lanes_f d[places], half[places];
      long frame = (first + k) / row * tile - 1, bin = (first + k) % row * tile - 1;
      gather(in, s, x, frame, bin, around, d);
      for (long j = 0; j < around; j++) transform_input(d + j, around, half + j, around);
      for (long i = 0; i < around; i++) transform_input(half + i * around, 1, d + i * around, 1);
      for (long p = 0; p < places; p++) store(v + p * distance + k * in.channels + c, d[p]);
    }
  }
}

// Writes `count` output tiles of a panel's channels from their products, [place][tile][width].
INLINE void put_output(
    valence_image out, const float *m, long first, long count, long width, long distance,
    float *y) {
  strides s = strides_of(out);
  long row = tiles_a_row(out);
  for (long c = 0; c < width; c += valence_lanes, y += s.group) {
    for (long k = 0; k < count; k++) {
      lanes_f d[places], half[tile * around], result[tile * tile];
      for (long p = 0; p < places; p++) d[p] = load(m + p * distance + k * width + c);
      for (long j = 0; j < around; j++) transform_output(d + j, around, half + j, around);
      for (long i = 0; i < tile; i++) transform_output(half + i * around, 1, result + i * tile, 1);
      long frame = (first + k) / row * tile, bin = (first + k) % row * tile;
      float *to = y + frame * s.frame + bin * s.bin;
      if (frame + tile <= out.frames && bin + tile <= out.bins) {
        for (long i = 0; i < tile; i++) {
          for (long j = 0; j < tile; j++) store(to + i * s.frame + j * s.bin, result[i * tile + j]);
        }
        continue;
      }
      for (long i = 0; i < tile && frame + i < out.frames; i++) {
        for (long j = 0; j < tile && bin + j < out.bins; j++) {
          store(to + i * s.frame + j * s.bin, result[i * tile + j]);
        }
      }
    }
  }
}

// [place][panel][tile][width]: the transformed gradient of `count` output tiles.
INLINE void take_gradient(
    const valence_winograd *c, const float *dy, long first, long count, long distance, float *v) {
  strides s = strides_of(c->out);
  long row = tiles_a_row(c->out), width;
  for (long o = 0; o < c->out.channels; o += width) {
    width = panel_width(c->wide, c->out.channels, o);
    for (long lane = 0; lane < width; lane += valence_lanes, dy += s.group) {
      for (long k = 0; k < count; k++) {
        lanes_f d[places], g[tile * tile], half[around * tile];
        gather(c->out, s, dy, (first + k) / row * tile, (first + k) % row * tile, tile, g);
        for (long j = 0; j < tile; j++) transform_gradient(g + j, tile, half + j, tile);
        for (long i = 0; i < around; i++) transform_gradient(half + i * tile, 1, d + i * around, 1);
        for (long p = 0; p < places; p++) {
          store(v + p * distance + o * count + k * width + lane, d[p]);
        }
      }
    }
  }
}

static long shorter(long a, long b) { return a < b ? a : b; }
static long longer(long a, long b) { return a < b ? b : a; }

long valence_winograd_tiles(const valence_winograd *c) {
  return (c->in.frames + tile - 1) / tile * tiles_a_row(c->in);
}

// Where in packed weights, [panel][place][row][width] with one row more between places, the panel of the columns
// from `first` on begins.
INLINE long panel_at(long rows, long first) { return places * (rows + 1) * first; }

long valence_winograd_weight_count(const valence_winograd *c) {
  return panel_at(c->in.channels, c->out.channels);
}

long valence_winograd_scratch_count(const valence_winograd *c) {
  return places * (chunk * (c->in.channels + 4 * valence_lanes) + 2 * apart);
}

// The tiles of a chunk of the weights' gradient: so many that their transforms take more memory traffic than the
// products of all pairs of channels, to which each chunk adds, and all chunks about alike.
static long gradient_chunk(const valence_winograd *c) {
  long pairs = c->in.channels * c->out.channels, all = valence_winograd_tiles(c);
  long most = longer(chunk, 2 * pairs / (c->in.channels + c->out.channels));
  long chunks = (all + most - 1) / most;
  return (all + chunks - 1) / chunks;
}

long valence_winograd_gradient_scratch_count(const valence_winograd *c) {
  return places * (gradient_chunk(c) * (c->in.channels + c->out.channels) + 2 * apart) +
         valence_winograd_weight_count(c);
}

CLONES void valence_winograd_pack(
    const valence_weight_shape *shape, bool turned, bool wide, const float *padded, float *packed) {
  long rows = turned ? shape->padded_out : shape->padded_in;
  long columns = turned ? shape->padded_in : shape->padded_out, width;
  for (long first = 0; first < columns; first += width) {
    width = panel_width(wide, columns, first);
    float *panel = packed + panel_at(rows, first);
    for (long r = 0; r < rows; r++) {
      for (long lane = 0; lane < width; lane += valence_lanes) {
        float values[taps][valence_lanes];
        for (long l = 0; l < valence_lanes; l++) {
          long column = first + lane + l, out = turned ? r : column, in = turned ? column : r;
          const float *from = padded + (out * shape->padded_in + in) * taps;
          for (long t = 0; t < taps; t++) values[t][l] = from[turned ? taps - 1 - t : t];
        }
        lanes_f kernel[taps], half[3 * around], u[places];
        for (long t = 0; t < taps; t++) kernel[t] = load(values[t]);
        for (long j = 0; j < 3; j++) transform_weights(kernel + j, 3, half + j, 3);
        for (long i = 0; i < around; i++) transform_weights(half + i * 3, 1, u + i * around, 1);
        for (long p = 0; p < places; p++) {
          store(panel + (p * (rows + 1) + r) * width + lane, u[p]);
        }
      }
    }
  }
}

CLONES void valence_winograd_forward(
    const valence_winograd *c, long first, long end, const float *x, const float *packed, float *y,
    float *scratch) {
  long depth = c->in.channels, width;
  strides to = strides_of(c->out);
  long v_apart = chunk * depth + apart, m_apart = chunk * 4 * valence_lanes + apart;
  float *v = scratch, *m = scratch + places * v_apart;
  for (; first < end; first += chunk) {
    long count = shorter(chunk, end - first);
    take_input(c->in, x, first, count, v_apart, v);
    for (long o = 0; o < c->out.channels; o += width) {
      width = panel_width(c->wide, c->out.channels, o);
      const float *u = packed + panel_at(depth, o);
      for (long p = 0; p < places; p++) {
        multiply_any(
            width, false, count, depth, v + p * v_apart, depth, 1, u + p * (depth + 1) * width,
            m + p * m_apart);
      }
      put_output(c->out, m, first, count, width, m_apart, y + o / valence_lanes * to.group);
    }
  }
}

CLONES void valence_winograd_weight_gradient(
    const valence_winograd *c, const float *x, const float *dy, float *dw, float *scratch) {
  long rows = c->in.channels, columns = c->out.channels, width;
  long end = valence_winograd_tiles(c), at_once = gradient_chunk(c);
  long v_apart = at_once * rows + apart, g_apart = at_once * columns + apart;
  float *v = scratch, *g = v + places * v_apart, *m = g + places * g_apart;
  for (long first = 0; first < end; first += at_once) {
    long count = shorter(at_once, end - first);
    take_input(c->in, x, first, count, v_apart, v);
    take_gradient(c, dy, first, count, g_apart, g);
    for (long p = 0; p < places; p++) {
      for (long o = 0; o < columns; o += width) {
        width = panel_width(c->wide, columns, o);
        multiply_any(
            width, first > 0, rows, count, v + p * v_apart, 1, rows,
            g + p * g_apart + o * count, m + panel_at(rows, o) + p * (rows + 1) * width);
      }
    }
  }
  for (long o = 0; o < columns; o += width) {
    width = panel_width(c->wide, columns, o);
    const float *panel = m + panel_at(rows, o);
    for (long r = 0; r < rows; r++) {
      for (long lane = 0; lane < width; lane += valence_lanes) {
        lanes_f d[places], half[3 * around], result[taps];
        for (long p = 0; p < places; p++) {
          d[p] = load(panel + (p * (rows + 1) + r) * width + lane);
        }
        for (long j = 0; j < around; j++) transform_weight_gradient(d + j, around, half + j, around);
        for (long i = 0; i < 3; i++) {
          transform_weight_gradient(half + i * around, 1, result + i * 3, 1);
        }
        for (long t = 0; t < taps; t++) {
          float *to = dw + (t * rows + r) * columns + o + lane;
          store(to, load(to) + result[t]);
        }
      }
    }
  }
}
