// Products of half the rows, depth and columns (Strassen, 1969): seven where eight would be needed.
#include "packed_tile.h"

// The left factor's quarters are a11 and a12 of the first row of each pair, a21 and a22 of the second. Of the seven
// left factors one is a11, where it lies; the others are worked out.
enum { left_sums = 6, products = 7 };

// A product's left factor and the quarters of c that it is added to or, with −1, taken from: 2 · (second row of the
// pair) + (second half of the columns). `valence_strassen_pack` has the right factors, in the same order.
typedef struct {
  int left, quarter, sign, other_quarter, other_sign;
} strassen_product;

enum { in_place = -1 };

static const strassen_product order[products] = {
    {0, 0, 1, 3, 1},          // (a11 + a22) (b11 + b22)
    {1, 2, 1, 3, -1},         // (a21 + a22) b11
    {in_place, 1, 1, 3, 1},   // a11 (b12 − b22)
    {2, 0, 1, 2, 1},          // a22 (b21 − b11)
    {3, 0, -1, 1, 1},         // (a11 + a12) b22
    {4, 3, 1, 3, 0},          // (a21 − a11) (b11 + b12)
    {5, 0, 1, 0, 0},          // (a12 − a22) (b21 + b22)
};

static long left_stride(long half) { return (half + 15) / 16 * 16 + 16; }

long valence_strassen_scratch(long rows, long depth) {
  const long pairs = (rows + 1) / 2;
  return pairs * (left_sums * left_stride(depth / 2) + 4 * most_panels * valence_panel);
}

void valence_strassen_pack(long depth, long columns, const float *b, float *packed) {
  const long half = depth / 2, width = columns / 2;
  for (long first = 0; first < width; first += valence_panel) {
    for (int product = 0; product < products; product++) {
      for (long k = 0; k < half; k++, packed += valence_panel) {
        for (long j = 0; j < valence_panel; j++) {
          const float *left = b + (first + j) * depth + k, *right = left + width * depth;
          const float b11 = left[0], b21 = left[half], b12 = right[0], b22 = right[half];
          const float all[products] = {b11 + b22, b11, b12 - b22, b21 - b11, b22, b11 + b12, b21 + b22};
          packed[j] = all[product];
        }
      }
    }
  }
}

// The last row of an odd number is paired with itself.
INLINE void add_left(const valence_packed_product *p, const float *a, float *sums) {
  const long half = p->depth / 2, stride = left_stride(half), pairs = (p->rows + 1) / 2;
  const long next = pairs * stride;
  for (long i = 0; i < pairs; i++, sums += stride) {
    const float *one = a + 2 * i * p->a_stride;
    const float *two = 2 * i + 1 < p->rows ? one + p->a_stride : one;
    for (long k = 0; k < half; k += 16) {
      const lanes_f a11 = load(one + k), a12 = load(one + half + k);
      const lanes_f a21 = load(two + k), a22 = load(two + half + k);
      float *to = sums + k;
      store(to, a11 + a22);
      store(to + next, a21 + a22);
      store(to + 2 * next, a22);
      store(to + 3 * next, a11 + a12);
      store(to + 4 * next, a21 - a11);
      store(to + 5 * next, a12 - a22);
    }
  }
}

INLINE void finish_quarters(
    const int panels, const valence_packed_product *p, long column, const float *quarters, const float *bias,
    float *c) {
  const long pairs = (p->rows + 1) / 2, quarter = pairs * most_panels * valence_panel;
  for (int n = 0; n < 4; n++) {
    for (int j = 0; j < panels; j++) {
      const long first = column + n % 2 * p->columns / 2 + j * valence_panel;
      finish_panel(
          p, n < 2 ? pairs : p->rows / 2, first, quarters + n * quarter + j * valence_panel, bias,
          c + n / 2 * p->c_stride + first / valence_panel * p->c_panel, 2 * p->c_stride);
    }
  }
}

// All products of the columns `column` and on of each half. While one of them runs, what the next reads is fetched.
#define STRIP(TALLEST, PANELS, CASES)                                                          \
  do {                                                                                         \
    memset(quarters, 0, 4 * quarter * sizeof(float));                                          \
    for (int n = 0; n < products; n++) {                                                       \
      const strassen_product *product = &order[n];                                             \
      const bool is_summed = product->left != in_place;                                        \
      const float *left = is_summed ? scratch + product->left * pairs * stride : a;            \
      const float *from = b + n * panel;                                                       \
      const float *next = n + 1 < products ? from + panel : b + (PANELS) * products * panel;   \
      terms.stride = is_summed ? stride : 2 * p->a_stride;                                     \
      for (long t = 0; t < tiles; t++) {                                                       \
        const long first = t * pairs / tiles;                                                  \
        const int rows = (int)((t + 1) * pairs / tiles - first);                               \
        const float *at = left + first * terms.stride;                                         \
        const float *ahead = t > 0 && (PANELS) > 1 ? next + terms.between : next;              \
        float *to = quarters + first * most_panels * valence_panel;                            \
        const tile_target target = {                                                           \
            .out = to + product->quarter * quarter, .sign = product->sign, .adds = true,       \
            .other = product->other_sign ? to + product->other_quarter * quarter : 0,          \
            .other_sign = product->other_sign};                                                \
        switch (rows) { CASES(PANELS, &terms, at, from, ahead, target) }                       \
      }                                                                                        \
    }                                                                                          \
    finish_quarters(PANELS, p, column, quarters, bias, c);                                     \
    b += (PANELS) * products * panel;                                                          \
  } while (0)

#define MULTIPLY(NAME, ATTRIBUTES, TALLEST, PANELS, CASES)                                     \
  ATTRIBUTES static void NAME(                                                                 \
      const valence_packed_product *p, const float *a, const float *packed, const float *bias, \
      float *scratch, float *c) {                                                              \
    const long half = p->depth / 2, stride = left_stride(half), panel = half * valence_panel;  \
    const long pairs = (p->rows + 1) / 2, tiles = (pairs + (TALLEST) - 1) / (TALLEST);         \
    const long quarter = pairs * most_panels * valence_panel;                                  \
    float *quarters = scratch + left_sums * pairs * stride;                                    \
    const float *b = packed;                                                                   \
    tile_terms terms = {                                                                       \
        .taps = 1, .depth = half, .at_once = terms_at_once, .between = products * panel,       \
        .out_stride = most_panels * valence_panel, .out_panel = valence_panel};                \
    add_left(p, a, scratch);                                                                   \
    long column = 0;                                                                           \
    for (; column + (PANELS - 1) * valence_panel < p->columns / 2; column += PANELS * valence_panel) \
      STRIP(TALLEST, PANELS, CASES);                                                           \
    if (column < p->columns / 2) STRIP(TALLEST, 1, CASES);                                     \
  }

DEFINE_MULTIPLY

void valence_strassen_multiply(
    const valence_packed_product *p, const float *a, const float *packed, const float *bias, float *scratch,
    float *c) {
  CALL_MULTIPLY(p, a, packed, bias, scratch, c);
}
