#ifndef VALENCE_KERNELS_MATRIX_H
#define VALENCE_KERNELS_MATRIX_H

#include <stdbool.h>

/// A product of row-major matrices: c[m,n] = (accumulate ? c : 0) + op(a)·op(b).
///
/// op(a) is [m,k], op(b) is [k,n]; `lda`, `ldb`, `ldc` are the distances between the rows as they
/// are stored.
typedef struct {
  long m, n, k;
  long lda, ldb, ldc;
  bool transpose_a, transpose_b, accumulate;
} valence_product;

/// The product in its plainest form, summed in double: the definition that faster ones are tested
/// against.
void valence_gemm_plain(const valence_product *product, const float *a, const float *b, float *c);

#endif
