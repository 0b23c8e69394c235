// Loops of the network after its convolutions: B clips, T steps, W values a step, H hidden units,
// K classes. Matrices are row-major. Every pointer must hold what its comment says; nothing may
// overlap unless said. Callers have checked the lengths.
#ifndef VALENCE_KERNELS_SEQUENCE_H
#define VALENCE_KERNELS_SEQUENCE_H

#include <stdbool.h>

#include "dropout_random.h"

// Elementwise functions, out[i] = f(x[i]); out may be x. NaN gives NaN. The loops of the network have them inlined;
// by themselves they are for tests.
// exp: relative error 1.2e-7 in -87.3 ... 88.3, saturates outside of it.
// tanh: absolute error 2.4e-7. sigmoid: absolute error 1.2e-7.
void valence_exp(long count, const float *x, float *out);
void valence_tanh(long count, const float *x, float *out);
void valence_sigmoid(long count, const float *x, float *out);

// The exact Gaussian error linear unit, x F(x) with F the normal distribution: absolute error 4e-7 where x is
// below 1, relative error 4e-7 above. Each element has the same bits wherever it stands.
void valence_gelu_forward(long count, const float *x, float *out);
void valence_gelu_forward_plain(long count, const float *x, float *out);
// Its gradient: d[i] *= F(x[i]) + x[i] f(x[i]), with f the normal density.
void valence_gelu_backward(long count, const float *x, float *d);
void valence_gelu_backward_plain(long count, const float *x, float *d);

// One time step of a recurrent layer for `clips` clips; a cell has G gates of H values a row.
typedef struct {
  long clips;          // clips that are still running at this step
  long hidden;         // H
  const long *rows;    // [clips] the row of each clip at this step
  const long *before;  // [clips] its row one step earlier; -1 at the clip's first step
  float *gates;        // [rows, G H] before: W x; after: activations; backward: dL/d(W x)
  float *kept;         // [rows, H] what else a cell keeps of a row
  float *previous;     // [rows, H] the hidden state that the row started from
} valence_recurrent_step;

// One step forward: gates and `kept` are filled, h goes to `state` and `output`.
//   recurrent [clips, G H]: h_before U; bias [4H]; state [clips, H]: h_before in, h out;
//   output: [rows] of H values `stride` apart, receives h; `previous` receives h_before.
typedef void valence_recurrent_forward(const valence_recurrent_step *step, const float *recurrent,
                                       const float *bias, float *state, float *output,
                                       long stride);

// The gradients of one step, last step first.
//   gradient: [rows] of H values `stride` apart, dL/dh from above; recurrent [clips, H]: dL/dh from
//   the next step by way of U; carry [clips, H]: what the next step passes on past U in, for the
//   step before out; z [clips, G H]: receives dL/d(h_before U).
typedef void valence_recurrent_backward(const valence_recurrent_step *step, const float *gradient,
                                        long stride, const float *recurrent, float *carry,
                                        float *z);

// LSTM: gates i, f, g, o (PyTorch's order), `kept` the cell states c, `carry` dL/dc.
//   z = gates + bias + recurrent, then c = f c_before + i g and h = o tanh(c).
valence_recurrent_forward valence_lstm_forward, valence_lstm_forward_plain;
valence_recurrent_backward valence_lstm_backward, valence_lstm_backward_plain;

// GRU: gates r, z, n (PyTorch's order), `kept` the candidate's part of h_before with its bias, q,
// and after the backward step dL/dq; `carry` the part of dL/dh_before that goes past U.
//   r, z = sigmoid(gates + bias + recurrent), q = recurrent_n + bias_q,
//   n = tanh(gates_n + bias_n + r q), h = (1 - z) n + z h_before; bias in the order r, z, n, q.
valence_recurrent_forward valence_gru_forward, valence_gru_forward_plain;
valence_recurrent_backward valence_gru_backward, valence_gru_backward_plain;

// Attention pooling of one clip: u = tanh(u + bias), weights = softmax(u . query) over steps,
// context = sum of weights[t] h[t].
//   u [T, A] in and out; h [T, W]; weights [T]; context [W].
void valence_attention_forward(long steps, long width, long inner, float *u, const float *bias,
                               const float *query, const float *h, float *weights, float *context);
// Its gradients: dh [T, W] is overwritten with the part that comes through the weighted sum,
// energies [T] with dL/d(u . query), du [T, A] with dL/d(u before tanh).
void valence_attention_backward(long steps, long width, long inner, const float *u,
                                const float *query, const float *h, const float *weights,
                                const float *dcontext, float *dh, float *energies, float *du);

// One branch of a sum weighted by gates: values = tanh(values + value_bias), gates =
// sigmoid(gates + gate_bias), out += gates values.
//   values, gates [rows, width] in and out, rows `stride` apart; out [rows, width], rows adjoining.
void valence_gate_forward(long rows, long width, long stride, const float *value_bias,
                          const float *gate_bias, float *values, float *gates, float *out);
void valence_gate_forward_plain(long rows, long width, long stride, const float *value_bias,
                                const float *gate_bias, float *values, float *gates, float *out);
// Its gradients before tanh and sigmoid: overwritten, rows `stride` apart.
void valence_gate_backward(long rows, long width, long stride, const float *values,
                           const float *gates, const float *dout, float *dvalues, float *dgates);

// Maximum over the steps of one clip, and its gradient, which goes to the first greatest step.
void valence_max_forward(long steps, long width, const float *h, float *out);
void valence_max_backward(long steps, long width, const float *h, const float *out,
                          const float *dout, float *dh);

// out[c] = scale * sum over rows of weights[r] x[r, c], added in Double; weights may be null (ones).
void valence_column_sums(long rows, long columns, const float *x, long stride, const float *weights,
                         double scale, float *out);
// out[r, c] = scale * row[c] for every r.
void valence_repeat_row(long rows, long columns, const float *row, float scale, float *out);
// out [columns, rows] = x [rows, columns] transposed.
void valence_transpose(long rows, long columns, const float *x, float *out);
// out[i] = a[i] + b[i].
void valence_add(long count, const float *a, const float *b, float *out);
// a[i] = share * a[i] + rest * b[i].
void valence_mix(long count, float share, float rest, const float *b, float *a);

// x[r, c] += bias[c], and where `relu` is not 0 negative values become 0.
void valence_bias(long rows, long columns, float *x, const float *bias, int relu);
// d[i] *= scale where y[i] > 0, else 0: through ReLU followed by dropout, whose result y is.
void valence_relu_backward(long count, const float *y, float scale, float *d);

// Dropout (Srivastava et al., 2014): x[i] = bits of element i >= threshold ? keep_scale x[i] : 0.
// The same call drops the same elements again, so it is its own gradient.
void valence_dropout(long count, valence_dropout_key key, uint32_t threshold, float keep_scale,
                     float *x);

// Softmax cross entropy as torch.nn.CrossEntropyLoss(weight, label_smoothing): the mean weighted by
// the targets' class weights. logits [B, K], targets [B], weights [K], gradient [B, K].
double valence_cross_entropy(long clips, long classes, const float *logits, const long *targets,
                             const float *weights, double smoothing, float *gradient);
// Focal loss (Lin et al., 2017): each class's part of cross entropy counts (1 - p[k])^gamma times;
// gamma is positive. Everything else as above.
double valence_focal_loss(long clips, long classes, const float *logits, const long *targets,
                          const float *weights, double smoothing, double gamma, float *gradient);

// The sum of squares, added in Double.
double valence_sum_of_squares(long count, const float *x);

typedef struct {
  float decay;          // 1 - rate * decoupled weight decay
  float penalty;        // weight decay that is added to the gradient
  float rate;           // rate / (1 - beta1^t)
  float beta1, beta2;
  float rest1, rest2;   // 1 - beta1, 1 - beta2, rounded once
  float correction;     // 1 / sqrt(1 - beta2^t)
  float epsilon;
  float gradient_scale; // what clipping leaves of the gradient
} valence_adam_step;
// One step of Adam (Kingma and Ba, 2015) or AdamW (Loshchilov and Hutter, 2019) as torch.optim's.
void valence_adam(long count, const valence_adam_step *step, const float *gradients, float *m,
                  float *v, float *parameters);

typedef struct {
  float rate;
  float penalty;        // weight decay, added to the gradient
  float momentum;
  bool nesterov;
  float gradient_scale; // what clipping leaves of the gradient
} valence_sgd_step;
// One step of SGD as torch.optim.SGD takes it; `velocity` may be null, then there is no momentum.
void valence_sgd(long count, const valence_sgd_step *step, const float *gradients, float *velocity,
                 float *parameters);

#endif
