// From the steps of a clip to one vector.
#include "kernels_sequence.h"
#include "sequence_math.h"

// Sixteen partial sums, so that the loop vectorizes without reordering what is written here.
INLINE float dot(long count, const float *restrict a, const float *restrict b) {
  float part[16] = {0};
  long i = 0;
  for (; i + 16 <= count; i += 16)
    for (long j = 0; j < 16; j++) part[j] += a[i + j] * b[i + j];
  float sum = 0;
  for (; i < count; i++) sum += a[i] * b[i];
  for (long j = 0; j < 16; j++) sum += part[j];
  return sum;
}

INLINE void add_scaled(long count, float scale, const float *restrict x,
                                float *restrict out) {
  for (long i = 0; i < count; i++) out[i] += scale * x[i];
}

CLONES
void valence_attention_forward(long steps, long width, long inner, float *u, const float *bias,
                               const float *query, const float *h, float *weights,
                               float *context) {
  float greatest = -__builtin_inff();
  for (long t = 0; t < steps; t++) {
    float *row = u + t * inner;
    for (long j = 0; j < inner; j++) row[j] = sequence_tanh(row[j] + bias[j]);
    weights[t] = dot(inner, row, query);
    if (weights[t] > greatest) greatest = weights[t];
  }
  double sum = 0;
  for (long t = 0; t < steps; t++) {
    weights[t] = sequence_exp(weights[t] - greatest);
    sum += weights[t];
  }
  for (long j = 0; j < width; j++) context[j] = 0;
  for (long t = 0; t < steps; t++) {
    weights[t] = (float)(weights[t] / sum);
    add_scaled(width, weights[t], h + t * width, context);
  }
}

CLONES
void valence_attention_backward(long steps, long width, long inner, const float *u,
                                const float *query, const float *h, const float *weights,
                                const float *dcontext, float *dh, float *energies, float *du) {
  double mean = 0;  // of dL/dweight, by weight: what the softmax takes off
  for (long t = 0; t < steps; t++) {
    energies[t] = dot(width, dcontext, h + t * width);
    mean += (double)weights[t] * energies[t];
  }
  for (long t = 0; t < steps; t++) {
    const float de = weights[t] * (float)(energies[t] - mean);
    energies[t] = de;
    const float *restrict row = u + t * inner;
    float *restrict drow = du + t * inner, *restrict dhrow = dh + t * width;
    for (long j = 0; j < inner; j++) drow[j] = de * query[j] * (1.0f - row[j] * row[j]);
    for (long j = 0; j < width; j++) dhrow[j] = weights[t] * dcontext[j];
  }
}

CLONES
void valence_max_forward(long steps, long width, const float *h, float *out) {
  for (long j = 0; j < width; j++) out[j] = h[j];
  for (long t = 1; t < steps; t++)
    for (long j = 0; j < width; j++) {
      const float x = h[t * width + j];
      // As torch.max does, a NaN wins and stays.
      out[j] = x > out[j] || x != x ? x : out[j];
    }
}

void valence_max_backward(long steps, long width, const float *h, const float *out,
                          const float *dout, float *dh) {
  for (long i = 0; i < steps * width; i++) dh[i] = 0;
  for (long j = 0; j < width; j++)
    for (long t = 0; t < steps; t++)
      if (h[t * width + j] == out[j]) {
        dh[t * width + j] = dout[j];
        break;
      }
}
