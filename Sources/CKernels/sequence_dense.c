// Rows and columns: what fully connected layers need beside GEMM.
#include "kernels_sequence.h"
#include "sequence_math.h"

CLONES
void valence_column_sums(long rows, long columns, const float *x, long stride, const float *weights,
                         double scale, float *out) {
  enum { strip = 64 };
  for (long first = 0; first < columns; first += strip) {
    const long width = columns - first < strip ? columns - first : strip;
    double sums[strip] = {0};
    for (long r = 0; r < rows; r++) {
      const float *restrict row = x + r * stride + first;
      const double weight = weights ? weights[r] : 1.0;
      for (long j = 0; j < width; j++) sums[j] += weight * row[j];
    }
    for (long j = 0; j < width; j++) out[first + j] = (float)(scale * sums[j]);
  }
}

void valence_repeat_row(long rows, long columns, const float *row, float scale, float *out) {
  for (long r = 0; r < rows; r++)
    for (long j = 0; j < columns; j++) out[r * columns + j] = scale * row[j];
}

void valence_transpose(long rows, long columns, const float *x, float *out) {
  enum { side = 16 };  // one cache line each way
  for (long r0 = 0; r0 < rows; r0 += side)
    for (long c0 = 0; c0 < columns; c0 += side)
      for (long r = r0; r < rows && r < r0 + side; r++)
        for (long c = c0; c < columns && c < c0 + side; c++) out[c * rows + r] = x[r * columns + c];
}

CLONES
void valence_add(long count, const float *a, const float *b, float *out) {
  for (long i = 0; i < count; i++) out[i] = a[i] + b[i];
}

CLONES
void valence_mix(long count, float share, float rest, const float *b, float *a) {
  const float *restrict from = b;
  float *restrict to = a;
  for (long i = 0; i < count; i++) to[i] = share * to[i] + rest * from[i];
}

CLONES
void valence_bias(long rows, long columns, float *x, const float *bias, int relu) {
  for (long r = 0; r < rows; r++) {
    float *restrict row = x + r * columns;
    for (long j = 0; j < columns; j++) {
      const float y = row[j] + bias[j];
      row[j] = relu && y < 0 ? 0 : y;  // NaN stays NaN
    }
  }
}

CLONES
void valence_relu_backward(long count, const float *y, float scale, float *d) {
  for (long i = 0; i < count; i++) d[i] = y[i] > 0 ? scale * d[i] : 0;
}

CLONES
void valence_dropout(long count, valence_dropout_key key, uint32_t threshold, float keep_scale,
                     float *x) {
  for (long i = 0; i < count; i++)
    x[i] = valence_dropout_bits(key, (uint32_t)i) >= threshold ? keep_scale * x[i] : 0.0f;
}
