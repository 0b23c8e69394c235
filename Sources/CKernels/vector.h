#ifndef VALENCE_VECTOR_H
#define VALENCE_VECTOR_H

// Sixteen lanes at a time. The compiler splits them into the registers of each clone.

// Vectors never cross a call: every function that takes or returns one is always inlined.
#pragma clang diagnostic ignored "-Wpsabi"

typedef float lanes_f __attribute__((ext_vector_type(16)));
typedef double lanes_d __attribute__((ext_vector_type(16)));
typedef int lanes_i __attribute__((ext_vector_type(16)));
typedef unsigned lanes_u __attribute__((ext_vector_type(16)));
typedef float lanes_f_unaligned __attribute__((ext_vector_type(16), aligned(4)));
typedef double lanes_d_unaligned __attribute__((ext_vector_type(16), aligned(8)));

#define INLINE static inline __attribute__((always_inline))

#if defined(__x86_64__) && !__has_feature(thread_sanitizer)
// The loader picks the clone for the processor. a * b + c becomes one instruction in those that have
// it; fmaf would be a library call in the default clone. VALENCE_NO_AVX512 shows on a processor that has
// AVX-512 what others do (Tests/benchmarks/README.md). Under ThreadSanitizer there is one clone: what picks
// among several would call it before it is there.
#if defined(VALENCE_NO_AVX512)
#define CLONES __attribute__((target_clones("default", "arch=x86-64-v3")))
#else
#define CLONES __attribute__((target_clones("default", "arch=x86-64-v3", "arch=x86-64-v4")))
#endif
#else
#define CLONES
#endif

INLINE lanes_f load(const float *p) { return *(const lanes_f_unaligned *)p; }
INLINE void store(float *p, lanes_f v) { *(lanes_f_unaligned *)p = v; }
INLINE lanes_d load_d(const double *p) { return *(const lanes_d_unaligned *)p; }
INLINE void store_d(double *p, lanes_d v) { *(lanes_d_unaligned *)p = v; }
INLINE lanes_d widen(lanes_f v) { return __builtin_convertvector(v, lanes_d); }

#endif
