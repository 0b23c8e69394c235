// The gradients of layer normalization of rows.
#include <math.h>

#include "kernels_transformer.h"
#include "vector.h"

// Sixteen partial sums, so that the loops vectorize without reordering what is written here.
enum { parts = 16 };

INLINE double total(const float *part) {
  double sum = 0;
  for (long j = 0; j < parts; j++) sum += part[j];
  return sum;
}

INLINE float row_mean(long width, const float *restrict x) {
  float part[parts] = {0};
  long i = 0;
  for (; i + parts <= width; i += parts)
    for (long j = 0; j < parts; j++) part[j] += x[i + j];
  for (long j = 0; i < width; i++, j++) part[j] += x[i];
  return (float)(total(part) / (double)width);
}

// Of the deviations from the mean: squares of the values themselves would lose the digits that a large mean takes.
INLINE double row_variance(long width, const float *restrict x, float mean) {
  float part[parts] = {0};
  long i = 0;
  for (; i + parts <= width; i += parts)
    for (long j = 0; j < parts; j++) part[j] += (x[i + j] - mean) * (x[i + j] - mean);
  for (long j = 0; i < width; i++, j++) part[j] += (x[i] - mean) * (x[i] - mean);
  return total(part) / (double)width;
}

// With n = (x - mean) / deviation and g = dy scale:
//   dx = (g - mean of g - n mean of (g n)) / deviation, means over the row.
CLONES
void valence_layer_norm_backward(long rows, long width, float epsilon, const float *x,
                                 const float *scale, const float *dy, float *moments, float *dx) {
  for (long r = 0; r < rows; r++) {
    const float *restrict in = x + r * width, *restrict d = dy + r * width;
    float *restrict out = dx + r * width;
    const float mean = row_mean(width, in);
    const float inverse = (float)(1 / sqrt(row_variance(width, in, mean) + (double)epsilon));
    moments[2 * r] = mean;
    moments[2 * r + 1] = inverse;
    float sums[parts] = {0}, products[parts] = {0};
    long i = 0;
    for (; i + parts <= width; i += parts)
      for (long j = 0; j < parts; j++) {
        const float g = d[i + j] * scale[i + j];
        sums[j] += g;
        products[j] += g * ((in[i + j] - mean) * inverse);
      }
    for (long j = 0; i < width; i++, j++) {
      const float g = d[i] * scale[i];
      sums[j] += g;
      products[j] += g * ((in[i] - mean) * inverse);
    }
    const float mean_g = (float)(total(sums) / (double)width);
    const float mean_gn = (float)(total(products) / (double)width);
    for (i = 0; i < width; i++)
      out[i] += inverse * (d[i] * scale[i] - mean_g - (in[i] - mean) * inverse * mean_gn);
  }
}

void valence_layer_norm_backward_plain(long rows, long width, float epsilon, const float *x,
                                       const float *scale, const float *dy, float *moments,
                                       float *dx) {
  for (long r = 0; r < rows; r++) {
    const float *in = x + r * width, *d = dy + r * width;
    double mean = 0, variance = 0, sum = 0, product = 0;
    for (long i = 0; i < width; i++) mean += in[i];
    mean /= (double)width;
    for (long i = 0; i < width; i++) variance += (in[i] - mean) * (in[i] - mean);
    const double inverse = 1 / sqrt(variance / (double)width + (double)epsilon);
    moments[2 * r] = (float)mean;
    moments[2 * r + 1] = (float)inverse;
    for (long i = 0; i < width; i++) {
      sum += (double)d[i] * scale[i];
      product += (double)d[i] * scale[i] * (in[i] - mean) * inverse;
    }
    for (long i = 0; i < width; i++) {
      const double rest = sum / (double)width + (in[i] - mean) * inverse * product / (double)width;
      dx[r * width + i] += (float)(inverse * ((double)d[i] * scale[i] - rest));
    }
  }
}

CLONES
void valence_layer_norm_sums(long rows, long columns, long stride, const float *x,
                             const float *moments, const float *dy, float *dscale, float *dshift) {
  enum { strip = 64 };
  for (long first = 0; first < columns; first += strip) {
    const long width = columns - first < strip ? columns - first : strip;
    double scales[strip] = {0}, shifts[strip] = {0};
    for (long r = 0; r < rows; r++) {
      const float *restrict in = x + r * stride + first, *restrict d = dy + r * stride + first;
      const float mean = moments[2 * r], inverse = moments[2 * r + 1];
      for (long j = 0; j < width; j++) {
        scales[j] += (double)d[j] * ((in[j] - mean) * inverse);
        shifts[j] += d[j];
      }
    }
    for (long j = 0; j < width; j++) {
      dscale[first + j] = (float)scales[j];
      dshift[first + j] = (float)shifts[j];
    }
  }
}
