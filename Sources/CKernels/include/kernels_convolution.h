#ifndef VALENCE_KERNELS_CONVOLUTION_H
#define VALENCE_KERNELS_CONVOLUTION_H

#include <stdbool.h>
#include <stdint.h>

#include "dropout_random.h"

// T frames, F bins, C channels, K side of the convolution's kernel, p × q the pooling window.
// A lane group is 16 neighboring channels, the unit in which all passes work.

/// The number of channels in a lane group.
enum { valence_lanes = 16 };

/// An image [T, F, C], kept as [T, F, C] or, blocked, as [C/16, T, F, 16].
///
/// Where a pass asks for lane groups, C is a multiple of 16.
typedef struct {
  long frames, bins, channels;
  bool blocked;
} valence_image;

// Convolution with "same" zero padding and stride 1, as PyTorch defines it:
//   y[t, f, o] = Σ_{i, j, c} w[o, c, i, j] · x[t + i − K/2, f + j − K/2, c]
// The plain twins keep the weights as [K, K, Cin, Cout]; Cout is a multiple of 16. They define what
// faster kernels compute, and serve where there are none.

/// The output of the convolution.
void valence_convolution_forward(
    valence_image in, valence_image out, long kernel, const float *x, const float *w, float *y);

/// The gradient of the input, given that of the output.
void valence_convolution_backward_data(
    valence_image in, valence_image out, long kernel, const float *dy, const float *w, float *dx);

/// The gradient of the weights, given that of the output; overwrites `dw`.
void valence_convolution_backward_weights(
    valence_image in, valence_image out, long kernel, const float *x, const float *dy, float *dw);

/// How many channels a checkpoint's weights [Cout, Cin, K, K] have and how many a kernel wants.
typedef struct {
  long out, in, kernel;
  long padded_out, padded_in;
} valence_weight_shape;

/// Adds zero channels to weights: [out, in, K, K] → [padded_out, padded_in, K, K].
void valence_weights_pad(const valence_weight_shape *shape, const float *w, float *padded);

/// Drops the added channels again.
void valence_weights_unpad(const valence_weight_shape *shape, const float *padded, float *w);

/// [padded_out, padded_in, K, K] → [K, K, padded_in, padded_out], what the plain twins want.
void valence_weights_to_plain(const valence_weight_shape *shape, const float *padded, float *plain);

/// [K, K, padded_in, padded_out] → [padded_out, padded_in, K, K].
void valence_weights_from_plain(
    const valence_weight_shape *shape, const float *plain, float *padded);

/// A convolution with K = 3 by Winograd's algorithm F(4×4, 3×3) (Lavin and Gray, 2016), in tiles of 4 × 4 outputs,
/// row by row. Both images have as many frames and bins, and lane groups.
typedef struct {
  valence_image in, out;
  bool wide;  // whether vector registers are many and wide, as with AVX-512
} valence_winograd;

/// The number of tiles.
long valence_winograd_tiles(const valence_winograd *c);

/// The floats of packed weights.
long valence_winograd_weight_count(const valence_winograd *c);

/// The floats of working memory that `valence_winograd_forward` wants.
long valence_winograd_scratch_count(const valence_winograd *c);

/// The floats of working memory that `valence_winograd_weight_gradient` wants.
long valence_winograd_gradient_scratch_count(const valence_winograd *c);

/// Transforms weights [padded_out, padded_in, 3, 3]; `turned` into those of the convolution that takes the output's
/// gradient to the input's.
void valence_winograd_pack(
    const valence_weight_shape *shape, bool turned, bool wide, const float *padded, float *packed);

/// The output of the tiles from `first` to before `end`; no bit depends on how tiles are shared out.
void valence_winograd_forward(
    const valence_winograd *c, long first, long end, const float *x, const float *packed, float *y,
    float *scratch);

/// Adds the gradient of the weights, [K, K, Cin, Cout], to `dw`.
void valence_winograd_weight_gradient(
    const valence_winograd *c, const float *x, const float *dy, float *dw, float *scratch);

/// sum[i] += part[i].
void valence_accumulate(long count, const float *part, float *sum);

/// Sums of each channel over the first `valid` frames: Σ y, and Σ (y − mean of these frames)².
void valence_channel_moments(
    valence_image image, long valid, const float *y, double *sum, double *squares);

/// An activation function: max(x, 0), or a smooth function of `lane_activation.h`.
typedef enum { valence_relu, valence_gelu } valence_activation;

/// A block's second half: normalization, activation, max pooling by windows p × q, dropout.
typedef struct {
  valence_image in;      // the convolution's output, whose first `valid` frames count
  valence_image out;     // what comes out; T and F of the windows that fit, or more frames of zeros
  long valid;
  long first, end;       // the steps of what comes out that a forward pass takes
  long pool_frames, pool_bins;  // p and q
  valence_activation activation;
  const float *scale, *shift;  // [C]: the normalization is scale·y + shift
  valence_dropout_key key;
  uint32_t threshold;    // of dropout; 0 keeps all
  float keep_scale;      // 1 / (1 − share dropped)
} valence_pool_pass;

/// x = dropout(maxpool(activation(scale·y + shift))); with the last step, frames beyond valid/p are set to
/// zero.
///
/// `extreme`, if not NULL, receives for each element of x the y that won its window. Under ReLU that
/// is the greatest, or the least where scale is negative; smooth ones fall, then rise, so it is one of
/// both.
void valence_pool_forward(
    const valence_pool_pass *pass, const float *y, float *x, float *extreme);

/// The first half of the backward pass, over the pooled image and its frames with a whole window:
/// g = dx through dropout and activation, written over x; sum_g[c] = Σ g,
/// sum_gy[c] = Σ g·(extreme − mean).
void valence_pool_backward_sums(
    const valence_pool_pass *pass, const float *mean, const float *dx, const float *extreme,
    float *x, double *sum_g, double *sum_gy);

/// The second half: dy = a·g (at the first y of each window that equals its extreme)
/// + b·(y − mean) + c, written over y; frames beyond `valid` are set to zero.
///
/// Of the pass only images, valid frames and window are read. Batch normalization (Ioffe and Szegedy,
/// 2015) has a = γ/σ, b = −a·Σ(g·x̂)/(N·σ), c = −a·Σg/N.
void valence_pool_backward(
    const valence_pool_pass *pass, const float *mean, const float *a, const float *b,
    const float *c, const float *g, const float *extreme, float *y);

/// A network's first convolution, whose output is the largest image of all and is never stored: each of
/// its rows is made where it is used, in the nearest cache. What that computes is what a convolution's
/// output and the passes above give; weights are [K, K, Cin, Cout].
typedef struct {
  valence_image in;   // [T, F, Cin], channels last; all T frames count
  long out_channels;  // Cout, a multiple of 16
  long kernel;        // K
} valence_first_convolution;

/// The floats of working memory that the functions below want for windows of so many frames.
long valence_first_scratch_count(const valence_first_convolution *c, long frames);

/// The moments of the output, as `valence_channel_moments` has them.
void valence_first_moments(
    const valence_first_convolution *c, const float *x, const float *w, double *sum,
    double *squares, float *scratch);

/// Convolution and `valence_pool_forward`.
void valence_first_pool(
    const valence_first_convolution *c, const valence_pool_pass *pass, const float *x,
    const float *w, float *pooled, float *extreme, float *scratch);

/// Convolution, `valence_pool_backward` and the gradient of the weights, which is added to `dw`.
void valence_first_weight_gradient(
    const valence_first_convolution *c, const valence_pool_pass *pass, const float *mean,
    const float *a, const float *b, const float *offset, const float *g, const float *extreme,
    const float *x, const float *w, float *dw, float *scratch);

/// The first `valid` frames of an image as rows, `stride` apart: element (c, f) at column c·F + f,
/// for the first `channels` channels.
void valence_image_to_rows(
    valence_image image, long valid, long channels, const float *x, float *rows, long stride);

/// The reverse; the remaining channels of the frames are set to zero.
void valence_image_from_rows(
    valence_image image, long valid, long channels, const float *rows, long stride, float *x);

#endif
