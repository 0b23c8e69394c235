// Long short-term memory (Hochreiter and Schmidhuber, 1997; forget gate of Gers et al., 2000):
//   i, f, o = sigmoid(z_i), sigmoid(z_f), sigmoid(z_o);  g = tanh(z_g)
//   c = f c_before + i g;  h = o tanh(c)
#include <math.h>
#include <string.h>

#include "kernels_sequence.h"
#include "sequence_math.h"

void valence_lstm_forward_plain(const valence_recurrent_step *step, const float *recurrent,
                                const float *bias, float *state, float *output, long stride) {
  const long h = step->hidden;
  for (long clip = 0; clip < step->clips; clip++) {
    const long row = step->rows[clip], before = step->before[clip];
    float *gates = step->gates + row * 4 * h;
    for (long j = 0; j < h; j++) {
      float z[4];
      for (long k = 0; k < 4; k++)
        z[k] = gates[k * h + j] + bias[k * h + j] + recurrent[clip * 4 * h + k * h + j];
      const float i = sequence_sigmoid_plain(z[0]), f = sequence_sigmoid_plain(z[1]);
      const float g = tanhf(z[2]), o = sequence_sigmoid_plain(z[3]);
      const float c = f * (before < 0 ? 0 : step->kept[before * h + j]) + i * g;
      gates[j] = i, gates[h + j] = f, gates[2 * h + j] = g, gates[3 * h + j] = o;
      step->kept[row * h + j] = c;
      step->previous[row * h + j] = state[clip * h + j];
      state[clip * h + j] = output[row * stride + j] = o * tanhf(c);
    }
  }
}

void valence_lstm_backward_plain(const valence_recurrent_step *step, const float *gradient,
                                 long stride, const float *recurrent, float *carry, float *z) {
  const long h = step->hidden;
  for (long clip = 0; clip < step->clips; clip++) {
    const long row = step->rows[clip], before = step->before[clip];
    float *gates = step->gates + row * 4 * h;
    for (long j = 0; j < h; j++) {
      const float i = gates[j], f = gates[h + j], g = gates[2 * h + j], o = gates[3 * h + j];
      const float t = tanhf(step->kept[row * h + j]);
      const float dh = gradient[row * stride + j] + recurrent[clip * h + j];
      const float dc = carry[clip * h + j] + dh * o * (1 - t * t);
      const float c_before = before < 0 ? 0 : step->kept[before * h + j];
      gates[j] = dc * g * i * (1 - i);
      gates[h + j] = dc * c_before * f * (1 - f);
      gates[2 * h + j] = dc * i * (1 - g * g);
      gates[3 * h + j] = dh * t * o * (1 - o);
      for (long k = 0; k < 4; k++) z[clip * 4 * h + k * h + j] = gates[k * h + j];
      carry[clip * h + j] = dc * f;
    }
  }
}

// The rows below never overlap: a clip's row differs from its row before, and the buffers differ.
INLINE void forward_row(long h, float *restrict zi, float *restrict zf, float *restrict zg,
                                 float *restrict zo, const float *restrict r,
                                 const float *restrict b, const float *restrict c_before,
                                 float *restrict c, float *restrict state,
                                 float *restrict previous, float *restrict output) {
  for (long j = 0; j < h; j++) {
    const float i = sequence_sigmoid(zi[j] + b[j] + r[j]);
    const float f = sequence_sigmoid(zf[j] + b[h + j] + r[h + j]);
    const float g = sequence_tanh(zg[j] + b[2 * h + j] + r[2 * h + j]);
    const float o = sequence_sigmoid(zo[j] + b[3 * h + j] + r[3 * h + j]);
    const float next = (c_before ? f * c_before[j] : 0.0f) + i * g;
    const float out = o * sequence_tanh(next);
    zi[j] = i, zf[j] = f, zg[j] = g, zo[j] = o;
    c[j] = next;
    previous[j] = state[j];
    state[j] = out;
    output[j] = out;
  }
}

CLONES
void valence_lstm_forward(const valence_recurrent_step *step, const float *recurrent, const float *bias,
                          float *state, float *output, long stride) {
  const long h = step->hidden;
  for (long clip = 0; clip < step->clips; clip++) {
    const long row = step->rows[clip], before = step->before[clip];
    float *z = step->gates + row * 4 * h;
    const float *r = recurrent + clip * 4 * h;
    float *c = step->kept + row * h;
    const float *c_before = step->kept + before * h;
    float *s = state + clip * h, *p = step->previous + row * h, *out = output + row * stride;
    // Two calls, so that neither loop carries the test.
    if (before < 0)
      forward_row(h, z, z + h, z + 2 * h, z + 3 * h, r, bias, 0, c, s, p, out);
    else
      forward_row(h, z, z + h, z + 2 * h, z + 3 * h, r, bias, c_before, c, s, p, out);
  }
}

INLINE void backward_row(long h, float *restrict zi, float *restrict zf,
                                  float *restrict zg, float *restrict zo, const float *restrict c,
                                  const float *restrict c_before, const float *restrict gradient,
                                  const float *restrict recurrent, float *restrict cell) {
  for (long j = 0; j < h; j++) {
    const float i = zi[j], f = zf[j], g = zg[j], o = zo[j];
    const float t = sequence_tanh(c[j]);
    const float dh = gradient[j] + recurrent[j];
    const float dc = cell[j] + dh * o * (1.0f - t * t);
    zi[j] = dc * g * i * (1.0f - i);
    zf[j] = c_before ? dc * c_before[j] * f * (1.0f - f) : 0.0f;
    zg[j] = dc * i * (1.0f - g * g);
    zo[j] = dh * t * o * (1.0f - o);
    cell[j] = dc * f;
  }
}

CLONES
void valence_lstm_backward(const valence_recurrent_step *step, const float *gradient, long stride,
                           const float *recurrent, float *carry, float *z) {
  const long h = step->hidden;
  for (long clip = 0; clip < step->clips; clip++) {
    const long row = step->rows[clip], before = step->before[clip];
    float *g = step->gates + row * 4 * h;
    const float *c = step->kept + row * h, *c_before = step->kept + before * h;
    const float *dh = gradient + row * stride, *dr = recurrent + clip * h;
    float *dc = carry + clip * h;
    if (before < 0)
      backward_row(h, g, g + h, g + 2 * h, g + 3 * h, c, 0, dh, dr, dc);
    else
      backward_row(h, g, g + h, g + 2 * h, g + 3 * h, c, c_before, dh, dr, dc);
    memcpy(z + clip * 4 * h, g, 4 * h * sizeof(float));
  }
}
