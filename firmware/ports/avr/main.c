/* Linear SVM on an ATmega328P (2 kB SRAM, 32 kB flash) or ATmega2560: the whole trainer (Modbus server, closed loop, store)
 * has no room in 2 kB, the solver does. It trains Iris on the chip, over its UART, 38400 8N1, in lines of text:
 *
 *   s <4 features> <class>   keep a sample                 ok <samples> | full
 *   t                        train on all samples          trained <work> <iterations> <error>
 *   i <4 features>           decide                        class <class> <confidence permille>
 *   c                        forget samples and model      ok 0
 *   m                        memory                        stack free <bytes never used>
 *
 * Features are in 1/10 cm; what is outside its range is cut. Anything else is answered with "what?". */
#include <avr/interrupt.h>
#include <avr/io.h>
#include <stdlib.h>
#include <string.h>

#include "models/svm/linear.h"

#define FEATURES 4u
#define CLASSES 3u
#define SAMPLES 75u
#define BAUD 38400ul
#define LINE 32u
/* What svm_linear asks for with this definition (et_memory_need); checked at start. */
#define MODEL_BYTES 52u
#define SAMPLE_BYTES 4u
#define WORK_BYTES 512u
#define PAINT 0xC5u

static const et_definition_core core = {.model = ET_MODEL_SVM_LINEAR,
                                        .features = FEATURES,
                                        .classes = CLASSES,
                                        .storage = ET_STORAGE_INT8,
                                        .scaling = ET_SCALING_RANGE,
                                        .capacity = SAMPLES,
                                        .seed = 1};
static const et_svm_parameters parameters = {.cost = 10.0f, .tolerance = 0.01f, .max_epochs = 1000};
/* No definition arrives over a wire here, so nothing is checked, and the table of ranges stays out of the 2 kB of SRAM. */
const et_section_format et_section_svm = {0, 0, sizeof(et_svm_parameters), 0, NULL};
static const et_class_entry classes[CLASSES] = {{0, 256}, {1, 256}, {2, 256}};
static const et_feature_entry ranges[FEATURES] = {{40, 80}, {20, 50}, {10, 70}, {0, 30}};
static const et_definition definition = {.core = &core, .classes = classes, .features = ranges, .parameters = &parameters};

static uint32_t work[WORK_BYTES / 4u];
static uint32_t models[2][MODEL_BYTES / 4u];
static uint16_t multipliers[SAMPLES][SAMPLE_BYTES / 2u];
static int8_t samples[SAMPLES][FEATURES];
static uint8_t labels[SAMPLES];
static uint16_t count;
static uint8_t running;
static const et_model_context context = {&definition, NULL, work};

/* ---- Stack paint: from the end of the data to the stack pointer of main ---- */

extern uint8_t _end;

static void paint_stack(void) {
  uint8_t *at = &_end;
  while (at < (uint8_t *)SP - 8) *at++ = PAINT;
}

static uint16_t stack_free(void) {
  const uint8_t *at = &_end;
  while (*at == PAINT && at < (const uint8_t *)RAMEND) at++;
  return (uint16_t)(at - &_end);
}

/* ---- UART ---- */

static volatile char line[LINE];
static volatile uint8_t line_length;
static volatile uint8_t line_ready;

#ifdef USART_RX_vect
#define RECEIVED USART_RX_vect
#else
#define RECEIVED USART0_RX_vect
#endif

/* A line that comes while one is being worked on is not asked for: the master waits for its answer. */
ISR(RECEIVED) {
  const char letter = (char)UDR0;
  if (line_ready) return;
  if (letter == '\n') {
    line[line_length] = '\0';
    line_ready = 1;
  } else if (line_length < LINE - 1u) {
    line[line_length++] = letter;
  }
}

static void print(const char *text) {
  for (; *text != '\0'; text++) {
    while ((UCSR0A & _BV(UDRE0)) == 0) {}
    UDR0 = (uint8_t)*text;
  }
}

static void put_number(uint32_t value) {
  char digits[11];
  print(" ");
  print(ultoa(value, digits, 10));
}

/* ---- Commands ---- */

/* Register units to -127..127 over the feature's range. */
static int8_t scaled(long value, const et_feature_entry *range) {
  if (value < range->min) value = range->min;
  if (value > range->max) value = range->max;
  return (int8_t)((2 * 127 * (value - range->min) + (range->max - range->min) / 2) / (range->max - range->min) - 127);
}

/* Numbers after the command's letter; returns how many were read, at most `most`. */
static uint8_t parse_numbers(const char *text, long *values, uint8_t most) {
  uint8_t read = 0;
  while (read < most) {
    char *end;
    values[read] = strtol(text, &end, 10);
    if (end == text) break;
    text = end;
    read++;
  }
  return read;
}

static void train(void) {
  const et_sample_set set = {samples, labels, NULL, (uint8_t *)multipliers, count, NULL, NULL, 0};
  et_train_report report = {0, 0, ET_OK, 0};
  uint16_t progress;
  et_error error = et_svm_linear.train_begin(&context, &set, models[running], models[running ^ 1u]);
  if (error == ET_OK) {
    do error = et_svm_linear.train_step(&context, 1024, &progress);
    while (error == ET_BUSY);
    et_svm_linear.train_end(&context, false, &report);
    error = report.result;
    if (error == ET_OK || error == ET_NOT_CONVERGED) running ^= 1u;
  }
  print("trained");
  put_number(report.work);
  put_number(report.iterations);
  put_number(error);
}

static void clear(void) {
  count = 0;
  memset(multipliers, 0, sizeof multipliers);
  et_svm_linear.blank(&context, models[running]);
  print("ok 0");
}

static void answer(const char *text) {
  long values[FEATURES + 1u];
  const uint8_t read = parse_numbers(text + 1, values, FEATURES + 1u);
  if (text[0] == 's' && read == FEATURES + 1u && values[FEATURES] >= 0 && values[FEATURES] < (long)CLASSES) {
    if (count == SAMPLES) {
      print("full");
      return;
    }
    for (uint8_t j = 0; j < FEATURES; j++) samples[count][j] = scaled(values[j], &ranges[j]);
    labels[count++] = (uint8_t)values[FEATURES];
    print("ok");
    put_number(count);
  } else if (text[0] == 't' && read == 0) {
    train();
  } else if (text[0] == 'i' && read == FEATURES) {
    int8_t row[FEATURES];
    et_decision decision;
    for (uint8_t j = 0; j < FEATURES; j++) row[j] = scaled(values[j], &ranges[j]);
    et_svm_linear.infer(&context, models[running], row, &decision);
    print("class");
    put_number(decision.output_class);
    put_number(decision.confidence);
  } else if (text[0] == 'c' && read == 0) {
    clear();
  } else if (text[0] == 'm' && read == 0) {
    print("stack free");
    put_number(stack_free());
  } else {
    print("what?");
  }
}

int main(void) {
  et_memory_need need;
  paint_stack();
  UBRR0 = (uint16_t)(F_CPU / 16ul / BAUD - 1ul);
  UCSR0B = _BV(RXCIE0) | _BV(RXEN0) | _BV(TXEN0);
  UCSR0C = _BV(UCSZ01) | _BV(UCSZ00);
  et_svm_linear.need(&definition, &need);
  et_svm_linear.blank(&context, models[running]);
  sei();
  for (;;) {
    char text[LINE];
    if (!line_ready) continue;
    for (uint8_t i = 0; i < LINE; i++) text[i] = line[i];
    if (need.model_bytes > MODEL_BYTES || need.sample_bytes > SAMPLE_BYTES || need.work_bytes > WORK_BYTES) {
      print("too small:");
      put_number(need.work_bytes);
    } else {
      answer(text);
    }
    line_length = 0;
    line_ready = 0;
    print("\n");
  }
}
