#include "kernels_processor.h"

#include <sched.h>

static _Thread_local bool thread_is_plain;

bool valence_thread_is_plain(void) { return thread_is_plain; }

bool valence_set_thread_plain(bool plain) {
  bool before = thread_is_plain;
  thread_is_plain = plain;
  return before;
}

void valence_wait(long turn) {
  if (turn >= 1000) {
    sched_yield();
    return;
  }
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}

#if defined(__x86_64__)
valence_isa valence_processor_isa(void) {
  __builtin_cpu_init();
#if !defined(VALENCE_NO_AVX512)
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
      __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl")) {
    return VALENCE_ISA_AVX512;
  }
#endif
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return VALENCE_ISA_AVX2;
  return VALENCE_ISA_BASELINE;
}

bool valence_processor_is_amd(void) {
  __builtin_cpu_init();
  return __builtin_cpu_is("amd");
}
#else
valence_isa valence_processor_isa(void) { return VALENCE_ISA_BASELINE; }
bool valence_processor_is_amd(void) { return false; }
#endif
