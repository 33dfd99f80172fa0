/** What a typed client rejects with, beside the errors of the bus and of the definition. */
import { type TrainerErrorName, TrainerErrors } from '../contract/contract.generated';

const NAMES = new Map<number, TrainerErrorName>(
  (Object.keys(TrainerErrors) as TrainerErrorName[]).map((name) => [TrainerErrors[name].code, name]),
);

/** Name of an error code of the contract, undefined when this version does not know it. */
export function errorName(code: number): TrainerErrorName | undefined {
  return NAMES.get(code);
}

/** Text of an error code, for people. */
export function errorText(code: number): string {
  const name = errorName(code);
  return name === undefined ? `error ${code}, which this version does not know` : TrainerErrors[name].text;
}

/** The trainer refused a request. What it was running goes on as before. */
export class TrainerError extends Error {
  /** Name in the contract, such as "TICKET_UNKNOWN"; "UNKNOWN" for a code of a newer firmware. */
  readonly code: TrainerErrorName | 'UNKNOWN';
  /** Error code as the trainer sent it. */
  readonly number: number;
  /** Raw detail: register address, feature index, field offset or bytes, depending on the code. */
  readonly detail: number;
  readonly unit: number;
  /** The field at fault, when the detail names one: "air temperature", "model.cost". */
  readonly field?: string;

  constructor(
    unit: number,
    doing: string,
    number: number,
    detail: number,
    about?: { field?: string; text?: string },
  ) {
    super(
      `unit ${unit}, ${doing}: ${about?.text ?? errorText(number)}${about?.field === undefined ? '' : ` (${about.field})`}`,
    );
    this.name = 'TrainerError';
    this.code = errorName(number) ?? 'UNKNOWN';
    this.number = number;
    this.detail = detail;
    this.unit = unit;
    if (about?.field !== undefined) this.field = about.field;
  }
}

/** A value given by the caller is wrong. Nothing was sent, unless the error says what had been before. */
export class InputError extends Error {
  readonly code = 'INPUT';
  /** The field at fault: "air temperature", "features", "label", "ticket". */
  readonly field: string;
  /** What is wrong with it: "is missing". */
  readonly problem: string;

  /** @param sent what was sent before the mistake was found, as a sentence */
  constructor(field: string, problem: string, sent = 'Nothing was sent') {
    super(`${field} ${problem}. ${sent}.`);
    this.name = 'InputError';
    this.field = field;
    this.problem = problem;
  }

  /** The same mistake, with the place where it stands: "sample 12". */
  within(place: string): InputError {
    return new InputError(`${place}, ${this.field}`, this.problem);
  }

  /** The same mistake, found after something had been sent. */
  after(sent: string): InputError {
    return new InputError(this.field, this.problem, sent);
  }
}

/** The unit answered, and the answer makes no sense: no trainer, another register map, or damaged memory. */
export class ProtocolError extends Error {
  readonly code = 'PROTOCOL';
  readonly unit: number;

  constructor(unit: number, problem: string) {
    super(`unit ${unit}: ${problem}`);
    this.name = 'ProtocolError';
    this.unit = unit;
  }
}

/** The board runs another definition than the one the client was given, so names and scales would be wrong. */
export class DefinitionMismatchError extends Error {
  readonly code = 'DEFINITION_MISMATCH';
  readonly unit: number;
  /** Fingerprints (CRC-32 of the blob); 0 = none. */
  readonly expected: number;
  readonly found: number;

  constructor(unit: number, expected: number, found: number) {
    const hex = (value: number): string => value.toString(16).padStart(8, '0');
    super(
      found === 0
        ? `unit ${unit} runs no definition; deploy one first. Nothing was sent.`
        : `unit ${unit} runs another definition (${hex(found)}) than the one given (${hex(expected)}); deploy the given one, or use the one the board runs. Nothing was sent.`,
    );
    this.name = 'DefinitionMismatchError';
    this.unit = unit;
    this.expected = expected;
    this.found = found;
  }
}

/** The caller's AbortSignal fired. */
export class AbortedError extends Error {
  readonly code = 'ABORTED';

  constructor(doing: string, kept: string, cause: unknown) {
    super(`${doing} was given up by the caller; ${kept}`);
    this.name = 'AbortError';
    this.cause = cause;
  }
}

/** The board started again while something that takes longer was under way. */
export class RestartedError extends Error {
  readonly code = 'RESTARTED';
  readonly unit: number;

  constructor(unit: number, doing: string) {
    super(
      `unit ${unit} restarted during ${doing}; it came back with its last saved state. Start the ${doing} again.`,
    );
    this.name = 'RestartedError';
    this.unit = unit;
  }
}
