#include <fftw3.h>

/// An array whose length the header does not say, which Swift does not import.
static inline const char *valence_fftw_version(void) { return fftwf_version; }
