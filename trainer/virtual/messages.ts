/** Messages between VirtualTrainer and the thread that runs its boards. */
import type { MessagePort } from 'node:worker_threads';
import type { Actuation, VirtualBoardOptions } from './board';

/** To the thread itself. */
export type ToThread =
  /** One more wire; everything about it goes over `port`. */
  | { readonly kind: 'open'; readonly boards: readonly VirtualBoardOptions[]; readonly port: MessagePort }
  /** No wire is left. */
  | { readonly kind: 'end' };

/** One switch of the power of board `board` (its place on the wire, from 0). */
export type PowerSwitch =
  | { readonly action: 'cut' | 'restart' }
  /** Cut it after so many more bytes of non-volatile memory were written. */
  | { readonly action: 'cut-after'; readonly bytes: number };

/** To one wire. */
export type ToWire =
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  | { readonly kind: 'exchange'; readonly id: number; readonly frame: Uint8Array }
  | { readonly kind: 'power'; readonly id: number; readonly board: number; readonly change: PowerSwitch }
  | { readonly kind: 'state'; readonly id: number }
  | { readonly kind: 'close' };

export interface BoardState {
  readonly powered: boolean;
  readonly unit: number;
  readonly busy: boolean;
  readonly clockMs: number;
  readonly starts: number;
  readonly actuation: Actuation | undefined;
}

/** From one wire. */
export type FromWire =
  | { readonly kind: 'started' }
  /** It could not start, or what it ran broke; its port closes. */
  | { readonly kind: 'failed'; readonly error: Error }
  | { readonly kind: 'data'; readonly bytes: Uint8Array }
  | { readonly kind: 'answer'; readonly id: number; readonly frame: Uint8Array | undefined }
  | { readonly kind: 'power-done'; readonly id: number; readonly error?: Error }
  | { readonly kind: 'state'; readonly id: number; readonly boards: readonly BoardState[] };
