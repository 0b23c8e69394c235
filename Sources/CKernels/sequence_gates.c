// Sums of branches, weighted by gates.
#include <math.h>

#include "kernels_sequence.h"
#include "sequence_math.h"

void valence_gate_forward_plain(long rows, long width, long stride, const float *value_bias,
                                const float *gate_bias, float *values, float *gates, float *out) {
  for (long r = 0; r < rows; r++)
    for (long j = 0; j < width; j++) {
      const float h = tanhf(values[r * stride + j] + value_bias[j]);
      const float z = sequence_sigmoid_plain(gates[r * stride + j] + gate_bias[j]);
      values[r * stride + j] = h;
      gates[r * stride + j] = z;
      out[r * width + j] += z * h;
    }
}

CLONES
void valence_gate_forward(long rows, long width, long stride, const float *value_bias,
                          const float *gate_bias, float *values, float *gates, float *out) {
  for (long r = 0; r < rows; r++) {
    float *restrict h = values + r * stride, *restrict z = gates + r * stride;
    float *restrict sum = out + r * width;
    for (long j = 0; j < width; j++) {
      h[j] = sequence_tanh(h[j] + value_bias[j]);
      z[j] = sequence_sigmoid(z[j] + gate_bias[j]);
      sum[j] += z[j] * h[j];
    }
  }
}

CLONES
void valence_gate_backward(long rows, long width, long stride, const float *values,
                           const float *gates, const float *dout, float *dvalues, float *dgates) {
  for (long r = 0; r < rows; r++) {
    const float *restrict h = values + r * stride, *restrict z = gates + r * stride;
    const float *restrict d = dout + r * width;
    float *restrict dh = dvalues + r * stride, *restrict dz = dgates + r * stride;
    for (long j = 0; j < width; j++) {
      dh[j] = d[j] * z[j] * (1.0f - h[j] * h[j]);
      dz[j] = d[j] * h[j] * z[j] * (1.0f - z[j]);
    }
  }
}
