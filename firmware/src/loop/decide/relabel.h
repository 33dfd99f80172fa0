/* Samples that the rule judged keep their outcome, so that another set point or rule judges them again. */
#ifndef ET_RELABEL_H
#define ET_RELABEL_H

#include "loop/core/core.h"

struct et_decide;

/* Keep beside sample `at`, which is whole otherwise, what the ticket at `place`, that it comes from, was judged by; its truth is that of the rule
 * as it is now. */
void et_relabel_keep(const struct et_decide *decide, uint16_t at, uint8_t place);

/* The rule or its set point is another one: judge every sample that has its outcome again, in slices, once no job holds the data set. */
void et_relabel_begin(struct et_decide *decide);
/* One bounded slice of it; false when there is nothing to do, or a job holds the data set. */
bool et_relabel_slice(struct et_decide *decide);

/* The outcomes have got another unit: `gain` new ones for an old one. */
void et_relabel_scale(struct et_decide *decide, float gain);

/* A rule comes where outcomes named classes: those of the tickets are no outcomes for it. */
void et_relabel_named(const et_core *core);

#endif
