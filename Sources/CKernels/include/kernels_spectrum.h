#ifndef VALENCE_KERNELS_SPECTRUM_H
#define VALENCE_KERNELS_SPECTRUM_H

/// The two halves of a windowed frame: even[n] = samples[2n] window[2n], odd[n] = samples[2n + 1]
/// window[2n + 1]; `length` samples, of which the last one is alone if `length` is odd.
void valence_window_halves(long length, const float *samples, const float *window, float *even,
                           float *odd);

/// The power spectrum of a real frame of 2 M samples out of the transform Z of its halves, the even
/// samples as real and the odd ones as imaginary parts.
///
/// power[k] = |E + O|^2 for 0 <= k <= M with E = (Z[k] + conj Z[M - k]) / 2 and
/// O = -i exp(-2 pi i k / 2M) (Z[k] - conj Z[M - k]) / 2. `re` and `im` hold M + 1 numbers, Z[M] = Z[0];
/// `cosine` and `sine` those of 2 pi k / 2M, as many.
void valence_half_power(long m, const float *re, const float *im, const float *cosine,
                        const float *sine, float *power);

/// values[i] = 10 log10(max(values[i], floor)); infinity and not-a-number stay what they are.
///
/// The error is below 1e-6 of the value or 2e-5 dB.
void valence_decibels(long count, float floor, float *values);

/// The same in their plainest form: the definitions that the fast ones are tested against.
void valence_window_halves_plain(long length, const float *samples, const float *window,
                                 float *even, float *odd);
void valence_half_power_plain(long m, const float *re, const float *im, const float *cosine,
                              const float *sine, float *power);
void valence_decibels_plain(long count, float floor, float *values);

/// The transform that FFTW computes: Z[k] = sum over n of (real[n] + i imaginary[n]) exp(-2 pi i k n / size) for
/// 0 <= k < size, summed in double.
void valence_fourier_plain(long size, const float *real, const float *imaginary, float *re, float *im);

/// The sums that two transforms of FFTW compute: sums[t] = sum over j of x[j] x[j + t], both within `length`,
/// for 0 <= t < delays, summed in double.
void valence_autocorrelation_plain(long length, long delays, const float *x, float *sums);

#endif
