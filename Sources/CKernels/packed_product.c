// Products with a matrix that was packed beforehand: the weights of an encoder, the keys and values of a head.
#include "kernels_encoder.h"
#include "kernels_processor.h"
#include "lane_activation.h"

#include <string.h>

// Sums stay in registers from the first term to the last. With AVX-512 a tile is 14 rows by two panels: 28 sums, two
// vectors of the matrix and a value of 32 registers. With AVX2 a panel is two registers, and a tile 6 rows by one
// panel: 12 sums, two and one of 16.
enum { most_rows = 14, most_panels = 2 };

// Terms that are added up in registers before they join the other sums of the tile: of thousands of terms in one
// chain the last ones would lose digits. Each joining costs as much as one or two terms. Convolutions and attention
// have shorter chains: what the first layers get wrong all later ones take up, and of all products these alone brought
// Whisper base's deeper states nearer to double precision (the fifth from 2.4e-5 to .8e-5 of its largest value).
enum { terms_at_once = 256, few_terms_at_once = 64, many_terms = 512 };

// One tile's sums: out[row][32] receives them. `rows` and `panels` are constants wherever this is inlined, so that
// the sums are registers. From `ahead` on, a line of the cache for each term is fetched for later.
INLINE void sum_tile(
    const int rows, const int panels, const valence_packed_product *p, const float *a, const float *b,
    const float *ahead, float *out) {
  const long between = p->taps * p->depth * valence_panel;
  const long stride = p->a_stride;
  const bool is_delicate = p->taps > 1 || p->depth < many_terms;
  const long at_once = is_delicate ? few_terms_at_once : terms_at_once;
  bool is_first = true;
  for (long tap = 0; tap < p->taps; tap++, a += p->tap_stride) {
    for (long start = 0; start < p->depth; start += at_once) {
      const long end = p->depth - start < at_once ? p->depth : start + at_once;
      lanes_f sum[most_rows][most_panels];
#pragma clang loop unroll(full)
      for (int r = 0; r < rows; r++)
#pragma clang loop unroll(full)
        for (int j = 0; j < panels; j++) sum[r][j] = 0;
      for (long k = start; k < end; k++, b += valence_panel, ahead += valence_panel) {
        lanes_f weight[most_panels];
        __builtin_prefetch(ahead, 0, 2);
        __builtin_prefetch(a + (k & 15) * stride + k + 32, 0, 3);
#pragma clang loop unroll(full)
        for (int j = 0; j < panels; j++) weight[j] = load(b + j * between);
#pragma clang loop unroll(full)
        for (int r = 0; r < rows; r++) {
          const lanes_f value = a[r * stride + k];
#pragma clang loop unroll(full)
          for (int j = 0; j < panels; j++) sum[r][j] += value * weight[j];
        }
      }
      // The earlier sums must not wait for these in registers, which are all taken.
      __asm__ volatile("" ::: "memory");
#pragma clang loop unroll(full)
      for (int r = 0; r < rows; r++) {
#pragma clang loop unroll(full)
        for (int j = 0; j < panels; j++) {
          float *to = out + (r * most_panels + j) * valence_panel;
          store(to, is_first ? sum[r][j] : sum[r][j] + load(to));
        }
      }
      is_first = false;
    }
  }
}

// Writes a tile's sums to c with all that follows them.
INLINE void finish_tile(
    int rows, int panels, const valence_packed_product *p, long column, const float *sums, const float *bias,
    float *c) {
  for (int r = 0; r < rows; r++) {
    for (int j = 0; j < panels; j++) {
      const long first = column + j * valence_panel;
      const long width = p->columns - first < valence_panel ? p->columns - first : valence_panel;
      float *to = c + r * p->c_stride + first / valence_panel * p->c_panel;
      lanes_f value = load(sums + (r * most_panels + j) * valence_panel);
      if (width == valence_panel) {
        if (bias) value += load(bias + first);
        if (p->gelu) value = lanes_gelu_precise(value);
        if (p->add) value += load(to);
        store(to, value);
        continue;
      }
      float rest[valence_panel] = {0}, old[valence_panel] = {0};
      if (bias) memcpy(rest, bias + first, width * sizeof(float));
      if (p->add) memcpy(old, to, width * sizeof(float));
      if (bias) value += load(rest);
      if (p->gelu) value = lanes_gelu_precise(value);
      if (p->add) value += load(old);
      store(rest, value);
      memcpy(to, rest, width * sizeof(float));
    }
  }
}

#define CASE(ROWS, PANELS) \
  case ROWS: sum_tile(ROWS, PANELS, p, at, b, ahead, sums); break;
#define CASES_6(PANELS) \
  CASE(1, PANELS) CASE(2, PANELS) CASE(3, PANELS) CASE(4, PANELS) CASE(5, PANELS) CASE(6, PANELS)
#define CASES_14(PANELS) \
  CASES_6(PANELS) CASE(7, PANELS) CASE(8, PANELS) CASE(9, PANELS) CASE(10, PANELS) CASE(11, PANELS) \
  CASE(12, PANELS) CASE(13, PANELS) CASE(14, PANELS)

// All tiles of up to `tallest` rows in columns `column` and on; rows are dealt out evenly, so that no tile is much
// smaller than the others. The panels are read once for all rows, as the matrix is larger than they are;
// the first tiles fetch the next ones from the outer caches.
#define STRIP(TALLEST, PANELS, CASES)                                        \
  do {                                                                       \
    const long tiles = (p->rows + (TALLEST) - 1) / (TALLEST);                \
    for (long t = 0; t < tiles; t++) {                                       \
      const long first = t * p->rows / tiles;                                \
      const int rows = (int)((t + 1) * p->rows / tiles - first);             \
      const float *at = a + first * p->a_stride;                             \
      const float *ahead = b + ((PANELS) + (t > 0)) * panel;                 \
      switch (rows) { CASES(PANELS) }                                        \
      finish_tile(rows, PANELS, p, column, sums, bias, c + first * p->c_stride); \
    }                                                                        \
  } while (0)

#define MULTIPLY(NAME, ATTRIBUTES, TALLEST, PANELS, CASES)                                     \
  ATTRIBUTES static void NAME(                                                                 \
      const valence_packed_product *p, const float *a, const float *packed, const float *bias, \
      float *c) {                                                                              \
    float sums[most_rows * most_panels * valence_panel] __attribute__((aligned(64)));          \
    const long panel = p->taps * p->depth * valence_panel;                                     \
    long column = 0;                                                                           \
    const float *b = packed;                                                                   \
    for (; column + (PANELS - 1) * valence_panel < p->columns; column += PANELS * valence_panel) { \
      STRIP(TALLEST, PANELS, CASES);                                                           \
      b += PANELS * panel;                                                                     \
    }                                                                                          \
    if (column < p->columns) STRIP(TALLEST, 1, CASES);                                         \
  }

#if defined(__x86_64__)
#if !defined(VALENCE_NO_AVX512)
MULTIPLY(multiply_avx512, __attribute__((target("arch=x86-64-v4"))), 14, 2, CASES_14)
#endif
MULTIPLY(multiply_avx2, __attribute__((target("arch=x86-64-v3"))), 6, 1, CASES_6)
#endif
MULTIPLY(multiply_baseline, , 6, 1, CASES_6)

void valence_packed_multiply(
    const valence_packed_product *p, const float *a, const float *packed, const float *bias, float *c) {
#if defined(__x86_64__)
  switch (valence_processor_isa()) {
#if !defined(VALENCE_NO_AVX512)
  case VALENCE_ISA_AVX512: multiply_avx512(p, a, packed, bias, c); return;
#endif
  case VALENCE_ISA_AVX2: multiply_avx2(p, a, packed, bias, c); return;
  default: break;
  }
#endif
  multiply_baseline(p, a, packed, bias, c);
}

void valence_pack_matrix(const valence_matrix_layout *layout, const float *b, float *packed) {
  const long columns = layout->columns, step = layout->column_stride;
  for (long first = 0; first < columns; first += valence_panel) {
    const long width = columns - first < valence_panel ? columns - first : valence_panel;
    for (long tap = 0; tap < layout->taps; tap++) {
      const float *from = b + tap * layout->tap_stride + first * step;
      for (long k = 0; k < layout->depth; k++, from += layout->k_stride, packed += valence_panel) {
        for (long j = 0; j < width; j++) packed[j] = from[j * step];
        for (long j = width; j < valence_panel; j++) packed[j] = 0;
      }
    }
  }
}

void valence_pack_keys(long rows, long first, long width, long stride, const float *x, float *packed) {
  for (long r = 0; r < rows; r++, x += stride) {
    const long key = first + r;
    float *to = packed + key / valence_panel * width * valence_panel + key % valence_panel;
    for (long i = 0; i < width; i++) to[i * valence_panel] = x[i];
  }
}
