#ifndef VALENCE_IMAGE_H
#define VALENCE_IMAGE_H

#include <string.h>

#include "kernels_convolution.h"
#include "vector.h"

// Distances between neighbors in an image, in floats.
typedef struct {
  long frame, bin, group;
} strides;

INLINE strides strides_of(valence_image image) {
  if (image.blocked) {
    return (strides){image.bins * valence_lanes, valence_lanes,
                     image.frames * image.bins * valence_lanes};
  }
  return (strides){image.bins * image.channels, image.channels, valence_lanes};
}

INLINE long element_at(strides s, long frame, long bin, long channel) {
  return frame * s.frame + bin * s.bin + channel / valence_lanes * s.group +
         channel % valence_lanes;
}

// Sets all frames from `first` on to zero.
INLINE void clear_frames_from(valence_image image, long first, float *x) {
  strides s = strides_of(image);
  long parts = image.blocked ? image.channels / valence_lanes : 1;
  for (long part = 0; part < parts; part++) {
    memset(x + part * s.group + first * s.frame, 0,
           (size_t)((image.frames - first) * s.frame) * sizeof(float));
  }
}

#endif
