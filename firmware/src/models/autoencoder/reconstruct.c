/* A window as bytes, through the network, and what is left over. */
#include "models/autoencoder/model.h"
#include "models/kernels/exact.h"
#include "models/kernels/arithmetic.h"

/* Outputs compared in one slice: some fifteen thousand instructions without an FPU. */
#define OUTPUTS_A_SLICE 48u
/* Work of a network in one slice; a unit of it takes more instructions than one of the other families. */
#define NETWORK_WORK 1280u
/* Mean squared residual below which its logarithm is cut off: the rounding of an input. */
#define RESIDUAL_FLOOR (ET_AUTOENCODER_UNIT * ET_AUTOENCODER_UNIT / 12.0f)

uint32_t et_autoencoder_budget(const et_autoencoder_view *view) {
  return view->parameters->format == ET_DNN_F32 ? NETWORK_WORK / ET_FLOAT_WORK : NETWORK_WORK;
}

void et_autoencoder_encode(const et_autoencoder_view *view, const float *scale, int8_t *coded, unsigned at, unsigned count) {
  for (unsigned i = at; i < at + count; i++) {
    const float z = (float)view->frames[i] * scale[i % view->channels] * (1.0f / ET_AUTOENCODER_UNIT);
    coded[i] = (int8_t)(z > 127.0f ? 127.0f : z < -127.0f ? -127.0f : z < 0.0f ? z - 0.5f : z + 0.5f);
  }
}

bool et_autoencoder_reconstruct(const et_dnn *net, const int8_t *input, unsigned channels, et_autoencoder_pass *pass, uint32_t budget) {
  const unsigned outputs = et_dnn_outputs(net->plan);
  if (!pass->asked) {
    et_dnn_infer_begin(input, &pass->cursor);
    pass->asked = true;
    return false;
  }
  if (pass->at == 0 && et_dnn_infer_step(net, &pass->cursor, budget) == ET_DNN_BUSY) return false;
  const unsigned end = pass->at + OUTPUTS_A_SLICE < outputs ? pass->at + OUTPUTS_A_SLICE : outputs;
  for (; pass->at < end; pass->at++) {
    const float error = et_dnn_output(net, pass->at) - ET_AUTOENCODER_UNIT * (float)input[pass->at];
    float *square = pass->square + pass->at % channels;
    *square = et_madd(error, error, *square);
  }
  return pass->at == outputs;
}

float et_autoencoder_residual(const et_autoencoder_view *view, const et_autoencoder_pass *pass, unsigned channel) {
  return et_logarithm(pass->square[channel] / (float)view->parameters->window + RESIDUAL_FLOOR);
}
