// Gated recurrent unit (Cho et al., 2014), with the reset gate behind the product as torch.nn.GRU:
//   r, z = sigmoid(a_r), sigmoid(a_z);  q = U_n h_before + b_q;  n = tanh(a_n + r q)
//   h = (1 - z) n + z h_before
#include <math.h>
#include <string.h>

#include "kernels_sequence.h"
#include "sequence_math.h"

void valence_gru_forward_plain(const valence_recurrent_step *step, const float *recurrent,
                               const float *bias, float *state, float *output, long stride) {
  const long h = step->hidden;
  for (long clip = 0; clip < step->clips; clip++) {
    const long row = step->rows[clip];
    float *gates = step->gates + row * 3 * h;
    const float *u = recurrent + clip * 3 * h;
    for (long j = 0; j < h; j++) {
      const float r = sequence_sigmoid_plain(gates[j] + bias[j] + u[j]);
      const float z = sequence_sigmoid_plain(gates[h + j] + bias[h + j] + u[h + j]);
      const float q = u[2 * h + j] + bias[3 * h + j];
      const float n = tanhf(gates[2 * h + j] + bias[2 * h + j] + r * q);
      const float before = state[clip * h + j];
      gates[j] = r, gates[h + j] = z, gates[2 * h + j] = n;
      step->kept[row * h + j] = q;
      step->previous[row * h + j] = before;
      state[clip * h + j] = output[row * stride + j] = n + z * (before - n);
    }
  }
}

void valence_gru_backward_plain(const valence_recurrent_step *step, const float *gradient,
                                long stride, const float *recurrent, float *carry, float *z) {
  const long h = step->hidden;
  for (long clip = 0; clip < step->clips; clip++) {
    const long row = step->rows[clip];
    float *gates = step->gates + row * 3 * h, *back = z + clip * 3 * h;
    for (long j = 0; j < h; j++) {
      const float r = gates[j], u = gates[h + j], n = gates[2 * h + j];
      const float q = step->kept[row * h + j], before = step->previous[row * h + j];
      const float dh = gradient[row * stride + j] + recurrent[clip * h + j] + carry[clip * h + j];
      const float dn = dh * (1 - u) * (1 - n * n);
      gates[j] = back[j] = dn * q * r * (1 - r);
      gates[h + j] = back[h + j] = dh * (before - n) * u * (1 - u);
      gates[2 * h + j] = dn;
      step->kept[row * h + j] = back[2 * h + j] = dn * r;
      carry[clip * h + j] = dh * u;
    }
  }
}

// The rows below never overlap: each is a part of its own of one buffer, and the buffers differ.
INLINE void forward_row(long h, float *restrict zr, float *restrict zz, float *restrict zn,
                        const float *restrict u, const float *restrict b, float *restrict kept,
                        float *restrict previous, float *restrict state, float *restrict output) {
  for (long j = 0; j < h; j++) {
    const float r = sequence_sigmoid(zr[j] + b[j] + u[j]);
    const float z = sequence_sigmoid(zz[j] + b[h + j] + u[h + j]);
    const float q = u[2 * h + j] + b[3 * h + j];
    const float n = sequence_tanh(zn[j] + b[2 * h + j] + r * q);
    const float before = state[j];
    const float out = n + z * (before - n);
    zr[j] = r, zz[j] = z, zn[j] = n;
    kept[j] = q;
    previous[j] = before;
    state[j] = out;
    output[j] = out;
  }
}

CLONES
void valence_gru_forward(const valence_recurrent_step *step, const float *recurrent,
                         const float *bias, float *state, float *output, long stride) {
  const long h = step->hidden;
  for (long clip = 0; clip < step->clips; clip++) {
    const long row = step->rows[clip];
    float *z = step->gates + row * 3 * h;
    forward_row(h, z, z + h, z + 2 * h, recurrent + clip * 3 * h, bias, step->kept + row * h,
                step->previous + row * h, state + clip * h, output + row * stride);
  }
}

INLINE void backward_row(long h, float *restrict zr, float *restrict zz, float *restrict zn,
                         float *restrict kept, const float *restrict previous,
                         const float *restrict gradient, const float *restrict recurrent,
                         float *restrict carry, float *restrict back_n) {
  for (long j = 0; j < h; j++) {
    const float r = zr[j], z = zz[j], n = zn[j];
    const float dh = gradient[j] + recurrent[j] + carry[j];
    const float dn = dh * (1.0f - z) * (1.0f - n * n);
    zr[j] = dn * kept[j] * r * (1.0f - r);
    zz[j] = dh * (previous[j] - n) * z * (1.0f - z);
    zn[j] = dn;
    kept[j] = dn * r;
    back_n[j] = dn * r;
    carry[j] = dh * z;
  }
}

CLONES
void valence_gru_backward(const valence_recurrent_step *step, const float *gradient, long stride,
                          const float *recurrent, float *carry, float *z) {
  const long h = step->hidden;
  for (long clip = 0; clip < step->clips; clip++) {
    const long row = step->rows[clip];
    float *g = step->gates + row * 3 * h, *back = z + clip * 3 * h;
    backward_row(h, g, g + h, g + 2 * h, step->kept + row * h, step->previous + row * h,
                 gradient + row * stride, recurrent + clip * h, carry + clip * h, back + 2 * h);
    memcpy(back, g, 2 * h * sizeof(float));
  }
}
