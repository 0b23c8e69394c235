// Passes over the rows of an encoder: layer norm and softmax.
#include "kernels_encoder.h"
#include "lane_activation.h"

#include <string.h>

INLINE float add_lanes(lanes_f x) {
  float v[16];
  store(v, x);
  for (int n = 8; n > 0; n /= 2)
    for (int i = 0; i < n; i++) v[i] += v[i + n];
  return v[0];
}

INLINE float greatest_lane(lanes_f x) {
  float v[16];
  store(v, x);
  for (int n = 8; n > 0; n /= 2)
    for (int i = 0; i < n; i++) v[i] = v[i + n] > v[i] ? v[i + n] : v[i];
  return v[0];
}

// The first `count` of sixteen floats, the others `rest`.
INLINE lanes_f load_some(const float *x, long count, float rest) {
  float v[16];
  for (int i = 0; i < 16; i++) v[i] = i < count ? x[i] : rest;
  return load(v);
}

INLINE void store_some(float *x, long count, lanes_f value) {
  float v[16];
  store(v, value);
  memcpy(x, v, count * sizeof(float));
}

// The variance is that of the deviations from the mean, in a second pass: squares of the values themselves would
// lose the digits that a large mean takes.
CLONES void valence_normalize_rows(
    const valence_row_norm *norm, const float *x, const float *scale, const float *shift, float *y) {
  const long width = norm->width, whole = width / 16 * 16, left = width - whole;
  for (long r = 0; r < norm->rows; r++, x += norm->x_stride, y += norm->y_stride) {
    lanes_f sum = 0, other = 0;
    long i = 0;
    for (; i + 32 <= whole; i += 32) {
      sum += load(x + i);
      other += load(x + i + 16);
    }
    if (i < whole) sum += load(x + i);
    if (left) other += load_some(x + whole, left, 0);
    const float mean = add_lanes(sum + other) / width;
    sum = 0, other = 0;
    for (i = 0; i + 32 <= whole; i += 32) {
      const lanes_f one = load(x + i) - mean, two = load(x + i + 16) - mean;
      sum += one * one;
      other += two * two;
    }
    if (i < whole) {
      const lanes_f one = load(x + i) - mean;
      sum += one * one;
    }
    if (left) {
      const lanes_f two = load_some(x + whole, left, mean) - mean;
      other += two * two;
    }
    const float factor = 1.0f / sqrtf(add_lanes(sum + other) / width + norm->epsilon);
    for (i = 0; i < whole; i += 16) {
      lanes_f value = (load(x + i) - mean) * factor;
      if (scale) value = value * load(scale + i) + load(shift + i);
      store(y + i, norm->gelu ? lanes_gelu_precise(value) : value);
    }
    if (left) {
      lanes_f value = (load_some(x + whole, left, 0) - mean) * factor;
      if (scale) value = value * load_some(scale + whole, left, 0) + load_some(shift + whole, left, 0);
      store_some(y + whole, left, norm->gelu ? lanes_gelu_precise(value) : value);
    }
  }
}

CLONES void valence_exponentials(
    const valence_score_rows *shape, const float *bias, const float *gates, float *x, float *sums) {
  const long keys = shape->keys, whole = keys / 16 * 16, left = keys - whole;
  for (long r = 0; r < shape->rows; r++, x += shape->stride) {
    const float *from = bias ? bias - r : 0;
    const float gate = gates ? gates[r] : 1;
    lanes_f most = -3.0e38f;
    for (long i = 0; i < whole; i += 16) {
      lanes_f value = load(x + i);
      if (bias) store(x + i, value = value + gate * load(from + i));
      most = value > most ? value : most;
    }
    lanes_f last = load_some(x + whole, left, -3.0e38f);
    if (bias) last += gate * load_some(from + whole, left, 0);
    most = last > most ? last : most;
    const float top = greatest_lane(most);
    lanes_f sum = 0;
    for (long i = 0; i < whole; i += 16) {
      const lanes_f value = lanes_exp(load(x + i) - top);
      store(x + i, value);
      sum += value;
    }
    if (left) {
      float rest[16];
      store(rest, lanes_exp(last - top));
      for (long i = left; i < 16; i++) rest[i] = 0;
      memcpy(x + whole, rest, left * sizeof(float));
      sum += load(rest);
    }
    sums[r] = add_lanes(sum);
  }
}

CLONES void valence_position_gates(
    const valence_gate_rows *shape, const float *x, const float *weights, const float *biases,
    const float *constants, float *gates) {
  const long width = shape->width, whole = width / 16 * 16, left = width - whole;
  for (long r = 0; r < shape->rows; r++, x += shape->x_stride) {
    for (long h = 0; h < shape->heads; h++) {
      const float *from = x + h * width;
      lanes_f one = 0, two = 0;
      for (long i = 0; i < whole; i += 16) {
        const lanes_f value = load(from + i);
        one += value * load(weights + i);
        two += value * load(weights + width + i);
      }
      if (left) {
        const lanes_f value = load_some(from + whole, left, 0);
        one += value * load_some(weights + whole, left, 0);
        two += value * load_some(weights + width + whole, left, 0);
      }
      const float a = sequence_sigmoid(add_lanes(one) + biases[0]);
      const float b = sequence_sigmoid(add_lanes(two) + biases[1]);
      gates[h * shape->gate_stride + r] = a * (b * constants[h] - 1) + 2;
    }
  }
}

CLONES bool valence_copy_finite(long count, const float *x, float *y) {
  // All bits of an exponent are set in infinities and not-a-numbers alone.
  const uint32_t exponent = 0x7f800000u;
  uint32_t bad = 0;
  for (long i = 0; i < count; i++) {
    uint32_t bits;
    memcpy(&bits, x + i, sizeof bits);
    bad |= (bits & exponent) == exponent;
    y[i] = x[i];
  }
  return !bad;
}

CLONES void valence_divide_rows(long rows, long width, long stride, const float *divisors, float *x) {
  for (long r = 0; r < rows; r++, x += stride) {
    const float factor = 1.0f / divisors[r];
    for (long j = 0; j < width; j++) x[j] *= factor;
  }
}
