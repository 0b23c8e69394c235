// Attention weights and rotary positions, for training.
#include <math.h>

#include "kernels_transformer.h"
#include "sequence_math.h"

enum { parts = 16 };

INLINE float greatest(long count, const float *restrict x) {
  float most[parts];
  for (long j = 0; j < parts; j++) most[j] = x[0];
  long i = 0;
  for (; i + parts <= count; i += parts)
    for (long j = 0; j < parts; j++) most[j] = x[i + j] > most[j] ? x[i + j] : most[j];
  for (; i < count; i++) most[0] = x[i] > most[0] ? x[i] : most[0];
  for (long j = 1; j < parts; j++) most[0] = most[j] > most[0] ? most[j] : most[0];
  return most[0];
}

// Replaces x by exp(x - least) and returns the sum of these.
INLINE double exponentials(long count, float shift, float *restrict x) {
  float part[parts] = {0};
  long i = 0;
  for (; i + parts <= count; i += parts)
    for (long j = 0; j < parts; j++) {
      x[i + j] = sequence_exp(x[i + j] - shift);
      part[j] += x[i + j];
    }
  for (long j = 0; i < count; i++, j++) {
    x[i] = sequence_exp(x[i] - shift);
    part[j] += x[i];
  }
  double sum = 0;
  for (long j = 0; j < parts; j++) sum += part[j];
  return sum;
}

INLINE float kept(const valence_attention_rows *s, uint32_t element) {
  return valence_dropout_bits(s->key, element) >= s->threshold ? s->keep_scale : 0.0f;
}

CLONES
void valence_attention_weights(const valence_attention_rows *shape, float *x, float *log_sums) {
  const valence_attention_rows s = *shape;
  for (long r = 0; r < s.rows; r++) {
    float *restrict row = x + r * s.keys;
    for (long i = 0; i < s.keys; i++) row[i] *= s.scale;
    const float most = greatest(s.keys, row);
    const double sum = exponentials(s.keys, most, row);
    log_sums[r] = most + (float)log(sum);
    const float factor = (float)(1 / sum);
    if (s.threshold == 0) {
      for (long i = 0; i < s.keys; i++) row[i] *= factor;
    } else {
      const uint32_t element = (uint32_t)((s.first + r) * s.keys);
      for (long i = 0; i < s.keys; i++) row[i] *= factor * kept(&s, element + (uint32_t)i);
    }
  }
}

void valence_attention_weights_plain(
    const valence_attention_rows *shape, float *x, float *log_sums) {
  for (long r = 0; r < shape->rows; r++) {
    float *row = x + r * shape->keys;
    double most = row[0] * (double)shape->scale, sum = 0;
    for (long i = 1; i < shape->keys; i++) most = fmax(most, row[i] * (double)shape->scale);
    for (long i = 0; i < shape->keys; i++) sum += exp(row[i] * (double)shape->scale - most);
    log_sums[r] = (float)(most + log(sum));
    for (long i = 0; i < shape->keys; i++) {
      const double weight = exp(row[i] * (double)shape->scale - most) / sum;
      row[i] = (float)(weight * kept(shape, (uint32_t)((shape->first + r) * shape->keys + i)));
    }
  }
}

// With p the weights, m what dropout multiplies them by and d = dL/d(m p):
//   dL/d(score) = scale p (m d - sum over keys of p m d)
CLONES
void valence_attention_weights_backward(const valence_attention_rows *shape, const float *log_sums,
                                        const float *inner, float *x, float *d) {
  const valence_attention_rows s = *shape;
  for (long r = 0; r < s.rows; r++) {
    float *restrict row = x + r * s.keys, *restrict gradient = d + r * s.keys;
    const float shift = log_sums[r], mean = inner[r];
    const uint32_t element = (uint32_t)((s.first + r) * s.keys);
    if (s.threshold == 0) {
      for (long i = 0; i < s.keys; i++) {
        row[i] = sequence_exp(s.scale * row[i] - shift);
        gradient[i] = s.scale * row[i] * (gradient[i] - mean);
      }
      continue;
    }
    for (long i = 0; i < s.keys; i++) {
      const float weight = sequence_exp(s.scale * row[i] - shift);
      const float factor = kept(&s, element + (uint32_t)i);
      row[i] = weight * factor;
      gradient[i] = s.scale * weight * (factor * gradient[i] - mean);
    }
  }
}

void valence_attention_weights_backward_plain(
    const valence_attention_rows *shape, const float *log_sums, const float *inner, float *x,
    float *d) {
  for (long r = 0; r < shape->rows; r++)
    for (long i = 0; i < shape->keys; i++) {
      const long at = r * shape->keys + i;
      const double weight = exp((double)shape->scale * x[at] - log_sums[r]);
      const double factor = kept(shape, (uint32_t)((shape->first + r) * shape->keys + i));
      x[at] = (float)(weight * factor);
      d[at] = (float)(shape->scale * weight * (factor * d[at] - inner[r]));
    }
}

INLINE void rotate(const valence_rotation *shape, const float *cosines, const float *sines,
                   float *x) {
  const long half = shape->width / 2;
  for (long r = 0; r < shape->rows; r++)
    for (long h = 0; h < shape->heads; h++) {
      float *restrict a = x + r * shape->stride + h * shape->width, *restrict b = a + half;
      const float *restrict c = cosines + r * half, *restrict s = sines + r * half;
      for (long i = 0; i < half; i++) {
        const float sine = shape->sign * s[i], first = a[i], second = b[i];
        a[i] = first * c[i] - second * sine;
        b[i] = second * c[i] + first * sine;
      }
    }
}

CLONES
void valence_rotate(const valence_rotation *shape, const float *cosines, const float *sines,
                    float *x) {
  const valence_rotation s = *shape;
  rotate(&s, cosines, sines, x);
}

// The definition, by complex numbers: a + bi times cos + i sin.
void valence_rotate_plain(const valence_rotation *shape, const float *cosines, const float *sines,
                          float *x) {
  const long half = shape->width / 2;
  for (long i = 0; i < shape->rows * shape->heads * half; i++) {
    const long r = i / (shape->heads * half), h = i / half % shape->heads, angle = i % half;
    float *point = x + r * shape->stride + h * shape->width + angle;
    const double length = hypot(point[0], point[half]);
    const double turned = atan2(point[half], point[0]) +
                          shape->sign * atan2(sines[r * half + angle], cosines[r * half + angle]);
    point[0] = (float)(length * cos(turned));
    point[half] = (float)(length * sin(turned));
  }
}

CLONES
void valence_row_products(long rows, long columns, const float *a, long a_stride, const float *b,
                          long b_stride, float *out) {
  for (long r = 0; r < rows; r++) {
    const float *restrict x = a + r * a_stride, *restrict y = b + r * b_stride;
    float part[parts] = {0};
    long i = 0;
    for (; i + parts <= columns; i += parts)
      for (long j = 0; j < parts; j++) part[j] += x[i + j] * y[i + j];
    for (long j = 0; i < columns; i++, j++) part[j] += x[i] * y[i];
    double sum = 0;
    for (long j = 0; j < parts; j++) sum += part[j];
    out[r] = (float)sum;
  }
}
