/* The whole state of a trainer. A port allocates one statically; what depends on the definition lives in the arena. */
#ifndef ET_TRAINER_STATE_H
#define ET_TRAINER_STATE_H

#include "edge_trainer/model.h"
#include "edge_trainer/stream.h"
#include "edge_trainer/trainer.h"
#include "loop/limits.h"
#include "loop/memory_plan.h"
#include "modbus/server.h"
#include "store/store.h"

#define ET_NO_TRUTH 0xffffu

/* One decision that waits for its feedback, or has had it (kept so that a repeat gets the same answer). */
typedef enum et_ticket_state { ET_SLOT_FREE, ET_SLOT_PENDING, ET_SLOT_JUDGED } et_ticket_state;

typedef struct et_ticket {
  uint32_t decided_ms;
  uint16_t number;
  uint16_t confidence;
  uint16_t generation;
  uint16_t truth;
  int16_t feedback_value;
  uint8_t feedback_kind;
  uint8_t state;        /* et_ticket_state */
  uint8_t output_class;
  uint8_t judgement;    /* et_judgement */
  uint8_t to_stitch;    /* waits for a running job to let go of the data set */
  uint8_t spoiled;      /* bit r: discard reason r came up while it waited */
} et_ticket;

typedef struct et_counters {
  uint32_t inferences, judged, satisfied, stitched, replaced;
  uint32_t trainings, promoted, rejected, rolled_back;
  uint32_t discarded[6]; /* per et_discard_reason */
} et_counters;

typedef struct et_log_record {
  uint32_t number;
  uint32_t uptime_s;
  uint16_t generation;
  uint8_t event; /* et_event */
  uint8_t reserved;
  uint16_t a; /* per event: accuracies in permille, error codes; docs/protocol.md */
  uint16_t b;
} et_log_record;

typedef enum et_job_phase {
  ET_JOB_NONE,
  ET_JOB_TRAIN,
  ET_JOB_EVALUATE_CANDIDATE,
  ET_JOB_EVALUATE_RUNNING,
  ET_JOB_SAVE
} et_job_phase;

typedef struct et_job {
  uint8_t phase;           /* et_job_phase */
  bool promotes;           /* a training: ends in a promotion or rejection; else an evaluation on command */
  uint16_t cursor;         /* next sample to evaluate */
  uint16_t within;         /* how far its decision has come */
  uint16_t evaluated;      /* samples evaluated in this pass */
  uint16_t progress;       /* permille */
} et_job;

/* The search for the stored sample that gives way to a new one; samples do not move meanwhile. */
typedef struct et_search {
  uint32_t best_distance; /* REDUNDANT */
  uint16_t at, left;      /* next sample to look at, and how many more */
  uint16_t best;
  uint16_t looks;         /* REDUNDANT: comparisons left */
  int16_t output_class;   /* -1 = any */
  uint8_t place;          /* of the newcomer among the tickets */
  bool active, found, redundant;
  bool held_out;          /* the newcomer will be held out */
  bool pool;              /* looks among those held out */
  bool keeps;             /* the last of a class stay */
} et_search;

/* What is being received through the bulk window. */
typedef struct et_staging {
  uint8_t object;       /* et_object; NONE = nothing */
  uint32_t total;       /* bytes announced */
  uint32_t touched_ms;
  uint32_t crc;         /* of the model block's bytes so far */
  uint16_t next_page;   /* pages come in order; an earlier one may be repeated */
} et_staging;

/* Header in front of a generation wherever it travels (bulk window, backup, store); little-endian. */
typedef struct et_model_header {
  uint16_t magic;      /* ET_MODEL_MAGIC */
  uint8_t layout;
  uint8_t family;      /* et_model */
  uint32_t shape;      /* et_shape_fingerprint of the definition it belongs to */
  uint32_t length;     /* bytes of the block */
  uint32_t crc;        /* CRC-32 of the block */
  uint16_t generation;
  uint16_t accuracy;   /* held-out balanced accuracy when promoted, permille; 65535 = not evaluated */
  uint32_t reserved;
} et_model_header;
#define ET_MODEL_MAGIC 0x4d45u
#define ET_MODEL_LAYOUT 1u

typedef struct et_lock {
  uint8_t key[16];
  uint8_t challenge[16];
  uint32_t unlocked_ms; /* since when */
  uint32_t failed_ms;   /* last failure */
  uint8_t failures;
  bool key_set;
  bool unlocked;
  bool challenge_valid;
} et_lock;

/* What is saved beside definition, models and samples. Fields are only ever added at its end. */
typedef struct et_saved {
  et_counters counters;
  uint32_t saves, log_next;
  uint16_t generation, previous_generation, next_generation, running_accuracy, previous_accuracy;
  uint16_t samples, samples_new, held_out_total, order_next, share_debt, failed_trainings, alarm_number;
  int16_t set_point;
  uint8_t unit, mode, mode_before_freeze, drift, key_set, reserved;
  uint8_t key[16];
  uint16_t trial_judged, trial_good, window_before_promotion, reserved2;
} et_saved;

struct et_trainer {
  const et_port *port;
  et_modbus_server server;
  et_modbus_space space;
  uint8_t unit;

  /* Deployed definition; `model` NULL = none. */
  et_definition definition;
  et_memory_layout layout;
  const et_model_ops *model;
  et_model_context context;
  uint8_t running, candidate, previous; /* which of the three blocks */
  uint16_t generation, previous_generation, next_generation;
  uint16_t running_accuracy, previous_accuracy; /* held-out balanced accuracy, permille; 65535 = unknown */
  uint32_t model_fingerprint, previous_fingerprint; /* CRC-32 of the blocks; 0 while it is being worked out, slice by slice */
  uint32_t fingerprint_at, fingerprint_crc;

  /* IO */
  uint16_t input_ticket;
  uint8_t ticket_next; /* ring position */
  et_ticket shown;     /* the decision in the decision block */
  uint16_t repeats;
  /* Feedback */
  uint16_t feedback_ticket, feedback_kind, feedback_truth;
  int16_t feedback_value, set_point;
  uint8_t feedback_judgement;
  bool manual_override, sensor_fault, unsatisfied;
  uint8_t window[ET_BUILD_WINDOW_MAX / 8u]; /* ring of bits: satisfied */
  uint16_t window_at, window_filled, window_good;
  /* Stitching */
  uint16_t samples, samples_new, held_out_total, order_next, rebase_at, redundant_at;
  et_search search;
  uint16_t share_debt; /* permille accumulated towards the next satisfactory sample */
  /* Train-on-demand */
  et_job job;
  uint8_t mode, mode_before_freeze;
  uint16_t failed_trainings; /* in a row without reaching the threshold: drift */
  bool drift;
  uint32_t trained_ms;
  /* Tried out by the plant: judged decisions of the running generation, the satisfactory ones, and the accuracy over the window
   * that the generation before had (65535 = none). */
  uint16_t trial_judged, trial_good, window_before_promotion;
  et_train_report report;
  uint16_t candidate_evaluation[2]; /* accuracy, balanced accuracy of the last candidate */
  uint16_t evaluated_samples, evaluated_generation;
  /* Stream models */
  uint16_t next_sequence, window_sequence, queue_count, queue_at;
  uint32_t samples_lost;
  uint16_t alarm_number, alarm_judged;
  bool stream_started, stream_stopped, had_alarm, had_new_pattern;
  uint32_t sampled_ms; /* when the last sample came */
  /* Commands, bulk, log, errors */
  uint32_t command_argument, command_detail;
  uint16_t command_code, command_ticket, command_done, command_result;
  uint16_t bulk_object, bulk_page;
  et_staging staging;
  et_model_header staged_header;
  uint16_t last_error, last_error_detail;
  et_counters counters;
  et_log_record log[ET_BUILD_LOG_RECORDS];
  uint32_t log_next;
  bool restart_pending;
  et_lock lock;
  /* Store */
  et_store store;
  et_saved saved;
  bool save_wanted, save_important, save_urgent, fault; /* important: a new generation; urgent: at once */
  uint8_t save_section;
  uint32_t save_at;
  uint32_t saves, saved_ms;
  uint8_t start_reason;
  /* Time */
  uint32_t uptime_s, uptime_rest_ms, clock_seen_ms;
#ifndef ET_WITHOUT_STREAM
  et_stream_result result;
#endif
};

/* ---- Parts of the arena ---- */

static inline uint8_t *et_at(const et_trainer *trainer, uint32_t offset) { return trainer->port->arena + offset; }
static inline int16_t *et_input(const et_trainer *trainer) { return (int16_t *)(void *)et_at(trainer, trainer->layout.input); }
static inline et_ticket *et_tickets(const et_trainer *trainer) { return (et_ticket *)(void *)et_at(trainer, trainer->layout.tickets); }
static inline uint8_t *et_ticket_features(const et_trainer *trainer, uint8_t index) {
  return et_at(trainer, trainer->layout.tickets + trainer->definition.fixed->tickets * (uint32_t)sizeof(et_ticket) +
                            (uint32_t)index * trainer->layout.feature_bytes);
}
static inline uint16_t *et_class_counts(const et_trainer *trainer) {
  return (uint16_t *)(void *)et_at(trainer, trainer->layout.class_counts);
}
static inline uint8_t *et_labels(const et_trainer *trainer) { return et_at(trainer, trainer->layout.labels); }
static inline uint16_t *et_orders(const et_trainer *trainer) { return (uint16_t *)(void *)et_at(trainer, trainer->layout.orders); }
static inline uint8_t *et_held_out(const et_trainer *trainer) { return et_at(trainer, trainer->layout.held_out); }
static inline bool et_is_held_out(const et_trainer *trainer, uint16_t sample) {
  return ((uint32_t)et_held_out(trainer)[sample >> 3] >> (sample & 7u) & 1u) != 0u;
}
static inline uint8_t *et_sample(const et_trainer *trainer, uint16_t sample) {
  return et_at(trainer, trainer->layout.features + (uint32_t)sample * trainer->layout.feature_bytes);
}
static inline uint8_t *et_generation(const et_trainer *trainer, uint8_t block) {
  return et_at(trainer, trainer->layout.models + block * ((trainer->layout.model_bytes + 3u) & ~3u));
}
/* which: 0 running, 1 candidate */
static inline uint16_t *et_confusion(const et_trainer *trainer, uint8_t which) {
  const uint32_t classes = trainer->definition.fixed->classes;
  return (uint16_t *)(void *)et_at(trainer, trainer->layout.confusion + 2u * which * classes * classes);
}
static inline bool et_is_stream(const et_trainer *trainer) { return trainer->model != NULL && trainer->model->stream != NULL; }
static inline uint32_t et_now_ms(const et_trainer *trainer) { return trainer->port->clock_ms(trainer->port->user); }

#endif
