/** Settings of a serial line that carries Modbus RTU, so always with eight data bits: "19200 8E1". */
export type Parity = 'none' | 'even' | 'odd';

export interface LineSettings {
  readonly baudRate: number;
  readonly parity: Parity;
  readonly stopBits: 1 | 2;
}

/** What a device has that nobody has set (Modbus over Serial Line V1.02, section 2.5.1). */
export const MODBUS_LINE: LineSettings = { baudRate: 19_200, parity: 'even', stopBits: 1 };

/** The rates of serial lines, the likeliest first. */
export const USUAL_RATES = [115_200, 19_200, 9600, 38_400, 57_600, 230_400, 460_800, 921_600] as const;

const LETTERS: Readonly<Record<Parity, string>> = { none: 'N', even: 'E', odd: 'O' };
const PARITIES = Object.keys(LETTERS) as Parity[];

export function lineText({ baudRate, parity, stopBits }: LineSettings): string {
  return `${baudRate} 8${LETTERS[parity]}${stopBits}`;
}

/** "19200 8E1" -> settings; undefined for any other text. */
export function parseLine(written: string): LineSettings | undefined {
  const [, rate, letter, stop] = /^\s*(\d{1,7})[\s,]+8([NEO])([12])\s*$/i.exec(written) ?? [];
  const parity = PARITIES.find((candidate) => LETTERS[candidate] === letter?.toUpperCase());
  if (rate === undefined || parity === undefined) return undefined;
  return { baudRate: Number(rate), parity, stopBits: stop === '2' ? 2 : 1 };
}

/** A UART divides its clock by a whole number: the usual rate that it means, or what it makes when it is near none (3 %). */
export function nearestRate(made: number): number {
  return USUAL_RATES.find((rate) => Math.abs(made - rate) < 0.03 * rate) ?? made;
}

export function sameLine(a: LineSettings, b: LineSettings): boolean {
  return lineText(a) === lineText(b);
}
