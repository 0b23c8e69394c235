#ifndef VALENCE_ONEDNN_DOOR_H
#define VALENCE_ONEDNN_DOOR_H

#include <stdbool.h>

// In a build without oneDNN every function answers that it cannot, and callers take plain C.

/// The version of oneDNN as `2.6.3`, or NULL in a build without it.
const char *valence_dnn_version(void);

/// Whether oneDNN generates code for AVX-512; a user may forbid it by ONEDNN_MAX_CPU_ISA.
bool valence_dnn_has_avx512(void);

/// c[m,n] = (accumulate ? c : 0) + op(a)[m,k]·b[k,n], row-major, on one thread.
///
/// Where `transpose_a` says so, a is stored as [k,m]. Returns false where oneDNN is missing or
/// refuses.
bool valence_dnn_sgemm(
    bool transpose_a, long m, long n, long k, const float *a, long lda, const float *b, long ldb, bool accumulate,
    float *c, long ldc);

/// A convolution of one image with square kernels, "same" zero padding and stride 1.
///
/// Images are [T, F, C], or where blocked [C/16, T, F, 16]; all buffers are 64-byte aligned.
typedef struct {
  long frames, bins, in_channels, out_channels, kernel;
  bool in_blocked, out_blocked;
} valence_dnn_shape;

/// What is computed from the other two of input, weights and output.
typedef enum {
  VALENCE_DNN_OUTPUT,
  VALENCE_DNN_INPUT_GRADIENT,
  VALENCE_DNN_WEIGHT_GRADIENT
} valence_dnn_direction;

/// Generated code for one shape and direction; may run on several threads at a time.
typedef struct valence_dnn_convolution valence_dnn_convolution;

/// Generates the code, which takes milliseconds; NULL where oneDNN has no fast code for the shape.
valence_dnn_convolution *valence_dnn_convolution_create(
    const valence_dnn_shape *shape, valence_dnn_direction direction);
void valence_dnn_convolution_destroy(valence_dnn_convolution *convolution);

/// The name of oneDNN's implementation, for example `jit:avx512_core`.
const char *valence_dnn_convolution_name(const valence_dnn_convolution *convolution);

/// How many floats of working memory a run needs.
long valence_dnn_scratch_count(const valence_dnn_convolution *convolution);

/// How many floats the weights (or their gradient) take in the order that the code wants.
long valence_dnn_weight_count(const valence_dnn_convolution *convolution);

/// Whether two convolutions want their weights in the same order; it differs by shape.
bool valence_dnn_same_weights(const valence_dnn_convolution *a, const valence_dnn_convolution *b);

/// Reorders weights [Cout, Cin, K, K] into the order that the code wants.
bool valence_dnn_pack_weights(
    const valence_dnn_convolution *convolution, const float *plain, float *packed);

/// Reorders a gradient of weights into [Cout, Cin, K, K].
bool valence_dnn_unpack_weights(
    const valence_dnn_convolution *convolution, const float *packed, float *plain);

/// Computes what the direction says from the two others; on one thread.
///
/// In the gradients' directions `in` or `weights` is written, and `out` holds the output's gradient.
bool valence_dnn_convolution_run(
    const valence_dnn_convolution *convolution, float *in, float *weights, float *out,
    float *scratch);

#endif
