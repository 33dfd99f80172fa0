/** Errors of the typed client, beside those of the bus and of the definition. */
import { type TrainerErrorName, TrainerErrors } from '../contract/contract.generated';
import { type Text, text, type Word, WordedError, worded } from '../text';

const NAMES = new Map<number, TrainerErrorName>(
  (Object.keys(TrainerErrors) as TrainerErrorName[]).map((name) => [TrainerErrors[name].code, name]),
);

/** Name of an error code of the contract, undefined when this version does not know it. */
export function errorName(code: number): TrainerErrorName | undefined {
  return NAMES.get(code);
}

/** An error code, to be worded in the reader's language. */
export function errorWords(code: number): Text {
  const name = errorName(code);
  return name === undefined ? text('client.unknown', { code }) : text(`client.error.${name}`);
}

/** English text of an error code, for logs. */
export function errorText(code: number): string {
  return worded(errorWords(code));
}

/** The trainer refused a request. What it was running goes on as before. */
export class TrainerError extends WordedError {
  /** Name in the contract, such as "TICKET_UNKNOWN"; "UNKNOWN" for a code of a newer firmware. */
  readonly code: TrainerErrorName | 'UNKNOWN';
  /** Error code as the trainer sent it. */
  readonly number: number;
  /** Raw detail: register address, feature index, field offset or bytes, depending on the code. */
  readonly detail: number;
  readonly unit: number;
  /** The field at fault, when the detail names one: "air temperature", "model.cost". */
  readonly field?: string;

  /** @param about.what in place of the code's own text */
  constructor(
    unit: number,
    doing: Text,
    number: number,
    detail: number,
    about: { readonly field?: string; readonly what?: Text } = {},
  ) {
    const what = about.what ?? errorWords(number);
    const { field } = about;
    super(
      field === undefined
        ? text('client.refused', { unit, doing, what })
        : text('client.refusedField', { unit, doing, what, field }),
      undefined,
      field === undefined ? what : text('client.briefField', { what, field }),
    );
    this.code = errorName(number) ?? 'UNKNOWN';
    this.number = number;
    this.detail = detail;
    this.unit = unit;
    if (field !== undefined) this.field = field;
  }
}

/** A value given by the caller is wrong. Nothing was sent, unless the error says what had been before. */
export class InputError extends WordedError {
  readonly code = 'INPUT';
  /** The field at fault: "air temperature", "features", "label", "ticket". */
  readonly field: string;
  /** What is wrong with it: "is missing". */
  private readonly problem: Text;
  /** Where the field stands, when there are several: "sample 12, air temperature". */
  private readonly place: Word;

  /** @param sent what was sent before the mistake was found, as a sentence */
  constructor(field: string, problem: Text, sent = text('input.nothingSent'), place: Word = field) {
    super(text('input.refused', { field: place, problem, sent }));
    this.field = field;
    this.problem = problem;
    this.place = place;
  }

  /** The same mistake, with the place where it stands. */
  within(place: Text): InputError {
    const whole = text('input.place', { place, field: this.place });
    return new InputError(this.field, this.problem, undefined, whole);
  }

  /** The same mistake, found after something had been sent. */
  after(sent: Text): InputError {
    return new InputError(this.field, this.problem, sent, this.place);
  }
}

/** The unit answered, and the answer makes no sense: no trainer, another register map, or damaged memory. */
export class ProtocolError extends WordedError {
  readonly code = 'PROTOCOL';
  readonly unit: number;

  constructor(unit: number, problem: Text) {
    super(text('protocol.refused', { unit, problem }));
    this.unit = unit;
  }
}

/** The definition uses something that the firmware of the board does not understand yet. Nothing was sent. */
export class FirmwareTooOldError extends WordedError {
  readonly code = 'FIRMWARE_TOO_OLD';
  readonly unit: number;
  /** Sections of the definition, by their names in the contract. */
  readonly lacks: readonly string[];

  constructor(unit: number, version: string, lacks: readonly string[]) {
    super(text('client.firmwareTooOld', { unit, version, lacks: lacks }));
    this.unit = unit;
    this.lacks = lacks;
  }
}

const hex8 = (value: number): string => value.toString(16).padStart(8, '0');

/** Another program has deployed something else to the board while a deployment was under way. Its definition runs. */
export class OtherDeploymentError extends WordedError {
  readonly code = 'OTHER_DEPLOYMENT';
  readonly unit: number;
  /** Fingerprint of what runs now. */
  readonly found: number;

  constructor(unit: number, found: number) {
    super(text('client.otherDeployment', { unit, found: hex8(found) }));
    this.unit = unit;
    this.found = found;
  }
}

/** What was sent got mixed with what another program sends, again and again. What ran before goes on. */
export class UploadMixedError extends WordedError {
  readonly code = 'UPLOAD_MIXED';
  readonly unit: number;

  constructor(unit: number, attempts: number, cause: unknown) {
    super(text('client.uploadMixed', { unit, attempts }), { cause });
    this.unit = unit;
  }
}

/** The board runs another definition than the one the client was given, so names and scales would be wrong. */
export class DefinitionMismatchError extends WordedError {
  readonly code = 'DEFINITION_MISMATCH';
  readonly unit: number;
  /** Fingerprints (CRC-32 of the blob); 0 = none. */
  readonly expected: number;
  readonly found: number;

  constructor(unit: number, expected: number, found: number) {
    super(
      found === 0
        ? text('client.noDefinition', { unit })
        : text('client.otherDefinition', { unit, found: hex8(found), expected: hex8(expected) }),
    );
    this.unit = unit;
    this.expected = expected;
    this.found = found;
  }
}

/** The caller's AbortSignal fired. */
export class AbortedError extends WordedError {
  readonly code = 'ABORTED';

  constructor(doing: Text, kept: Text, cause: unknown) {
    super(text('client.aborted', { doing, kept }), { cause });
    this.name = 'AbortError';
  }
}

/** The board started again while something that takes longer was under way. */
export class RestartedError extends WordedError {
  readonly code = 'RESTARTED';
  readonly unit: number;

  constructor(unit: number, doing: Text) {
    super(text('client.restarted', { unit, doing }));
    this.unit = unit;
  }
}
