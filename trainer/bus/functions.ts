/**
 * The Modbus functions that this package speaks: one table for encoding limits, the form of requests and answers, and names
 * (MODBUS Application Protocol V1.1b3, sections 6.1 to 6.21).
 */

export type FunctionCode = 1 | 2 | 3 | 4 | 5 | 6 | 15 | 16 | 22 | 23 | 43;

/** What an answer looks like. */
export type AnswerForm =
  /** Byte count, then so many bytes: one bit or two bytes for each item asked for. */
  | 'bits'
  | 'registers'
  /** The first bytes of the request again. */
  | 'echo'
  /** Says its own length (FC 43). */
  | 'objects';

export interface FunctionFacts {
  /** Its name in the catalogue of errors, below `bus.function`. */
  readonly name:
    | 'readCoils'
    | 'readDiscreteInputs'
    | 'readHoldingRegisters'
    | 'readInputRegisters'
    | 'writeCoil'
    | 'writeRegister'
    | 'writeCoils'
    | 'writeRegisters'
    | 'maskWriteRegister'
    | 'readWriteRegisters'
    | 'identify';
  /** It changes something on the unit. */
  readonly writes: boolean;
  /** Bytes of the request from the function code to the last fixed field. */
  readonly requestBytes: number;
  /** The last fixed field counts the data bytes behind it. */
  readonly counted: boolean;
  readonly answer: AnswerForm;
  /** Bytes behind the function code that the answer repeats. */
  readonly echoBytes: number;
  /** Most items that one request reads; 0 = it reads none. */
  readonly readMost: number;
  /** Most items that one request writes; 0 = it writes none. */
  readonly writeMost: number;
}

function reading(name: FunctionFacts['name'], answer: 'bits' | 'registers', readMost: number): FunctionFacts {
  return {
    name,
    writes: false,
    requestBytes: 5,
    counted: false,
    answer,
    echoBytes: 0,
    readMost,
    writeMost: 0,
  };
}

function writing(
  name: FunctionFacts['name'],
  requestBytes: number,
  echoBytes: number,
  writeMost: number,
): FunctionFacts {
  const counted = writeMost > 1;
  return { name, writes: true, requestBytes, counted, answer: 'echo', echoBytes, readMost: 0, writeMost };
}

export const FUNCTIONS: Readonly<Record<FunctionCode, FunctionFacts>> = {
  1: reading('readCoils', 'bits', 2000),
  2: reading('readDiscreteInputs', 'bits', 2000),
  3: reading('readHoldingRegisters', 'registers', 125),
  4: reading('readInputRegisters', 'registers', 125),
  5: writing('writeCoil', 5, 4, 1),
  6: writing('writeRegister', 5, 4, 1),
  15: writing('writeCoils', 6, 4, 1968),
  16: writing('writeRegisters', 6, 4, 123),
  22: writing('maskWriteRegister', 7, 6, 1),
  23: {
    name: 'readWriteRegisters',
    writes: true,
    requestBytes: 10,
    counted: true,
    answer: 'registers',
    echoBytes: 0,
    readMost: 125,
    writeMost: 121,
  },
  43: {
    name: 'identify',
    writes: false,
    requestBytes: 4,
    counted: false,
    answer: 'objects',
    echoBytes: 2,
    readMost: 0,
    writeMost: 0,
  },
};

/** Facts of a function code, undefined for one that is not in the table. */
export function functionFacts(code: number): FunctionFacts | undefined {
  return (FUNCTIONS as Readonly<Record<number, FunctionFacts | undefined>>)[code];
}

/** Length of a request PDU (function code and data) by its own fields; undefined when the function is not in the table. */
export function requestPduLength(pdu: Uint8Array): number | undefined {
  const facts = functionFacts(pdu[0] ?? 0);
  if (facts === undefined) return undefined;
  return facts.requestBytes + (facts.counted ? (pdu[facts.requestBytes - 1] ?? 0) : 0);
}
