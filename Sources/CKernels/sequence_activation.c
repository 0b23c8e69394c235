#include "kernels_sequence.h"
#include "lane_activation.h"
#include "sequence_math.h"

CLONES
void valence_exp(long count, const float *x, float *out) {
  for (long i = 0; i < count; i++) out[i] = sequence_exp(x[i]);
}

CLONES
void valence_tanh(long count, const float *x, float *out) {
  for (long i = 0; i < count; i++) out[i] = sequence_tanh(x[i]);
}

CLONES
void valence_sigmoid(long count, const float *x, float *out) {
  for (long i = 0; i < count; i++) out[i] = sequence_sigmoid(x[i]);
}

// The last elements go through the same lanes as all others, beside zeros: a loop over single ones might
// round otherwise, and then an element's bits would depend on where a clip ends.
CLONES
void valence_gelu_forward(long count, const float *x, float *out) {
  long i = 0;
  for (; i + 16 <= count; i += 16) store(out + i, lanes_gelu(load(x + i)));
  if (i == count) return;
  lanes_f rest = 0;
  memcpy(&rest, x + i, (size_t)(count - i) * sizeof(float));
  rest = lanes_gelu(rest);
  memcpy(out + i, &rest, (size_t)(count - i) * sizeof(float));
}

void valence_gelu_forward_plain(long count, const float *x, float *out) {
  for (long i = 0; i < count; i++) out[i] = (float)(0.5 * x[i] * erfc(-x[i] * M_SQRT1_2));
}

CLONES
void valence_gelu_backward(long count, const float *x, float *d) {
  long i = 0;
  for (; i + 16 <= count; i += 16) store(d + i, load(d + i) * lanes_gelu_slope(load(x + i)));
  if (i == count) return;
  const size_t bytes = (size_t)(count - i) * sizeof(float);
  lanes_f rest = 0, gradient = 0;
  memcpy(&rest, x + i, bytes);
  memcpy(&gradient, d + i, bytes);
  gradient *= lanes_gelu_slope(rest);
  memcpy(d + i, &gradient, bytes);
}

void valence_gelu_backward_plain(long count, const float *x, float *d) {
  for (long i = 0; i < count; i++) {
    const double z = x[i], density = exp(-0.5 * z * z) * 0.5 * M_SQRT1_2 * M_2_SQRTPI;
    d[i] = (float)(d[i] * (0.5 * erfc(-z * M_SQRT1_2) + z * density));
  }
}
