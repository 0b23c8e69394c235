// Decoding of pitch tracks.
#include "kernels_pitch.h"

#include "vector.h"

void valence_band_max_plain(long count, long reach, const float *scores, const float *weights,
                            float *best, int *step) {
  for (long j = 0; j < count; j++) {
    best[j] = scores[j] + weights[0];
    step[j] = 0;
    for (long d = 1; d <= 2 * reach; d++)
      if (scores[j + d] + weights[d] > best[j]) {
        best[j] = scores[j + d] + weights[d];
        step[j] = (int)d;
      }
  }
}

// Sixteen states at a time, the distances in the inner loop, so that the greatest stays in registers.
CLONES
void valence_band_max(long count, long reach, const float *scores, const float *weights,
                      float *best, int *step) {
  long j = 0;
  for (; j + 16 <= count; j += 16) {
    lanes_f greatest = load(scores + j) + weights[0];
    lanes_i first = 0;
    for (long d = 1; d <= 2 * reach; d++) {
      const lanes_f score = load(scores + j + d) + weights[d];
      const lanes_i is_greater = score > greatest;
      greatest = is_greater ? score : greatest;
      first = is_greater ? (lanes_i)(int)d : first;
    }
    store(best + j, greatest);
    for (long lane = 0; lane < 16; lane++) step[j + lane] = first[lane];
  }
  valence_band_max_plain(count - j, reach, scores + j, weights, best + j, step + j);
}
