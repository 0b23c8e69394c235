// From frames to power spectra and levels.
#include "kernels_spectrum.h"

#include <math.h>
#include <string.h>

#include "vector.h"

void valence_window_halves_plain(long length, const float *samples, const float *window,
                                 float *even, float *odd) {
  for (long i = 0; i < length; i++) (i % 2 ? odd : even)[i / 2] = samples[i] * window[i];
}

#define EVEN_OF(a, b) \
  __builtin_shufflevector(a, b, 0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30)
#define ODD_OF(a, b) \
  __builtin_shufflevector(a, b, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31)
#define REVERSED(a) \
  __builtin_shufflevector(a, a, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0)

CLONES
void valence_window_halves(long length, const float *samples, const float *window, float *even,
                           float *odd) {
  long i = 0;
  for (; i + 32 <= length; i += 32) {
    const lanes_f first = load(samples + i) * load(window + i);
    const lanes_f second = load(samples + i + 16) * load(window + i + 16);
    store(even + i / 2, EVEN_OF(first, second));
    store(odd + i / 2, ODD_OF(first, second));
  }
  valence_window_halves_plain(length - i, samples + i, window + i, even + i / 2, odd + i / 2);
}

// |E + O|^2 for one k or sixteen: a + bi is Z[k], c + di is Z[M - k].
#define HALF_POWER(F, a, b, c, d, cosine, sine, power)    \
  do {                                                    \
    const F dr = 0.5f * ((a) - (c)), di = 0.5f * ((b) + (d)); \
    const F xr = 0.5f * ((a) + (c)) + di * (cosine) - dr * (sine); \
    const F xi = 0.5f * ((b) - (d)) - dr * (cosine) - di * (sine); \
    power = xr * xr + xi * xi;                            \
  } while (0)

INLINE void half_power_from(long k, long m, const float *re, const float *im, const float *cosine,
                            const float *sine, float *power) {
  for (; k <= m; k++)
    HALF_POWER(float, re[k], im[k], re[m - k], im[m - k], cosine[k], sine[k], power[k]);
}

void valence_half_power_plain(long m, const float *re, const float *im, const float *cosine,
                              const float *sine, float *power) {
  half_power_from(0, m, re, im, cosine, sine, power);
}

CLONES
void valence_half_power(long m, const float *re, const float *im, const float *cosine,
                        const float *sine, float *power) {
  long k = 0;
  for (; k + 16 <= m + 1; k += 16) {
    const long mirror = m - k - 15;
    const lanes_f c = load(re + mirror), d = load(im + mirror);
    lanes_f squares;
    HALF_POWER(lanes_f, load(re + k), load(im + k), REVERSED(c), REVERSED(d), load(cosine + k),
               load(sine + k), squares);
    store(power + k, squares);
  }
  half_power_from(k, m, re, im, cosine, sine, power);
}

void valence_decibels_plain(long count, float floor, float *values) {
  for (long i = 0; i < count; i++) {
    const float power = values[i] < floor ? floor : values[i];
    values[i] = 10 * log10f(power);
  }
}

// ln(x) of positive normal numbers: x = 2^e m with m from sqrt(1/2) to sqrt(2), and Cephes' polynomial
// for ln(m). ln 2 in two parts keeps the sum exact.
INLINE lanes_f lanes_log(lanes_f x) {
  lanes_u bits;
  memcpy(&bits, &x, sizeof bits);
  // 0x3f3504f3 is sqrt(1/2): what is at or above it belongs to the next power of two.
  const lanes_u offset = bits - 0x3f3504f3u;
  const lanes_i exponent = (lanes_i)offset >> 23;
  const lanes_u mantissa = (offset & 0x007fffffu) + 0x3f3504f3u;
  lanes_f m;
  memcpy(&m, &mantissa, sizeof m);
  const lanes_f e = __builtin_convertvector(exponent, lanes_f);
  const lanes_f r = m - 1.0f;
  const lanes_f s = r * r;
  lanes_f p = r * 7.0376836292e-2f + -1.1514610310e-1f;
  p = p * r + 1.1676998740e-1f;
  p = p * r + -1.2420140846e-1f;
  p = p * r + 1.4249322787e-1f;
  p = p * r + -1.6668057665e-1f;
  p = p * r + 2.0000714765e-1f;
  p = p * r + -2.4999993993e-1f;
  p = p * r + 3.3333331174e-1f;
  p = p * r * s + e * -2.12194440e-4f - 0.5f * s;
  return (r + p) + e * 0.693359375f;
}

INLINE lanes_f lanes_decibels(lanes_f power, float floor) {
  power = power < floor ? (lanes_f)floor : power;
  const lanes_f level = lanes_log(power) * 4.34294481903251828f;
  return power - power == 0.0f ? level : power;
}

CLONES
void valence_decibels(long count, float floor, float *values) {
  long i = 0;
  for (; i + 16 <= count; i += 16) store(values + i, lanes_decibels(load(values + i), floor));
  if (i == count) return;
  lanes_f rest = floor;
  memcpy(&rest, values + i, (count - i) * sizeof *values);
  rest = lanes_decibels(rest, floor);
  memcpy(values + i, &rest, (count - i) * sizeof *values);
}

void valence_fourier_plain(long size, const float *real, const float *imaginary, float *re,
                           float *im) {
  for (long k = 0; k < size; k++) {
    // exp(-2 pi i k n / size), taken one step on for each n; in double that is exact to 1e-13.
    const double angle = -2 * M_PI * (double)k / (double)size;
    const double step_c = cos(angle), step_s = sin(angle);
    double c = 1, s = 0, sum_re = 0, sum_im = 0;
    for (long n = 0; n < size; n++) {
      sum_re += real[n] * c - imaginary[n] * s;
      sum_im += real[n] * s + imaginary[n] * c;
      const double next = c * step_c - s * step_s;
      s = c * step_s + s * step_c;
      c = next;
    }
    re[k] = (float)sum_re;
    im[k] = (float)sum_im;
  }
}

void valence_autocorrelation_plain(long length, long delays, const float *x, float *sums) {
  for (long delay = 0; delay < delays; delay++) {
    double sum = 0;
    for (long j = 0; j + delay < length; j++) sum += (double)x[j] * x[j + delay];
    sums[delay] = (float)sum;
  }
}
