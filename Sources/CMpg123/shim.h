#include <mpg123.h>

// From version 1.29 on mpg123_param is a macro with another function's name, which Swift cannot follow.
static inline int valence_mpg123_param(mpg123_handle *handle, enum mpg123_parms key, long value) {
  return mpg123_param(handle, key, value, 0);
}
