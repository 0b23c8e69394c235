#ifndef VALENCE_ONEDNN_DOOR_H
#define VALENCE_ONEDNN_DOOR_H

#include <stdbool.h>

/// The version of oneDNN as `2.6.3`, or NULL in a build without it.
const char *valence_dnn_version(void);

/// c[m,n] = (accumulate ? c : 0) + a[m,k]·b[k,n], row-major, on one thread.
///
/// Returns false where oneDNN is missing or refuses.
bool valence_dnn_sgemm(
    long m, long n, long k, const float *a, long lda, const float *b, long ldb, bool accumulate,
    float *c, long ldc);

#endif
