#ifndef VALENCE_KERNELS_ENCODER_H
#define VALENCE_KERNELS_ENCODER_H

#include <stdbool.h>

// What transformer encoders compute, forward only. A row's numbers depend on that row alone, never on
// the rows that are computed beside it, so work may be cut between any two rows; products by halves take rows in pairs.

/// The columns that lie side by side in packed matrices.
enum { valence_panel = 16 };

/// A product c = finish(a·b + bias) with a packed matrix b `[taps · depth, columns]`.
///
/// The value (row, tap, k) of a is at row · a_stride + tap · tap_stride + k: windows of a signal are
/// rows that overlap. The value (row, j) of c is at row · c_stride + j / 16 · c_panel + j % 16: with
/// c_panel = 16 that is a matrix in rows, with c_stride = 16 one in panels.
typedef struct {
  long rows, columns, taps, depth;
  long a_stride, tap_stride;
  long c_stride, c_panel;
  /// Whether the exact GELU is taken of each value.
  bool gelu;
  /// Whether what c holds is added, after all else.
  bool add;
} valence_packed_product;

/// A matrix `[taps · depth, columns]` whose value (tap, k, j) is at tap · tap_stride + k · k_stride +
/// j · column_stride.
typedef struct {
  long taps, depth, columns;
  long tap_stride, k_stride, column_stride;
} valence_matrix_layout;

/// Packs a matrix in panels `[taps · depth][16]`, the last one filled up with zeros.
void valence_pack_matrix(const valence_matrix_layout *layout, const float *b, float *packed);

/// Packs the keys `first` and on of a head as columns of `[width, keys]`; rows of x are `stride` apart.
void valence_pack_keys(long rows, long first, long width, long stride, const float *x, float *packed);

/// Computes a product; `bias` is `[columns]` or null. Each sum runs over taps and k in their order, some of them at
/// a time.
void valence_packed_multiply(
    const valence_packed_product *product, const float *a, const float *packed, const float *bias, float *c);

/// The same in its plainest form, summed in double.
void valence_packed_multiply_plain(
    const valence_packed_product *product, const float *a, const float *packed, const float *bias, float *c);

/// Packs the weights `[columns, depth]` of a dense layer for products by halves; `packed` takes 7/4 of their floats.
///
/// Half the columns are whole panels: in each panel come the seven right factors of Strassen's products, `[depth / 2][16]`.
/// Depth and columns are multiples of 32.
void valence_strassen_pack(long depth, long columns, const float *b, float *packed);

/// The floats of working memory that a product by halves needs.
long valence_strassen_scratch(long rows, long depth);

/// The same product as `valence_packed_multiply`, of one tap, by Strassen's seven products of halves (Strassen, 1969).
///
/// Rows 2 i and 2 i + 1 are worked out together: a row's numbers depend on the row that it is paired with, a last row
/// of an odd number on itself alone. Errors are those of the other product as long as the values of a pair of rows, and
/// of the halves of a row, are of like size; they are relative to the greatest of them. c is other memory than a.
void valence_strassen_multiply(
    const valence_packed_product *product, const float *a, const float *packed, const float *bias, float *scratch,
    float *c);

/// The same in its plainest form: eight products, summed in double, with weights that are worked back from the packed
/// factors.
void valence_strassen_multiply_plain(
    const valence_packed_product *product, const float *a, const float *packed, const float *bias, float *c);

/// Layer normalization of each row (Ba et al., 2016): (x − mean) / √(variance + epsilon) · scale + shift.
///
/// `scale` and `shift` are `[width]`; without scale both are left out. `gelu`: the exact GELU of the result.
typedef struct {
  long rows, width, x_stride, y_stride;
  float epsilon;
  bool gelu;
} valence_row_norm;

/// Writes the normalized rows of x to y, which may be x.
void valence_normalize_rows(
    const valence_row_norm *norm, const float *x, const float *scale, const float *shift, float *y);
void valence_normalize_rows_plain(
    const valence_row_norm *norm, const float *x, const float *scale, const float *shift, float *y);

/// Softmax of rows of scores without its division: x = exp(x + gate · bias − the row's maximum).
///
/// Row r has `keys` scores from r · stride on. `bias` is null or points at the bias of row 0's first key;
/// those of row r begin r floats before it. `gates` `[rows]` weigh the bias, null for 1. `sums` `[rows]`
/// receives each row's sum.
typedef struct {
  long rows, keys, stride;
} valence_score_rows;

void valence_exponentials(
    const valence_score_rows *shape, const float *bias, const float *gates, float *x, float *sums);
void valence_exponentials_plain(
    const valence_score_rows *shape, const float *bias, const float *gates, float *x, float *sums);

/// WavLM's gates of its relative position bias (Chen et al., 2022): gates[h · gate_stride + r] =
/// a (b · constants[h] − 1) + 2 with a and b the sigmoid of two sums over head h's values of row r.
///
/// `weights` `[2, width]` and `biases` `[2]` are one set for all heads.
typedef struct {
  long rows, heads, width, x_stride, gate_stride;
} valence_gate_rows;

void valence_position_gates(
    const valence_gate_rows *shape, const float *x, const float *weights, const float *biases,
    const float *constants, float *gates);
void valence_position_gates_plain(
    const valence_gate_rows *shape, const float *x, const float *weights, const float *biases,
    const float *constants, float *gates);

/// x[r, j] /= divisors[r] for rows `stride` apart.
void valence_divide_rows(long rows, long width, long stride, const float *divisors, float *x);

/// Copies floats, and says whether all are finite numbers.
bool valence_copy_finite(long count, const float *x, float *y);

#endif
