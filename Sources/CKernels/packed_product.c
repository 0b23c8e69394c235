// Products with a matrix that was packed beforehand: the weights of an encoder, the keys and values of a head.
#include "packed_tile.h"

// Convolutions and attention have shorter chains than other products: what the first layers get wrong all later ones
// take up, and of all products these alone brought Whisper base's deeper states nearer to double precision (the
// fifth from 2.4e-5 to .8e-5 of its largest value).
enum { few_terms_at_once = 64, many_terms = 512 };

// All tiles of up to `tallest` rows in columns `column` and on; rows are dealt out evenly, so that no tile is much
// smaller than the others. The panels are read once for all rows, as the matrix is larger than they are;
// the first tiles fetch the next ones from the outer caches. Sums that nothing follows go straight to c.
#define STRIP(TALLEST, PANELS, CASES)                                                          \
  do {                                                                                         \
    const long tiles = (p->rows + (TALLEST) - 1) / (TALLEST);                                  \
    const bool is_whole = is_bare && p->columns - column >= (PANELS) * valence_panel;          \
    terms.out_stride = is_whole ? p->c_stride : most_panels * valence_panel;                   \
    terms.out_panel = is_whole ? p->c_panel : valence_panel;                                   \
    for (long t = 0; t < tiles; t++) {                                                         \
      const long first = t * p->rows / tiles;                                                  \
      const int rows = (int)((t + 1) * p->rows / tiles - first);                               \
      const float *at = a + first * p->a_stride;                                               \
      const float *ahead = b + ((PANELS) + (t > 0)) * panel;                                   \
      float *to = c + first * p->c_stride;                                                     \
      const tile_target out = {                                                                \
          .out = is_whole ? to + column / valence_panel * p->c_panel : sums, .sign = 1};       \
      switch (rows) { CASES(PANELS, &terms, at, b, ahead, out) }                               \
      for (int j = 0; j < (PANELS) && !is_whole; j++) {                                        \
        const long panel_column = column + j * valence_panel;                                  \
        finish_panel(                                                                          \
            p, rows, panel_column, sums + j * valence_panel, bias,                             \
            to + panel_column / valence_panel * p->c_panel, p->c_stride);                      \
      }                                                                                        \
    }                                                                                          \
  } while (0)

#define MULTIPLY(NAME, ATTRIBUTES, TALLEST, PANELS, CASES)                                     \
  ATTRIBUTES static void NAME(                                                                 \
      const valence_packed_product *p, const float *a, const float *packed, const float *bias, \
      float *c) {                                                                              \
    float sums[most_rows * most_panels * valence_panel] __attribute__((aligned(64)));          \
    const long panel = p->taps * p->depth * valence_panel;                                     \
    const bool is_delicate = p->taps > 1 || p->depth < many_terms;                             \
    const bool is_bare = !bias && !p->gelu && !p->add;                                         \
    tile_terms terms = {                                                                       \
        .taps = p->taps, .depth = p->depth, .stride = p->a_stride,                             \
        .tap_stride = p->tap_stride, .between = panel,                                         \
        .at_once = is_delicate ? few_terms_at_once : terms_at_once};                           \
    long column = 0;                                                                           \
    const float *b = packed;                                                                   \
    for (; column + (PANELS - 1) * valence_panel < p->columns; column += PANELS * valence_panel) { \
      STRIP(TALLEST, PANELS, CASES);                                                           \
      b += PANELS * panel;                                                                     \
    }                                                                                          \
    if (column < p->columns) STRIP(TALLEST, 1, CASES);                                         \
  }

DEFINE_MULTIPLY

void valence_packed_multiply(
    const valence_packed_product *p, const float *a, const float *packed, const float *bias, float *c) {
  CALL_MULTIPLY(p, a, packed, bias, c);
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
