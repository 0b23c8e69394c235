#include <linear.h>

/// Parameters of a solver whose offset belongs to the penalty, as of a column of ones: the only way before
/// version 2.40 and the default since.
static inline struct parameter valence_liblinear_parameter(int solver, double eps, double c) {
  struct parameter result = {0};
  result.solver_type = solver;
  result.eps = eps;
  result.C = c;
#if LIBLINEAR_VERSION >= 240
  result.nu = 0.5;
  result.regularize_bias = 1;
#endif
  return result;
}
