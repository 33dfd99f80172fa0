/** Arduino boards reset when the line DTR (or RTS) goes active, through a capacitor: that starts their boot loader. */
import type { ByteLine } from './byte_line';

/** Time for the capacitor to discharge. */
const APART_MS = 250;
const START_MS = 50;

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Does nothing on a line without modem lines: then the user has pressed the button. */
export async function resetAvr(line: ByteLine): Promise<void> {
  if (!(await line.signals({ dtr: false, rts: false }))) return;
  await pause(APART_MS);
  await line.signals({ dtr: true, rts: true });
  await pause(START_MS);
}
