/* Prints "name offset size" of every field of the definition's structs, as the compiler lays them out. */
#include <stddef.h>
#include <stdio.h>

#include "edge_trainer/definition.h"

#define FIELD(type, field) printf(#field " %u %u\n", (unsigned)offsetof(type, field), (unsigned)sizeof(((type *)0)->field))
#define FIXED(field) FIELD(et_definition_fixed, field)
#define SVM(field) FIELD(et_svm_parameters, field)
#define ESN(field) FIELD(et_esn_parameters, field)

int main(void) {
  printf("fixed %u %u\n", (unsigned)offsetof(et_definition_fixed, parameters), (unsigned)sizeof(et_definition_fixed));
  FIXED(magic); FIXED(layout); FIXED(model); FIXED(length); FIXED(features); FIXED(classes); FIXED(storage); FIXED(scaling);
  FIXED(out_of_range); FIXED(tickets); FIXED(capacity); FIXED(rule); FIXED(limit_side); FIXED(set_point); FIXED(band);
  FIXED(class_low); FIXED(class_high); FIXED(default_class); FIXED(suspicion); FIXED(settle_ms); FIXED(ticket_ttl_ms);
  FIXED(satisfactory_share); FIXED(hold_out_every); FIXED(mode); FIXED(min_new_samples); FIXED(min_samples);
  FIXED(accuracy_window); FIXED(accuracy_threshold); FIXED(cooldown_s);
  FIXED(drift_trainings); FIXED(seed); FIXED(save_interval_s); FIXED(identified);
  SVM(cost); SVM(tolerance); SVM(max_epochs); SVM(class_weights); SVM(kernel); SVM(gamma); SVM(coef0); SVM(degree);
  SVM(warm_start); SVM(sv_budget);
  ESN(units); ESN(reservoir); ESN(readout); ESN(cycle_weight); ESN(input_weight); ESN(leak); ESN(ridge); ESN(washout);
  ESN(window); ESN(hop); ESN(calibration); ESN(false_alarm); ESN(alarm_on); ESN(alarm_off); ESN(patterns); ESN(decimation);
  ESN(forgetting); ESN(learning_samples);
  return 0;
}
