// The only file that knows oneDNN, version 2 (its `*_desc_init` calls are gone in version 3).

#include "onednn_door.h"

#ifdef VALENCE_HAS_ONEDNN

#include <oneapi/dnnl/dnnl.h>
#include <stdio.h>

// From libgomp. The number of threads is a setting of each calling thread, so every call into
// oneDNN sets it: parallel work is cut by the caller, never by a team of OpenMP's.
extern void omp_set_num_threads(int);

const char *valence_dnn_version(void) {
  static _Thread_local char text[32];
  const dnnl_version_t *version = dnnl_version();
  snprintf(text, sizeof text, "%d.%d.%d", version->major, version->minor, version->patch);
  return text;
}

bool valence_dnn_sgemm(
    long m, long n, long k, const float *a, long lda, const float *b, long ldb, bool accumulate,
    float *c, long ldc) {
  omp_set_num_threads(1);
  return dnnl_sgemm('N', 'N', m, n, k, 1, a, lda, b, ldb, accumulate ? 1 : 0, c, ldc) ==
         dnnl_success;
}

#else

const char *valence_dnn_version(void) { return 0; }

bool valence_dnn_sgemm(
    long m, long n, long k, const float *a, long lda, const float *b, long ldb, bool accumulate,
    float *c, long ldc) {
  (void)m, (void)n, (void)k, (void)a, (void)lda, (void)b, (void)ldb, (void)accumulate;
  (void)c, (void)ldc;
  return false;
}

#endif
