#include "kernels_fourier.h"

#include <math.h>

void valence_fourier_plain(long size, const float *x, float *spectrum) {
  for (long k = 0; k <= size / 2; k++) {
    // exp(-2 pi i k n / size), taken one step on for each n; in double that is exact to 1e-13.
    double angle = -2 * M_PI * (double)k / (double)size;
    double step_real = cos(angle), step_imaginary = sin(angle), real = 1, imaginary = 0;
    double sum_real = 0, sum_imaginary = 0;
    for (long n = 0; n < size; n++) {
      sum_real += x[n] * real;
      sum_imaginary += x[n] * imaginary;
      double next = real * step_real - imaginary * step_imaginary;
      imaginary = real * step_imaginary + imaginary * step_real;
      real = next;
    }
    spectrum[2 * k] = (float)sum_real;
    spectrum[2 * k + 1] = (float)sum_imaginary;
  }
}
