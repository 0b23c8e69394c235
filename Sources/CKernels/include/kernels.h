#ifndef VALENCE_KERNELS_H
#define VALENCE_KERNELS_H

// The umbrella of the kernel headers, one a topic.
#include "kernels_convolution.h"
#include "kernels_encoder.h"
#include "kernels_matrix.h"
#include "kernels_peak.h"
#include "kernels_pitch.h"
#include "kernels_processor.h"
#include "kernels_sequence.h"
#include "kernels_spectrum.h"
#include "kernels_transformer.h"

#endif
