// The plainest forms of an encoder's kernels: the definitions that the fast ones are tested against.
#include "kernels_encoder.h"

#include <math.h>

static double gelu(double x) { return 0.5 * x * (1 + erf(x * 0.70710678118654752440)); }

void valence_packed_multiply_plain(
    const valence_packed_product *p, const float *a, const float *packed, const float *bias, float *c) {
  for (long row = 0; row < p->rows; row++) {
    for (long j = 0; j < p->columns; j++) {
      const float *b = packed + j / valence_panel * (p->taps * p->depth * valence_panel) + j % valence_panel;
      double sum = bias ? bias[j] : 0;
      for (long tap = 0; tap < p->taps; tap++) {
        const float *from = a + row * p->a_stride + tap * p->tap_stride;
        for (long k = 0; k < p->depth; k++) sum += (double)from[k] * b[(tap * p->depth + k) * valence_panel];
      }
      if (p->gelu) sum = gelu(sum);
      float *to = c + row * p->c_stride + j / valence_panel * p->c_panel + j % valence_panel;
      *to = (float)(p->add ? *to + sum : sum);
    }
  }
}

enum { factors = 7 };

// Each weight is one of the seven right factors, or the sum of two: b11 and b22 are the second and fifth,
// b12 = (b12 − b22) + b22, b21 = (b21 − b11) + b11.
static double strassen_weight(const float *packed, long half, bool is_lower, bool is_right) {
  const long factor = half * valence_panel;
  const double b11 = packed[factor], b22 = packed[4 * factor];
  if (is_lower) return is_right ? b22 : packed[3 * factor] + b11;
  return is_right ? packed[2 * factor] + b22 : b11;
}

void valence_strassen_multiply_plain(
    const valence_packed_product *p, const float *a, const float *packed, const float *bias, float *c) {
  const long half = p->depth / 2, width = p->columns / 2;
  for (long row = 0; row < p->rows; row++) {
    for (long j = 0; j < p->columns; j++) {
      const long column = j % width;
      const float *b = packed + column / valence_panel * (factors * half * valence_panel) + column % valence_panel;
      double sum = bias ? bias[j] : 0;
      for (long k = 0; k < p->depth; k++)
        sum += a[row * p->a_stride + k]
            * strassen_weight(b + k % half * valence_panel, half, k >= half, j >= width);
      if (p->gelu) sum = gelu(sum);
      float *to = c + row * p->c_stride + j / valence_panel * p->c_panel + j % valence_panel;
      *to = (float)(p->add ? *to + sum : sum);
    }
  }
}

void valence_normalize_rows_plain(
    const valence_row_norm *norm, const float *x, const float *scale, const float *shift, float *y) {
  for (long r = 0; r < norm->rows; r++, x += norm->x_stride, y += norm->y_stride) {
    double mean = 0, variance = 0;
    for (long i = 0; i < norm->width; i++) mean += x[i];
    mean /= norm->width;
    for (long i = 0; i < norm->width; i++) variance += (x[i] - mean) * (x[i] - mean);
    variance /= norm->width;
    for (long i = 0; i < norm->width; i++) {
      double value = (x[i] - mean) / sqrt(variance + norm->epsilon);
      if (scale) value = value * scale[i] + shift[i];
      y[i] = (float)(norm->gelu ? gelu(value) : value);
    }
  }
}

void valence_exponentials_plain(
    const valence_score_rows *shape, const float *bias, const float *gates, float *x, float *sums) {
  for (long r = 0; r < shape->rows; r++, x += shape->stride) {
    double most = -INFINITY, sum = 0;
    for (long i = 0; i < shape->keys; i++) {
      if (bias) x[i] += (gates ? gates[r] : 1) * bias[i - r];
      if (x[i] > most) most = x[i];
    }
    for (long i = 0; i < shape->keys; i++) sum += x[i] = (float)exp(x[i] - most);
    sums[r] = (float)sum;
  }
}

void valence_position_gates_plain(
    const valence_gate_rows *shape, const float *x, const float *weights, const float *biases,
    const float *constants, float *gates) {
  for (long r = 0; r < shape->rows; r++) {
    for (long h = 0; h < shape->heads; h++) {
      double one = biases[0], two = biases[1];
      for (long i = 0; i < shape->width; i++) {
        const double value = x[r * shape->x_stride + h * shape->width + i];
        one += value * weights[i];
        two += value * weights[shape->width + i];
      }
      const double a = 1 / (1 + exp(-one)), b = 1 / (1 + exp(-two));
      gates[h * shape->gate_stride + r] = (float)(a * (b * constants[h] - 1) + 2);
    }
  }
}
