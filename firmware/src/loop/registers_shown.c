/* Generated from firmware/contract by `npm run generate`. Do not edit. */
#include "loop/registers_shown.h"

#include <stddef.h>

#include "edge_trainer/section.h"
#include "loop/trainer_state.h"

#define SHOWN_REAL(member) (offsetof(et_trainer, member) << 3 | sizeof(((et_trainer *)0)->member))
/* Of integers: `| 0` compiles for no other type. */
#define SHOWN(member) (SHOWN_REAL(member) + 0u * sizeof(((et_trainer *)0)->member | 0))

ET_STORED(every_offset_shown, sizeof(et_trainer) <= 8192u);
ET_STORED(shown_as_feedback_value, sizeof(((et_trainer *)0)->core.outcome.value) == 2u);
ET_STORED(shown_as_set_point, sizeof(((et_trainer *)0)->decide.feedback.set_point) == 2u);
#if ET_WITH_STREAM
ET_STORED(shown_as_score, sizeof(((et_trainer *)0)->stream.alarm.result.score) == 4u);
ET_STORED(shown_as_threshold, sizeof(((et_trainer *)0)->stream.alarm.result.threshold) == 4u);
ET_STORED(shown_as_baseline_score, sizeof(((et_trainer *)0)->stream.alarm.result.baseline_score) == 4u);
ET_STORED(shown_as_baseline_threshold, sizeof(((et_trainer *)0)->stream.alarm.result.baseline_threshold) == 4u);
#endif
ET_STORED(shown_as_discarded, sizeof(((et_trainer *)0)->core.counters.discarded) == 6u * sizeof(((et_trainer *)0)->core.counters.discarded[0]));
#if ET_WITH_LOCAL_IO
ET_STORED(shown_as_local_value, sizeof(((et_trainer *)0)->decide.local.value) == 2u);
#endif

ET_CONSTANT uint16_t et_registers_shown[ET_REGISTER_COUNT] = {
  [ET_R_TICKET] = SHOWN(decide.io.ticket),
  [ET_R_TICKET_CLAIM] = SHOWN(decide.io.words.claim),
  [ET_R_CONFIDENCE] = SHOWN(decide.io.shown.confidence),
  [ET_R_DECISION_GENERATION] = SHOWN(decide.io.shown.generation),
  [ET_R_DECIDED_BY] = SHOWN(decide.io.shown.by),
  [ET_R_FEEDBACK_TICKET] = SHOWN(core.outcome.ticket),
  [ET_R_FEEDBACK_KIND] = SHOWN(core.outcome.kind),
  [ET_R_FEEDBACK_VALUE] = SHOWN(core.outcome.value),
  [ET_R_FEEDBACK_JUDGEMENT] = SHOWN(core.outcome.judgement),
  [ET_R_SET_POINT] = SHOWN(decide.feedback.set_point),
  [ET_R_FEEDBACK_REASON] = SHOWN(core.outcome.reason),
  [ET_R_FEEDBACK_CLAIM] = SHOWN(core.outcome.words.claim),
  [ET_R_WATCH_BOOTS] = SHOWN(core.clock.boots),
  [ET_R_WATCH_GENERATION] = SHOWN(core.generations.number),
  [ET_R_WATCH_UPTIME] = SHOWN(core.clock.uptime_s),
#if ET_WITH_STREAM
  [ET_R_PATTERN] = SHOWN(stream.alarm.result.pattern),
  [ET_R_PATTERN_SEEN] = SHOWN(stream.alarm.result.pattern_seen),
  [ET_R_SCORE] = SHOWN_REAL(stream.alarm.result.score),
  [ET_R_THRESHOLD] = SHOWN_REAL(stream.alarm.result.threshold),
  [ET_R_BASELINE_SCORE] = SHOWN_REAL(stream.alarm.result.baseline_score),
  [ET_R_BASELINE_THRESHOLD] = SHOWN_REAL(stream.alarm.result.baseline_threshold),
  [ET_R_WINDOWS] = SHOWN(stream.alarm.result.windows),
#endif
  [ET_R_WINDOW_SEQUENCE] = SHOWN(stream.queue.window_sequence),
#if ET_WITH_STREAM
  [ET_R_REGIME] = SHOWN(stream.alarm.result.regime),
#endif
  [ET_R_TARGET_TICKET] = SHOWN(core.outcome.ticket),
  [ET_R_TARGET_KIND] = SHOWN(core.outcome.kind),
  [ET_R_TARGET_CLAIM] = SHOWN(core.outcome.words.claim),
  [ET_R_UNIT_ID] = SHOWN(unit),
  [ET_R_MODE] = SHOWN(core.training.mode),
  [ET_R_LAST_ERROR] = SHOWN(core.log.error),
  [ET_R_LAST_ERROR_DETAIL] = SHOWN(core.log.error_detail),
  [ET_R_GENERATION] = SHOWN(core.generations.number),
  [ET_R_PREVIOUS_GENERATION] = SHOWN(core.generations.previous_number),
  [ET_R_WINDOW_FILLED] = SHOWN(core.window.filled),
  [ET_R_SAMPLES_STORED] = SHOWN(decide.stitching.samples),
  [ET_R_SAMPLES_NEW] = SHOWN(decide.stitching.samples_new),
  [ET_R_SAMPLES_HELD_OUT] = SHOWN(decide.stitching.held_out_total),
  [ET_R_MEMORY_USED] = SHOWN(core.deployment.layout.total),
  [ET_R_DATASET_BYTES] = SHOWN(core.deployment.layout.dataset_bytes),
  [ET_R_UPTIME] = SHOWN(core.clock.uptime_s),
  [ET_R_INFERENCES] = SHOWN(core.counters.inferences),
  [ET_R_JUDGED] = SHOWN(core.counters.judged),
  [ET_R_SATISFIED] = SHOWN(core.counters.satisfied),
  [ET_R_STITCHED] = SHOWN(core.counters.stitched),
  [ET_R_REPLACED] = SHOWN(core.counters.replaced),
  [ET_R_TRAININGS] = SHOWN(core.counters.trainings),
  [ET_R_PROMOTED] = SHOWN(core.counters.promoted),
  [ET_R_REJECTED] = SHOWN(core.counters.rejected),
  [ET_R_ROLLED_BACK] = SHOWN(core.counters.rolled_back),
  [ET_R_TRAIN_WORK] = SHOWN(core.training.report.work),
  [ET_R_TRAIN_ITERATIONS] = SHOWN(core.training.report.iterations),
  [ET_R_TRAIN_RESULT] = SHOWN(core.training.report.result),
  [ET_R_DRIFT] = SHOWN(decide.on_demand.drift),
  [ET_R_DISCARDED] = SHOWN(core.counters.discarded[0]),
  [ET_R_SAVES] = SHOWN(persistence.saves),
  [ET_R_START_REASON] = SHOWN(persistence.start_reason),
  [ET_R_FRAMES_GOOD] = SHOWN(server.frames_good),
  [ET_R_FRAMES_BAD] = SHOWN(server.frames_bad),
  [ET_R_EXCEPTIONS] = SHOWN(server.exceptions),
  [ET_R_REPEATS] = SHOWN(core.repeats),
  [ET_R_LOG_NEXT] = SHOWN(core.log.next),
  [ET_R_BOOTS] = SHOWN(core.clock.boots),
  [ET_R_OPERATING_TIME] = SHOWN(core.clock.operating_s),
  [ET_R_FROZEN_BY] = SHOWN(core.training.frozen_by),
#if ET_WITH_LOCAL_IO
  [ET_R_LOCAL_STATE] = SHOWN(decide.local.state),
  [ET_R_LOCAL_CHANNEL] = SHOWN(decide.local.channel),
  [ET_R_LOCAL_TICKET] = SHOWN(decide.local.ticket),
  [ET_R_LOCAL_VALUE] = SHOWN(decide.local.value),
#endif
  [ET_R_SUSPICION] = SHOWN(decide.feedback.watch.kind),
  [ET_R_EVALUATED_SAMPLES] = SHOWN(decide.on_demand.evaluated_samples),
  [ET_R_EVALUATED_GENERATION] = SHOWN(decide.on_demand.evaluated_generation),
  [ET_R_CANDIDATE_ACCURACY] = SHOWN(decide.on_demand.candidate.accuracy),
  [ET_R_CANDIDATE_BALANCED_ACCURACY] = SHOWN(decide.on_demand.candidate.balanced_accuracy),
};
