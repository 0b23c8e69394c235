#include "kernels_sequence.h"
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
