#include "kernels_matrix.h"

void valence_gemm_plain(const valence_product *p, const float *a, const float *b, float *c) {
  for (long row = 0; row < p->m; row++) {
    for (long column = 0; column < p->n; column++) {
      double sum = p->accumulate ? c[row * p->ldc + column] : 0;
      for (long i = 0; i < p->k; i++) {
        float left = p->transpose_a ? a[i * p->lda + row] : a[row * p->lda + i];
        float right = p->transpose_b ? b[column * p->ldb + i] : b[i * p->ldb + column];
        sum += (double)left * right;
      }
      c[row * p->ldc + column] = (float)sum;
    }
  }
}
