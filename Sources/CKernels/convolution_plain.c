#include "image.h"

// The side of the window that is inside: kernel taps that meet real frames or bins.
INLINE long first_tap(long position, long half) { return position < half ? half - position : 0; }
INLINE long end_tap(long position, long half, long kernel, long count) {
  long end = count - position + half;
  return end < kernel ? end : kernel;
}

CLONES void valence_convolution_forward(
    valence_image in, valence_image out, long kernel, const float *x, const float *w, float *y) {
  strides si = strides_of(in), so = strides_of(out);
  long half = kernel / 2;
  for (long t = 0; t < in.frames; t++) {
    for (long f = 0; f < in.bins; f++) {
      for (long o = 0; o < out.channels; o += valence_lanes) {
        lanes_f sum = 0;
        for (long i = first_tap(t, half); i < end_tap(t, half, kernel, in.frames); i++) {
          for (long j = first_tap(f, half); j < end_tap(f, half, kernel, in.bins); j++) {
            const float *tap = w + (i * kernel + j) * in.channels * out.channels + o;
            for (long c = 0; c < in.channels; c++) {
              sum += x[element_at(si, t + i - half, f + j - half, c)] *
                     load(tap + c * out.channels);
            }
          }
        }
        store(y + element_at(so, t, f, o), sum);
      }
    }
  }
}

CLONES void valence_convolution_backward_data(
    valence_image in, valence_image out, long kernel, const float *dy, const float *w, float *dx) {
  strides si = strides_of(in), so = strides_of(out);
  long half = kernel / 2;
  for (long t = 0; t < in.frames; t++) {
    for (long f = 0; f < in.bins; f++) {
      for (long c = 0; c < in.channels; c++) {
        lanes_f sum = 0;
        // Tap (i, j) carried x[t, f] to y[t − i + K/2, f − j + K/2]: the window, turned around.
        for (long i = first_tap(t, half); i < end_tap(t, half, kernel, in.frames); i++) {
          for (long j = first_tap(f, half); j < end_tap(f, half, kernel, in.bins); j++) {
            long turned = (kernel - 1 - i) * kernel + kernel - 1 - j;
            const float *tap = w + (turned * in.channels + c) * out.channels;
            for (long o = 0; o < out.channels; o += valence_lanes) {
              sum += load(dy + element_at(so, t + i - half, f + j - half, o)) * load(tap + o);
            }
          }
        }
        float total = 0;
        for (int lane = 0; lane < valence_lanes; lane++) total += sum[lane];
        dx[element_at(si, t, f, c)] = total;
      }
    }
  }
}

CLONES void valence_convolution_backward_weights(
    valence_image in, valence_image out, long kernel, const float *x, const float *dy, float *dw) {
  strides si = strides_of(in), so = strides_of(out);
  long half = kernel / 2;
  memset(dw, 0, (size_t)(kernel * kernel * in.channels * out.channels) * sizeof(float));
  for (long t = 0; t < in.frames; t++) {
    for (long f = 0; f < in.bins; f++) {
      for (long i = first_tap(t, half); i < end_tap(t, half, kernel, in.frames); i++) {
        for (long j = first_tap(f, half); j < end_tap(f, half, kernel, in.bins); j++) {
          float *tap = dw + (i * kernel + j) * in.channels * out.channels;
          for (long c = 0; c < in.channels; c++) {
            float value = x[element_at(si, t + i - half, f + j - half, c)];
            for (long o = 0; o < out.channels; o += valence_lanes) {
              float *sum = tap + c * out.channels + o;
              store(sum, load(sum) + value * load(dy + element_at(so, t, f, o)));
            }
          }
        }
      }
    }
  }
}

void valence_weights_pad(const valence_weight_shape *s, const float *w, float *padded) {
  long taps = s->kernel * s->kernel;
  memset(padded, 0, (size_t)(s->padded_out * s->padded_in * taps) * sizeof(float));
  for (long o = 0; o < s->out; o++) {
    memcpy(padded + o * s->padded_in * taps, w + o * s->in * taps,
           (size_t)(s->in * taps) * sizeof(float));
  }
}

void valence_weights_unpad(const valence_weight_shape *s, const float *padded, float *w) {
  long taps = s->kernel * s->kernel;
  for (long o = 0; o < s->out; o++) {
    memcpy(w + o * s->in * taps, padded + o * s->padded_in * taps,
           (size_t)(s->in * taps) * sizeof(float));
  }
}

void valence_weights_to_plain(const valence_weight_shape *s, const float *padded, float *plain) {
  long taps = s->kernel * s->kernel, rows = s->padded_in * taps;
  for (long tap = 0; tap < taps; tap++) {
    for (long c = 0; c < s->padded_in; c++) {
      for (long o = 0; o < s->padded_out; o++) {
        plain[(tap * s->padded_in + c) * s->padded_out + o] = padded[o * rows + c * taps + tap];
      }
    }
  }
}

void valence_weights_from_plain(
    const valence_weight_shape *s, const float *plain, float *padded) {
  long taps = s->kernel * s->kernel, rows = s->padded_in * taps;
  for (long tap = 0; tap < taps; tap++) {
    for (long c = 0; c < s->padded_in; c++) {
      for (long o = 0; o < s->padded_out; o++) {
        padded[o * rows + c * taps + tap] = plain[(tap * s->padded_in + c) * s->padded_out + o];
      }
    }
  }
}
