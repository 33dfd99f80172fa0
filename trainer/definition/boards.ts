/** The boards that the firmware has a port for; the facts are in firmware/ports/<board>/board.json. */
import { boardFacts } from '../contract/boards.generated';
import type { ModelType } from '../contract/definition.generated';

/** The boot loader that a board's chip brings; trainer/flash has one file for each protocol. */
export interface BootLoaderFacts {
  /** For people. */
  readonly title: string;
  readonly protocol: 'stm32' | 'stk500' | 'stk500v2' | 'esp32' | 'uf2' | 'daplink';
  /** The firmware that runs starts it when asked; elsewhere a hand does, or a reset over the line. */
  readonly byCommand?: boolean;
  /** What the chip or board answers to the question who it is; any of these is the right one. */
  readonly chips: readonly string[];
  /** Address of the first page of the program memory. */
  readonly flashAddress: number;
  /** Pages that are erased as one, in groups of equal size; what the boot loader itself takes is left out. */
  readonly pages: readonly { readonly count: number; readonly bytes: number }[];
  /** STM32: address of the register that holds the size of the flash in kB. */
  readonly sizeAt?: number;
  /** UF2: number of the chip's family. ESP32: number of the chip in the header of an image. */
  readonly family?: number;
}

export interface Board {
  readonly name: string;
  /** For people. */
  readonly title: string;
  readonly core: string;
  /** Program memory, bytes; 0 = not applicable. */
  readonly flash: number;
  /** Bytes. */
  readonly ram: number;
  /** Bytes that the port gives to the trainer; a definition must fit these. */
  readonly arena: number;
  /** Hertz; 0 = not applicable. */
  readonly clock: number;
  /** What it can be run on without hardware. */
  readonly emulator: string | null;
  /** Channels of its own, for the section io of a definition; null = as the program around it says. */
  readonly channels: { readonly inputs: number; readonly outputs: number } | null;
  /** Typical current while running, in milliampere. */
  readonly supplyCurrent: number | null;
  /** Null: firmware cannot be written from here. */
  readonly bootLoader: BootLoaderFacts | null;
  /** Types of models that its firmware leaves out, because they would not fit or be of no use. */
  readonly lacks: readonly ModelType[];
  /** Part of the flash that holds what was learned, as bytes from an address; null = a file, or none. */
  readonly store: { readonly address: number; readonly bytes: number } | null;
}

const boards = new Map<string, Board>(boardFacts.map((facts) => [facts.name, facts]));

/** Names of all boards. */
export function knownBoards(): string[] {
  return [...boards.keys()];
}

export function isKnownBoard(name: string): boolean {
  return boards.has(name);
}

/** Names of the boards whose firmware has this type of model. */
export function boardsWith(type: ModelType): string[] {
  return [...boards.values()].filter(({ lacks }) => !lacks.includes(type)).map(({ name }) => name);
}

/** @throws RangeError for a name that is not in the table */
export function boardOf(name: string): Board {
  const board = boards.get(name);
  if (board === undefined)
    throw new RangeError(`"${name}" is not a known board; use one of ${knownBoards().join(', ')}`);
  return board;
}
