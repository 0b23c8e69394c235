// The only file that knows oneDNN, version 2 (its `*_desc_init` calls are gone in version 3).

#include "onednn_door.h"

#ifdef VALENCE_HAS_ONEDNN

#include <oneapi/dnnl/dnnl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// From libgomp. The number of threads is a setting of each calling thread, so every call into
// oneDNN sets it: parallel work is cut by the caller, never by a team of OpenMP's. Code generation
// also looks at it.
extern void omp_set_num_threads(int);

// One engine for the process, never destroyed: primitives refer to it until the end.
static dnnl_engine_t shared_engine(void) {
  static dnnl_engine_t engine;
  dnnl_engine_t known = __atomic_load_n(&engine, __ATOMIC_ACQUIRE);
  if (known) return known;
  dnnl_engine_t created = NULL;
  if (dnnl_engine_create(&created, dnnl_cpu, 0) != dnnl_success) return NULL;
  if (__atomic_compare_exchange_n(
          &engine, &known, created, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE)) {
    return created;
  }
  dnnl_engine_destroy(created);
  return known;
}

const char *valence_dnn_version(void) {
  static _Thread_local char text[32];
  const dnnl_version_t *version = dnnl_version();
  snprintf(text, sizeof text, "%d.%d.%d", version->major, version->minor, version->patch);
  return text;
}

bool valence_dnn_has_avx512(void) {
  return (dnnl_get_effective_cpu_isa() & dnnl_cpu_isa_avx512_core) == dnnl_cpu_isa_avx512_core;
}

bool valence_dnn_sgemm(
    bool transpose_a, long m, long n, long k, const float *a, long lda, const float *b, long ldb, bool accumulate,
    float *c, long ldc) {
  omp_set_num_threads(1);
  return dnnl_sgemm(
             transpose_a ? 'T' : 'N', 'N', m, n, k, 1, a, lda, b, ldb, accumulate ? 1 : 0, c,
             ldc) == dnnl_success;
}

struct valence_dnn_convolution {
  valence_dnn_direction direction;
  dnnl_primitive_t primitive;
  dnnl_memory_desc_t in, weights, out, scratch, plain_weights;
  char name[64];
};

// Describes the code that is wanted; the weights' order is left to oneDNN. `hint` is the forward
// description that oneDNN asks for beside a gradient's.
static dnnl_status_t describe(
    valence_dnn_convolution *c, valence_dnn_direction direction, long kernel,
    dnnl_primitive_desc_t hint, dnnl_primitive_desc_t *result) {
  dnnl_dims_t one = {1, 1}, padding = {kernel / 2, kernel / 2};
  dnnl_memory_desc_t any = c->plain_weights;
  dnnl_memory_desc_init_by_tag(&any, 4, c->plain_weights.dims, dnnl_f32, dnnl_format_tag_any);
  dnnl_convolution_desc_t wanted;
  dnnl_status_t status;
  switch (direction) {
  case VALENCE_DNN_OUTPUT:
    status = dnnl_convolution_forward_desc_init(
        &wanted, dnnl_forward_training, dnnl_convolution_direct, &c->in, &any, NULL, &c->out, one,
        padding, padding);
    break;
  case VALENCE_DNN_INPUT_GRADIENT:
    status = dnnl_convolution_backward_data_desc_init(
        &wanted, dnnl_convolution_direct, &c->in, &any, &c->out, one, padding, padding);
    break;
  default:
    status = dnnl_convolution_backward_weights_desc_init(
        &wanted, dnnl_convolution_direct, &c->in, &any, NULL, &c->out, one, padding, padding);
  }
  if (status != dnnl_success) return status;
  dnnl_primitive_attr_t attributes;
  status = dnnl_primitive_attr_create(&attributes);
  if (status != dnnl_success) return status;
  dnnl_primitive_attr_set_scratchpad_mode(attributes, dnnl_scratchpad_mode_user);
  status = dnnl_primitive_desc_create(result, &wanted, attributes, shared_engine(), hint);
  dnnl_primitive_attr_destroy(attributes);
  return status;
}

// Makes the primitive; false where oneDNN has only its reference loops for it, which are slower than
// our plain C.
static bool generate(valence_dnn_convolution *c, long kernel) {
  dnnl_primitive_desc_t hint = NULL, description = NULL;
  if (c->direction != VALENCE_DNN_OUTPUT &&
      describe(c, VALENCE_DNN_OUTPUT, kernel, NULL, &hint) != dnnl_success) {
    return false;
  }
  dnnl_status_t status = describe(c, c->direction, kernel, hint, &description);
  if (hint) dnnl_primitive_desc_destroy(hint);
  if (status != dnnl_success) return false;
  const char *name = "";
  dnnl_primitive_desc_query(description, dnnl_query_impl_info_str, 0, (void *)&name);
  snprintf(c->name, sizeof c->name, "%s", name);
  bool of_weights = c->direction == VALENCE_DNN_WEIGHT_GRADIENT;
  c->weights = *dnnl_primitive_desc_query_md(
      description, of_weights ? dnnl_query_diff_weights_md : dnnl_query_weights_md, 0);
  c->scratch = *dnnl_primitive_desc_query_md(description, dnnl_query_scratchpad_md, 0);
  bool fast = strncmp(name, "ref", 3) != 0;
  if (fast) fast = dnnl_primitive_create(&c->primitive, description) == dnnl_success;
  dnnl_primitive_desc_destroy(description);
  return fast;
}

valence_dnn_convolution *valence_dnn_convolution_create(
    const valence_dnn_shape *shape, valence_dnn_direction direction) {
  omp_set_num_threads(1);
  valence_dnn_convolution *c = calloc(1, sizeof *c);
  if (!c || !shared_engine()) {
    free(c);
    return NULL;
  }
  c->direction = direction;
  dnnl_dims_t in = {1, shape->in_channels, shape->frames, shape->bins};
  dnnl_dims_t out = {1, shape->out_channels, shape->frames, shape->bins};
  dnnl_dims_t weights = {shape->out_channels, shape->in_channels, shape->kernel, shape->kernel};
  dnnl_memory_desc_init_by_tag(
      &c->in, 4, in, dnnl_f32, shape->in_blocked ? dnnl_aBcd16b : dnnl_acdb);
  dnnl_memory_desc_init_by_tag(
      &c->out, 4, out, dnnl_f32, shape->out_blocked ? dnnl_aBcd16b : dnnl_acdb);
  dnnl_memory_desc_init_by_tag(&c->plain_weights, 4, weights, dnnl_f32, dnnl_abcd);
  if (!generate(c, shape->kernel)) {
    free(c);
    return NULL;
  }
  return c;
}

void valence_dnn_convolution_destroy(valence_dnn_convolution *c) {
  if (!c) return;
  dnnl_primitive_destroy(c->primitive);
  free(c);
}

const char *valence_dnn_convolution_name(const valence_dnn_convolution *c) { return c->name; }

static long floats_of(const dnnl_memory_desc_t *description) {
  return (long)((dnnl_memory_desc_get_size(description) + sizeof(float) - 1) / sizeof(float));
}

long valence_dnn_scratch_count(const valence_dnn_convolution *c) { return floats_of(&c->scratch); }
long valence_dnn_weight_count(const valence_dnn_convolution *c) { return floats_of(&c->weights); }

bool valence_dnn_same_weights(const valence_dnn_convolution *a, const valence_dnn_convolution *b) {
  return dnnl_memory_desc_equal(&a->weights, &b->weights);
}

// Runs a primitive over buffers. Memory objects and streams are made for each run, which costs about
// a microsecond: kept ones could not be shared between threads.
static bool execute(
    const_dnnl_primitive_t primitive, int count, const int *names,
    const dnnl_memory_desc_t *const *descriptions, float *const *buffers) {
  omp_set_num_threads(1);
  dnnl_engine_t engine = shared_engine();
  dnnl_exec_arg_t arguments[4];
  int made = 0;
  bool fine = true;
  for (; fine && made < count; made++) {
    arguments[made].arg = names[made];
    fine = dnnl_memory_create(
               &arguments[made].memory, descriptions[made], engine, buffers[made]) == dnnl_success;
    if (!fine) break;
  }
  dnnl_stream_t stream;
  if (fine && dnnl_stream_create(&stream, engine, dnnl_stream_default_flags) == dnnl_success) {
    fine = dnnl_primitive_execute(primitive, stream, count, arguments) == dnnl_success &&
           dnnl_stream_wait(stream) == dnnl_success;
    dnnl_stream_destroy(stream);
  } else {
    fine = false;
  }
  for (int i = 0; i < made; i++) dnnl_memory_destroy(arguments[i].memory);
  return fine;
}

static bool reorder(
    const dnnl_memory_desc_t *from, const float *source, const dnnl_memory_desc_t *to,
    float *target) {
  omp_set_num_threads(1);
  dnnl_primitive_desc_t description;
  dnnl_engine_t engine = shared_engine();
  if (dnnl_reorder_primitive_desc_create(&description, from, engine, to, engine, NULL) !=
      dnnl_success) {
    return false;
  }
  dnnl_primitive_t primitive;
  bool fine = dnnl_primitive_create(&primitive, description) == dnnl_success;
  dnnl_primitive_desc_destroy(description);
  if (!fine) return false;
  const int names[] = {DNNL_ARG_FROM, DNNL_ARG_TO};
  const dnnl_memory_desc_t *descriptions[] = {from, to};
  float *buffers[] = {(float *)source, target};
  fine = execute(primitive, 2, names, descriptions, buffers);
  dnnl_primitive_destroy(primitive);
  return fine;
}

bool valence_dnn_pack_weights(const valence_dnn_convolution *c, const float *plain, float *packed) {
  return reorder(&c->plain_weights, plain, &c->weights, packed);
}

bool valence_dnn_unpack_weights(
    const valence_dnn_convolution *c, const float *packed, float *plain) {
  return reorder(&c->weights, packed, &c->plain_weights, plain);
}

bool valence_dnn_convolution_run(
    const valence_dnn_convolution *c, float *in, float *weights, float *out, float *scratch) {
  static const int names[3][4] = {
      {DNNL_ARG_SRC, DNNL_ARG_WEIGHTS, DNNL_ARG_DST, DNNL_ARG_SCRATCHPAD},
      {DNNL_ARG_DIFF_SRC, DNNL_ARG_WEIGHTS, DNNL_ARG_DIFF_DST, DNNL_ARG_SCRATCHPAD},
      {DNNL_ARG_SRC, DNNL_ARG_DIFF_WEIGHTS, DNNL_ARG_DIFF_DST, DNNL_ARG_SCRATCHPAD}};
  const dnnl_memory_desc_t *descriptions[] = {&c->in, &c->weights, &c->out, &c->scratch};
  float *buffers[] = {in, weights, out, scratch};
  return execute(c->primitive, 4, names[c->direction], descriptions, buffers);
}

#else

const char *valence_dnn_version(void) { return 0; }

bool valence_dnn_has_avx512(void) { return false; }

bool valence_dnn_sgemm(
    bool transpose_a, long m, long n, long k, const float *a, long lda, const float *b, long ldb, bool accumulate,
    float *c, long ldc) {
  (void)transpose_a, (void)m, (void)n, (void)k, (void)a, (void)lda, (void)b, (void)ldb, (void)accumulate;
  (void)c, (void)ldc;
  return false;
}

valence_dnn_convolution *valence_dnn_convolution_create(
    const valence_dnn_shape *shape, valence_dnn_direction direction) {
  (void)shape, (void)direction;
  return 0;
}

// None of the following can be reached without a convolution.

void valence_dnn_convolution_destroy(valence_dnn_convolution *c) { (void)c; }

const char *valence_dnn_convolution_name(const valence_dnn_convolution *c) {
  (void)c;
  return "";
}

long valence_dnn_scratch_count(const valence_dnn_convolution *c) {
  (void)c;
  return 0;
}

long valence_dnn_weight_count(const valence_dnn_convolution *c) {
  (void)c;
  return 0;
}

bool valence_dnn_same_weights(const valence_dnn_convolution *a, const valence_dnn_convolution *b) {
  return a == b;
}

bool valence_dnn_pack_weights(const valence_dnn_convolution *c, const float *plain, float *packed) {
  (void)c, (void)plain, (void)packed;
  return false;
}

bool valence_dnn_unpack_weights(
    const valence_dnn_convolution *c, const float *packed, float *plain) {
  (void)c, (void)packed, (void)plain;
  return false;
}

bool valence_dnn_convolution_run(
    const valence_dnn_convolution *c, float *in, float *weights, float *out, float *scratch) {
  (void)c, (void)in, (void)weights, (void)out, (void)scratch;
  return false;
}

#endif
