/** Line settings as the registers and the command have them. */
import type { LineSettings } from '../bus';
import { Limits, Parity } from '../contract/contract.generated';
import { text } from '../text';
import { InputError } from './errors';
import { codeOfWord, wordOf } from './words';

/** Baud of one unit of a rate. */
const RATE = 100;

export function lineOf(rate: number, parity: number, stopBits: number): LineSettings {
  return {
    baudRate: rate * RATE,
    parity: wordOf(Parity, parity) ?? 'none',
    stopBits: stopBits === 2 ? 2 : 1,
  };
}

/** Argument of the command SET_LINE. @throws InputError for a rate that no trainer takes */
export function lineArgument({ baudRate, parity, stopBits }: LineSettings): number {
  const { BAUD_LEAST: least, BAUD_MOST: most } = Limits;
  if (baudRate < least || baudRate > most || baudRate % RATE !== 0)
    throw new InputError('line', text('line.rate', { least, most, got: baudRate }));
  return (codeOfWord(Parity, parity) as number) * 2 ** 24 + stopBits * 2 ** 16 + baudRate / RATE;
}
