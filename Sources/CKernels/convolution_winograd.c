#include "winograd_product.h"
#include "winograd_transforms.h"

// Winograd's algorithm F(4×4, 3×3) of Lavin and Gray (2016): an output tile of 4 × 4 comes of an input tile of 6 × 6
// by 36 products a pair of channels instead of 144. Sums over channels are matrix products, one for each of the 36
// places of a transformed tile. A chunk of tiles goes through all of it while it stays in the nearer caches.
//
// Shapes, with C channels in, O channels out, and tiles numbered row by row:
//   v  [place][tile][C]             transformed input of a chunk
//   u  [panel][place][C][width]     transformed weights, packed once a step
//   m  [place][tile][width]         products of one panel of outputs
//   g  [place][panel][tile][width]  transformed gradient of the output, in the weights' gradient
// A panel is some neighboring output channels (winograd_product.h). `distance` is from one place to the next.
//
// Invariants:
// - Each output tile is computed from its input tile alone, in the same order of terms whichever chunk it is in. So the
//   bits do not depend on how tiles are given to threads.
// - Tiles at the edges read zeros outside of the image and write only what is inside.
// - The weights' gradient adds chunk after chunk; its chunks depend on the image alone.

enum {
  chunk = 48,  // tiles that go through at a time, a multiple of rows_at_once
  // Floats, or a row, between the matrices of neighboring places: distances of a power of two would crowd what belongs
  // together into few sets of a cache.
  apart = 16,
};

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

// v: the transformed input of `count` tiles.
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

// Writes `count` output tiles of a panel's channels from their products, m.
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

// g: the transformed gradient of `count` output tiles.
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

// The beginning of the panel of the columns from `first` on in packed weights, [panel][place][row][width] with one row
// more between places.
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
