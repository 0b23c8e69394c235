#ifndef VALENCE_KERNELS_PITCH_H
#define VALENCE_KERNELS_PITCH_H

/// One step of Viterbi decoding where states reach their neighbors only.
///
/// best[j] = max over 0 <= d <= 2 reach of scores[j + d] + weights[d], and step[j] is the first such
/// d. `scores` holds count + 2 reach numbers, the states between `reach` numbers of padding.
void valence_band_max(long count, long reach, const float *scores, const float *weights,
                      float *best, int *step);

/// The same in its plainest form: the definition that the fast one is tested against.
void valence_band_max_plain(long count, long reach, const float *scores, const float *weights,
                            float *best, int *step);

#endif
