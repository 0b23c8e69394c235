// The processor's arithmetic peak.
#include "kernels_peak.h"

#include "kernels_processor.h"
#include "vector.h"

void valence_multiply_add_plain(long count, long rounds, float factor, float addend, float *x) {
  for (long i = 0; i < count; i++) {
    for (long round = 0; round < rounds; round++) x[i] = factor * x[i] + addend;
  }
}

// An instruction takes about four cycles and two can begin in each, so eight vectors or more must be on
// their way. As many as the registers hold beside factor and addend: 12 of AVX-512, 12 halves of AVX2,
// 12 quarters of SSE.
enum { most_groups = 12, avx2_groups = 6, baseline_groups = 3 };

INLINE void multiply_add(long rounds, float factor, float addend, float *x, const int groups) {
  lanes_f sums[most_groups];
  for (int group = 0; group < groups; group++) sums[group] = load(x + 16 * group);
  for (long round = 0; round < rounds; round++) {
#pragma clang loop unroll(full)
    for (int group = 0; group < groups; group++) sums[group] = factor * sums[group] + addend;
  }
  for (int group = 0; group < groups; group++) store(x + 16 * group, sums[group]);
}

#if defined(__x86_64__)
__attribute__((target("avx512f,avx512dq,avx512bw,avx512vl,fma"))) static void multiply_add_avx512(
    long rounds, float factor, float addend, float *x) {
  multiply_add(rounds, factor, addend, x, most_groups);
}

__attribute__((target("avx2,fma"))) static void multiply_add_avx2(
    long rounds, float factor, float addend, float *x) {
  multiply_add(rounds, factor, addend, x, avx2_groups);
}
#endif

long valence_multiply_add_width(void) {
  switch (valence_processor_isa()) {
  case VALENCE_ISA_AVX512: return 16 * most_groups;
  case VALENCE_ISA_AVX2: return 16 * avx2_groups;
  default: return 16 * baseline_groups;
  }
}

void valence_multiply_add(long rounds, float factor, float addend, float *x) {
  switch (valence_processor_isa()) {
#if defined(__x86_64__)
  case VALENCE_ISA_AVX512: multiply_add_avx512(rounds, factor, addend, x); return;
  case VALENCE_ISA_AVX2: multiply_add_avx2(rounds, factor, addend, x); return;
#endif
  default: multiply_add(rounds, factor, addend, x, baseline_groups);
  }
}
