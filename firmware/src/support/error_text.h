/* The text of an error code, generated from the register map. For ports with a console and for tests; a build that never
 * calls it does not carry the texts. */
#ifndef ET_ERROR_TEXT_H
#define ET_ERROR_TEXT_H

#include "edge_trainer/contract.h"

const char *et_error_text(et_error error);

#endif
