// The tile that products with packed matrices are made of.
#ifndef VALENCE_PACKED_TILE_H
#define VALENCE_PACKED_TILE_H

#include "kernels_encoder.h"
#include "kernels_processor.h"
#include "lane_activation.h"

#include <string.h>

// Sums stay in registers from the first term to the last. With AVX-512 a tile is 14 rows by two panels: 28 sums, two
// vectors of the matrix and a value of 32 registers. With AVX2 a panel is two registers, and a tile 6 rows by one
// panel: 12 sums, two and one of 16.
enum { most_rows = 14, most_panels = 2 };

// Terms that are added up in registers before they join the other sums of the tile: of thousands of terms in one
// chain the last ones would lose digits. Each joining costs as much as one or two terms.
enum { terms_at_once = 256 };

// What is added up: `stride` is between the rows of the left factor, `between` between the panels of the matrix.
// The sums of a row go `out_stride`, those of a panel `out_panel` floats behind those of the one before.
typedef struct {
  long taps, depth, at_once;
  long stride, tap_stride, between;
  long out_stride, out_panel;
} tile_terms;

// Where sums go: they are written, or added times `sign`, which is 1 or −1. The other target, if there is one, is
// always added to.
typedef struct {
  float *out, *other;
  float sign, other_sign;
  bool adds;
} tile_target;

// One tile's sums. `rows` and `panels` are constants wherever this is inlined, so that the sums are registers. From
// `ahead` on, a line of the cache for each term is fetched for later.
INLINE void sum_tile(
    const int rows, const int panels, const tile_terms *p, const float *a, const float *b, const float *ahead,
    const tile_target target) {
  const long between = p->between, stride = p->stride;
  bool adds = target.adds;
  for (long tap = 0; tap < p->taps; tap++, a += p->tap_stride) {
    for (long start = 0; start < p->depth; start += p->at_once) {
      const long end = p->depth - start < p->at_once ? p->depth : start + p->at_once;
      lanes_f sum[most_rows][most_panels];
#pragma clang loop unroll(full)
      for (int r = 0; r < rows; r++)
#pragma clang loop unroll(full)
        for (int j = 0; j < panels; j++) sum[r][j] = 0;
      for (long k = start; k < end; k++, b += valence_panel, ahead += valence_panel) {
        lanes_f weight[most_panels];
        __builtin_prefetch(ahead, 0, 2);
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
          const long at = r * p->out_stride + j * p->out_panel;
          store(target.out + at, adds ? target.sign * sum[r][j] + load(target.out + at) : sum[r][j]);
          if (target.other)
            store(target.other + at, target.other_sign * sum[r][j] + load(target.other + at));
        }
      }
      adds = true;
    }
  }
}

// Writes sums of a panel, of rows of `most_panels` panels, to `to` with all that follows them; `column` is the first.
INLINE void finish_panel(
    const valence_packed_product *product, long rows, long column, const float *sums, const float *bias, float *to,
    long to_stride) {
  // A copy, which no store through `to` can change.
  const valence_packed_product p = *product;
  const long width = p.columns - column < valence_panel ? p.columns - column : valence_panel;
  const bool is_whole = width == valence_panel;
  float some[valence_panel] = {0};
  if (bias) memcpy(some, bias + column, width * sizeof(float));
  const lanes_f shift = load(some);
  for (long r = 0; r < rows; r++, sums += most_panels * valence_panel, to += to_stride) {
    lanes_f value = load(sums) + shift;
    if (p.gelu) value = lanes_gelu_precise(value);
    if (is_whole) {
      store(to, p.add ? value + load(to) : value);
    } else {
      store(some, value);
      for (long j = 0; j < width; j++) to[j] = p.add ? some[j] + to[j] : some[j];
    }
  }
}

// `sum_tile` for the number of rows at hand; the arguments are those behind `panels`.
#define CASE(ROWS, PANELS, ...) \
  case ROWS: sum_tile(ROWS, PANELS, __VA_ARGS__); break;
#define CASES_6(PANELS, ...)                                                                    \
  CASE(1, PANELS, __VA_ARGS__) CASE(2, PANELS, __VA_ARGS__) CASE(3, PANELS, __VA_ARGS__)        \
  CASE(4, PANELS, __VA_ARGS__) CASE(5, PANELS, __VA_ARGS__) CASE(6, PANELS, __VA_ARGS__)
#define CASES_14(PANELS, ...)                                                                   \
  CASES_6(PANELS, __VA_ARGS__) CASE(7, PANELS, __VA_ARGS__) CASE(8, PANELS, __VA_ARGS__)        \
  CASE(9, PANELS, __VA_ARGS__) CASE(10, PANELS, __VA_ARGS__) CASE(11, PANELS, __VA_ARGS__)      \
  CASE(12, PANELS, __VA_ARGS__) CASE(13, PANELS, __VA_ARGS__) CASE(14, PANELS, __VA_ARGS__)

// Defines MULTIPLY(NAME, ATTRIBUTES, TALLEST, PANELS, CASES) for each instruction set; CALL_MULTIPLY calls that of the
// processor.
#if defined(__x86_64__) && !defined(VALENCE_NO_AVX512)
#define DEFINE_AVX512 MULTIPLY(multiply_avx512, __attribute__((target("arch=x86-64-v4"))), 14, 2, CASES_14)
#define CALL_AVX512(...) \
  if (valence_processor_isa() == VALENCE_ISA_AVX512) { multiply_avx512(__VA_ARGS__); return; }
#else
#define DEFINE_AVX512
#define CALL_AVX512(...)
#endif
#if defined(__x86_64__)
#define DEFINE_AVX2 MULTIPLY(multiply_avx2, __attribute__((target("arch=x86-64-v3"))), 6, 1, CASES_6)
#define CALL_AVX2(...) \
  if (valence_processor_isa() >= VALENCE_ISA_AVX2) { multiply_avx2(__VA_ARGS__); return; }
#else
#define DEFINE_AVX2
#define CALL_AVX2(...)
#endif
#define DEFINE_MULTIPLY DEFINE_AVX512 DEFINE_AVX2 MULTIPLY(multiply_baseline, , 6, 1, CASES_6)
#define CALL_MULTIPLY(...)  \
  do {                      \
    CALL_AVX512(__VA_ARGS__) \
    CALL_AVX2(__VA_ARGS__)  \
    multiply_baseline(__VA_ARGS__); \
  } while (0)

#endif
