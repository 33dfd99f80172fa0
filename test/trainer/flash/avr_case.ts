/** AVR chips with the boot loaders that Arduino puts on them, and an image for them; for the tests and the bench. */
import { boardOf } from '../../../trainer/definition';
import { type BootLoader, type FlashBoard, flash } from '../../../trainer/flash';
import type { ByteLine } from '../../../trainer/flash/byte_line';
import { Stk500BootLoader } from '../../../trainer/flash/stk500';
import { Stk500v2BootLoader } from '../../../trainer/flash/stk500v2';
import {
  ATMEGA328P,
  ATMEGA2560,
  type AvrChip,
  BootLoaderAvr,
  lineToAvr,
} from '../../support/boot_loader_avr';
import { bytes, imageOf } from './images';
import { countRecovered } from './interruptions';

export interface AvrFamily {
  readonly title: string;
  readonly chip: AvrChip;
  readonly board: FlashBoard;
  readonly loader: (line: ByteLine) => BootLoader;
  /** Arguments of avrdude. */
  readonly avrdude: readonly string[];
}

const uno: FlashBoard = {
  name: 'atmega328p',
  title: 'ATmega328P',
  store: null,
  bootLoader: {
    title: 'optiboot',
    protocol: 'stk500',
    chips: ['1e950f'],
    flashAddress: 0,
    pages: [{ count: 248, bytes: 128 }],
  },
};
const mega = boardOf('atmega2560') as FlashBoard;

export const AVR_FAMILIES: readonly AvrFamily[] = [
  {
    title: 'optiboot on an ATmega328P',
    chip: ATMEGA328P,
    board: uno,
    loader: (line) => new Stk500BootLoader(line, ATMEGA328P.pageBytes),
    avrdude: ['-p', 'm328p', '-c', 'arduino'],
  },
  {
    title: 'the boot loader of an Arduino Mega 2560',
    chip: ATMEGA2560,
    board: mega,
    loader: (line) => new Stk500v2BootLoader(line, ATMEGA2560.pageBytes),
    avrdude: ['-p', 'm2560', '-c', 'wiring'],
  },
];

/** Code that stays where it is: once it is started, the program counter is there. */
export const program = Uint8Array.from([0xff, 0xcf, ...bytes(3_001, 4)]);
export const image = imageOf({ address: 0, bytes: program });

export const holds = (avr: BootLoaderAvr): boolean =>
  Buffer.compare(avr.flash.subarray(0, program.length), program) === 0;

/** Of so many power cuts in the middle of a page, spread over all erases and writes, those after which the board was flashed anew. */
export function cutsRecovered(
  { chip, board, loader }: Pick<AvrFamily, 'chip' | 'board' | 'loader'>,
  cuts: number,
): Promise<number> {
  const pages = Math.ceil(program.length / chip.pageBytes);
  return countRecovered(cuts, { first: 1, last: 2 * pages }, (place) => {
    const avr = new BootLoaderAvr(chip);
    const line = lineToAvr(avr);
    let cut = false;
    // After the reset that starts the boot loader, once.
    const cutLine: ByteLine = {
      ...line,
      signals: async (lines) => {
        const done = await line.signals(lines);
        if (!cut) avr.operationsLeft = place;
        return done;
      },
    };
    return {
      flash: () => flash(board, image, async () => loader(cut ? lineToAvr(avr) : cutLine)),
      restore: () => {
        cut = true;
      },
      isWhole: () => holds(avr),
    };
  });
}
