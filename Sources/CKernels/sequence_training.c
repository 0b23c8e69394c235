// Loss and optimizer.
#include <math.h>

#include "kernels_sequence.h"
#include "sequence_math.h"

static double log_sum_of_exp(long classes, const float *z) {
  double greatest = z[0], sum = 0;
  for (long k = 1; k < classes; k++) greatest = z[k] > greatest ? z[k] : greatest;
  for (long k = 0; k < classes; k++) sum += exp(z[k] - greatest);
  return greatest + log(sum);
}

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
    const double log_sum = log_sum_of_exp(classes, z);
    const double mass = (1 - smoothing) * weights[y] + share * weight_sum;
    for (long k = 0; k < classes; k++) {
      const double target = (k == y ? (1 - smoothing) * weights[y] : 0) + share * weights[k];
      loss += target * (log_sum - z[k]) / divisor;
      d[k] = (float)((mass * exp(z[k] - log_sum) - target) / divisor);
    }
  }
  return loss;
}

// With t[k] the targets of cross entropy, weighted and smoothed:
//   loss = sum over clips and k of t[k] (1 - p[k])^gamma (-log p[k]) / D
//   dL/dz[j] = (t[j] h[j] - p[j] sum over k of t[k] h[k]) / D
//   with h = p dL/dp = gamma p (1 - p)^(gamma - 1) log p - (1 - p)^gamma
double valence_focal_loss(long clips, long classes, const float *logits, const long *targets,
                          const float *weights, double smoothing, double gamma, float *gradient) {
  double divisor = 0, loss = 0;
  for (long b = 0; b < clips; b++) divisor += weights[targets[b]];
  for (long b = 0; b < clips; b++) {
    const float *z = logits + b * classes;
    float *d = gradient + b * classes;
    const double log_sum = log_sum_of_exp(classes, z);
    double pull = 0;
    // Twice over the classes: first the sum over all of them, then what each gets of it.
    for (int round = 0; round < 2; round++) {
      for (long k = 0; k < classes; k++) {
        const double target = (k == targets[b] ? (1 - smoothing) * weights[k] : 0) +
                              smoothing / (double)classes * weights[k];
        // 1 - p by expm1: of a class that is all but certain the difference would have no digits.
        const double log_p = z[k] - log_sum, p = exp(log_p), rest = -expm1(log_p);
        const double focus = pow(rest, gamma);
        const double slope = (rest > 0 ? gamma * p * focus / rest * log_p : 0) - focus;
        if (round == 0) {
          loss -= target * focus * log_p / divisor;
          pull += target * slope;
        } else {
          d[k] = (float)((target * slope - p * pull) / divisor);
        }
      }
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

INLINE void adam(long count, valence_adam_step s, bool penalized, const float *restrict g,
                 float *restrict first, float *restrict second, float *restrict p) {
  for (long i = 0; i < count; i++) {
    const float scaled = g[i] * s.gradient_scale;
    const float d = penalized ? scaled + s.penalty * p[i] : scaled;
    first[i] = s.beta1 * first[i] + s.rest1 * d;
    second[i] = s.beta2 * second[i] + s.rest2 * d * d;
    const float root = __builtin_elementwise_sqrt(second[i]) * s.correction + s.epsilon;
    p[i] = s.decay * p[i] - s.rate * first[i] / root;
  }
}

CLONES
void valence_adam(long count, const valence_adam_step *step, const float *gradients, float *m,
                  float *v, float *parameters) {
  // Two calls, so that neither loop carries the test.
  if (step->penalty == 0)
    adam(count, *step, false, gradients, m, v, parameters);
  else
    adam(count, *step, true, gradients, m, v, parameters);
}

CLONES
void valence_sgd(long count, const valence_sgd_step *step, const float *gradients, float *velocity,
                 float *parameters) {
  const valence_sgd_step s = *step;
  const float ahead = s.nesterov ? s.momentum : 1, now = s.nesterov ? 1 : 0;
  const float *restrict g = gradients;
  float *restrict v = velocity, *restrict p = parameters;
  if (!v) {
    for (long i = 0; i < count; i++) p[i] -= s.rate * (g[i] * s.gradient_scale + s.penalty * p[i]);
    return;
  }
  for (long i = 0; i < count; i++) {
    const float d = g[i] * s.gradient_scale + s.penalty * p[i];
    v[i] = s.momentum * v[i] + d;
    p[i] -= s.rate * (now * d + ahead * v[i]);
  }
}
