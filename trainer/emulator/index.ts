/** Emulated boards: the firmware of a real chip, running here, behind the same bus as a wired one. */
import type { BusOptions, BusTuning } from '../bus';
import { AtmegaBoard } from './atmega_board';
import type { EmulatedBoard } from './emulated_board';
import { firmwareImage } from './firmware_image';
import { QEMU_MACHINES, QemuBoard, requireQemu } from './qemu_board';
import { Rp2040Board } from './rp2040_board';

export { AtmegaBoard, type AtmegaOptions } from './atmega_board';
export { EmulatedBoard } from './emulated_board';
export { EmulatorMissingError, firmwareImage } from './firmware_image';
export { QEMU_MACHINES, QemuBoard, type QemuOptions } from './qemu_board';
export { Rp2040Board, type Rp2040Options } from './rp2040_board';

/** What to give where an emulated board is asked for: "qemu:stm32f405", "rp2040js:rp2040", ... */
export const EMULATED_BOARDS: readonly string[] = [
  ...Object.keys(QEMU_MACHINES).map((board) => `qemu:${board}`),
  'rp2040js:rp2040',
  'avr8js:atmega2560',
];

/** The board of a name; throws when there is none of that name. */
function boardOf(name: string): string {
  if (!EMULATED_BOARDS.includes(name))
    throw new Error(`no emulated board is called ${name}; there are ${EMULATED_BOARDS.join(', ')}`);
  return name.slice(name.indexOf(':') + 1);
}

/** Switches a board on. Rejects when the name is none of EMULATED_BOARDS, or when it cannot be emulated here. */
export async function startBoard(name: string): Promise<EmulatedBoard> {
  const board = boardOf(name);
  if (name.startsWith('qemu:')) return QemuBoard.start({ board });
  return name.startsWith('avr8js:') ? AtmegaBoard.start() : Rp2040Board.start();
}

let wires = 0;

/**
 * Bus options for a fresh board of that name; it runs as long as the bus is open.
 * @throws EmulatorMissingError at once, where a bus would try again and again
 */
export function emulatorWire(name: string): BusOptions & { readonly kind: 'virtual' } {
  const board = boardOf(name);
  if (name.startsWith('qemu:')) requireQemu(board);
  firmwareImage(board, name.startsWith('qemu:') ? 'elf' : 'bin');
  const tuning: BusTuning = {
    // An emulator is slower than the chip, and starts with the bus: its UART is up after a moment.
    settleMs: 300,
    responseTimeoutMs: 3000,
    deadlineMs: 15_000,
  };
  return { kind: 'virtual', id: `${name} ${++wires}`, connect: () => startBoard(name), ...tuning };
}
