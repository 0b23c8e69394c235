#ifndef VALENCE_KERNELS_PEAK_H
#define VALENCE_KERNELS_PEAK_H

// The bound of all other kernels: arithmetic that touches no memory.

/// How many floats `valence_multiply_add` keeps in registers here.
long valence_multiply_add_width(void);

/// x[i] = factor x[i] + addend, `rounds` times, for each of the `width` floats of x.
///
/// All of them stay in registers, in enough vectors to hide the latency of the instruction, so nothing
/// can multiply and add faster: 2 width rounds operations.
void valence_multiply_add(long rounds, float factor, float addend, float *x);

/// The same for `count` floats one after the other: the definition that the fast one is tested against.
void valence_multiply_add_plain(long count, long rounds, float factor, float addend, float *x);

#endif
