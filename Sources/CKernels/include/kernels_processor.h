#ifndef VALENCE_KERNELS_PROCESSOR_H
#define VALENCE_KERNELS_PROCESSOR_H

#include <stdbool.h>

/// The widest vector extension that the kernels use here.
typedef enum { VALENCE_ISA_BASELINE, VALENCE_ISA_AVX2, VALENCE_ISA_AVX512 } valence_isa;

/// The widest vector extension that this processor and its system offer.
valence_isa valence_processor_isa(void);

/// Whether the processor calls itself AMD's.
bool valence_processor_is_amd(void);

/// Whether the calling thread is to take plain twins; a thread's own, as no variable of Swift is.
bool valence_thread_is_plain(void);

/// Says so, and returns what was said before.
bool valence_set_thread_plain(bool plain);

/// Lets a moment pass in the `turn`-th round of waiting for another thread; after some 50 µs of rounds it yields
/// the core to other threads.
void valence_wait(long turn);

#endif
