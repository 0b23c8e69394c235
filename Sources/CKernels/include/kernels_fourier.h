#ifndef VALENCE_KERNELS_FOURIER_H
#define VALENCE_KERNELS_FOURIER_H

/// X[k] = sum over n of x[n] exp(-2 pi i k n / size), for k from 0 to size / 2: real and imaginary
/// parts in turn. The definition, summed in double, that FFTW's transforms are checked against.
void valence_fourier_plain(long size, const float *x, float *spectrum);

#endif
