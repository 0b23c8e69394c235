// Loops of a transformer that is trained: T steps of a clip, W values a step. Matrices are row-major. Nothing may
// overlap unless said. Callers have checked the lengths. A plain twin is the definition, summed in double.
#ifndef VALENCE_KERNELS_TRANSFORMER_H
#define VALENCE_KERNELS_TRANSFORMER_H

#include "dropout_random.h"

// The gradient of the layer normalization that `valence_normalize_rows` is: dL/dx, added to what dx holds.
//   x, dy, dx [rows, width]; scale [width]; moments [rows, 2] receives the mean of each row of x and
//   1 / sqrt(variance + epsilon).
typedef void valence_layer_norm_gradient(long rows, long width, float epsilon, const float *x,
                                         const float *scale, const float *dy, float *moments,
                                         float *dx);
valence_layer_norm_gradient valence_layer_norm_backward, valence_layer_norm_backward_plain;

// dL/dscale and dL/dshift of `columns` columns of rows `stride` apart, added in double.
void valence_layer_norm_sums(long rows, long columns, long stride, const float *x,
                             const float *moments, const float *dy, float *dscale, float *dshift);

// Softmax over the keys of rows of attention scores, and dropout of the weights (Vaswani et al., 2017).
typedef struct {
  long rows, keys;          // rows of `keys` scores, adjoining
  long first;               // the number of the first row in its clip, for the draws of dropout
  float scale;              // what the scores are multiplied by before softmax
  valence_dropout_key key;
  uint32_t threshold;       // of dropout; 0 keeps all
  float keep_scale;         // 1 / (1 - share dropped)
} valence_attention_rows;

// x = dropped softmax(scale x); log_sums [rows] receives log of the sum of exp(scale x).
typedef void valence_attention_softmax(const valence_attention_rows *shape, float *x,
                                       float *log_sums);
valence_attention_softmax valence_attention_weights, valence_attention_weights_plain;

// Its gradient. x: the scores once more, replaced by the dropped weights; inner [rows]: the sum over keys of dropped
// weight * dL/d(dropped weight); d: dL/d(dropped weights), replaced by dL/dx.
typedef void valence_attention_gradient(const valence_attention_rows *shape, const float *log_sums,
                                        const float *inner, float *x, float *d);
valence_attention_gradient valence_attention_weights_backward,
    valence_attention_weights_backward_plain;

// Rotary positions (Su et al., 2021) of heads that adjoin in rows `stride` apart: values i and i + width / 2 of a head
// are a point that is turned by the angle (row, i). sign 1 turns, -1 turns back, which is the gradient.
//   cosines, sines [rows, width / 2].
typedef struct {
  long rows, heads, width, stride;
  float sign;
} valence_rotation;

void valence_rotate(const valence_rotation *shape, const float *cosines, const float *sines,
                    float *x);
void valence_rotate_plain(const valence_rotation *shape, const float *cosines, const float *sines,
                          float *x);

// out[r] = the sum over columns of a[r, c] b[r, c], rows `a_stride` and `b_stride` apart.
void valence_row_products(long rows, long columns, const float *a, long a_stride, const float *b,
                          long b_stride, float *out);

#endif
