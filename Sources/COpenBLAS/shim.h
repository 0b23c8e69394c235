#include <cblas.h>
#include <stdlib.h>

// LAPACK, which Debian builds into OpenBLAS but declares in no header of libopenblas-dev.
extern void dpotrf_(
  const char *triangle, const blasint *n, double *a, const blasint *lda, blasint *info, size_t length);

extern void dsyevd_(
  const char *job, const char *triangle, const blasint *n, double *a, const blasint *lda, double *w,
  double *work, const blasint *lwork, blasint *iwork, const blasint *liwork, blasint *info, size_t, size_t);

/// The eigenvalues of a symmetric matrix in increasing order, and in place of the matrix its eigenvectors,
/// one a row; 0 where all were found.
static inline blasint valence_eigen(blasint n, double *a, double *values) {
  blasint info = 0, asks = -1, integers = 0;
  double size = 0;
  dsyevd_("V", "U", &n, a, &n, values, &size, &asks, &integers, &asks, &info, 1, 1);
  if (info != 0) return info;
  blasint lwork = (blasint)size;
  double *work = malloc(sizeof(double) * (size_t)lwork);
  blasint *iwork = malloc(sizeof(blasint) * (size_t)integers);
  if (work && iwork)
    dsyevd_("V", "U", &n, a, &n, values, work, &lwork, iwork, &integers, &info, 1, 1);
  else
    info = -1;
  free(work);
  free(iwork);
  return info;
}

/// The Cholesky factor of a symmetric matrix in place, in the lower triangle of its rows.
///
/// Returns 0, or the number of the first leading part that is not positive definite.
static inline blasint valence_cholesky(blasint n, double *a) {
  blasint info = 0, lda = n > 1 ? n : 1;
  dpotrf_("U", &n, a, &lda, &info, 1);
  return info;
}

// Exported by builds with DYNAMIC_ARCH (Debian's among them) but undocumented, hence weak.
extern void gotoblas_dynamic_init(void) __attribute__((weak));
extern void gotoblas_dynamic_quit(void) __attribute__((weak));

/// Makes OpenBLAS choose its kernels again as if OPENBLAS_CORETYPE had been set to `core`.
///
/// The library reads the variable in its constructor, before any code of ours can set it. A user's
/// own setting wins. To be called before the first use of BLAS.
static inline void valence_openblas_choose_core(const char *core) {
  if (!gotoblas_dynamic_init || !gotoblas_dynamic_quit || getenv("OPENBLAS_CORETYPE")) return;
  setenv("OPENBLAS_CORETYPE", core, 1);
  gotoblas_dynamic_quit();
  gotoblas_dynamic_init();
  unsetenv("OPENBLAS_CORETYPE");
}
