// Loss and optimizer.
#include <math.h>

#include "kernels_sequence.h"
#include "sequence_math.h"

// With w the class weights, e the smoothing, p the softmax and D = sum over clips of w[y]:
//   loss = sum over clips of ((1 - e) w[y] (-log p[y]) + e / K sum over k of w[k] (-log p[k])) / D
double valence_cross_entropy(long clips, long classes, const float *logits, const long *targets,
                             const float *weights, double smoothing, float *gradient) {
  double weight_sum = 0, divisor = 0, loss = 0;
  for (long k = 0; k < classes; k++) weight_sum += weights[k];
  for (long b = 0; b < clips; b++) divisor += weights[targets[b]];
  const double share = smoothing / (double)classes;
  for (long b = 0; b < clips; b++) {
    const float *z = logits + b * classes;
    float *d = gradient + b * classes;
    const long y = targets[b];
    double greatest = z[0], sum = 0;
    for (long k = 1; k < classes; k++) greatest = z[k] > greatest ? z[k] : greatest;
    for (long k = 0; k < classes; k++) sum += exp(z[k] - greatest);
    const double log_sum = greatest + log(sum);
    const double mass = (1 - smoothing) * weights[y] + share * weight_sum;
    for (long k = 0; k < classes; k++) {
      const double target = (k == y ? (1 - smoothing) * weights[y] : 0) + share * weights[k];
      loss += target * (log_sum - z[k]) / divisor;
      d[k] = (float)((mass * exp(z[k] - log_sum) - target) / divisor);
    }
  }
  return loss;
}

CLONES
double valence_sum_of_squares(long count, const float *x) {
  double part[16] = {0};
  long i = 0;
  for (; i + 16 <= count; i += 16)
    for (long j = 0; j < 16; j++) part[j] += (double)x[i + j] * x[i + j];
  double sum = 0;
  for (; i < count; i++) sum += (double)x[i] * x[i];
  for (long j = 0; j < 16; j++) sum += part[j];
  return sum;
}

CLONES
void valence_adamw(long count, const valence_adamw_step *step, const float *gradients, float *m,
                   float *v, float *parameters) {
  const valence_adamw_step s = *step;
  const float *restrict g = gradients;
  float *restrict first = m, *restrict second = v, *restrict p = parameters;
  for (long i = 0; i < count; i++) {
    const float d = g[i] * s.gradient_scale;
    first[i] = s.beta1 * first[i] + s.rest1 * d;
    second[i] = s.beta2 * second[i] + s.rest2 * d * d;
    const float root = __builtin_elementwise_sqrt(second[i]) * s.correction + s.epsilon;
    p[i] = s.decay * p[i] - s.rate * first[i] / root;
  }
}
