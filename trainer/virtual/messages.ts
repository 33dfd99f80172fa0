/** What VirtualTrainer and its worker say to each other. */
import type { Actuation, VirtualBoardOptions } from './board';

/** One switch of the power of board `board` (its place on the wire, from 0). */
export type PowerSwitch =
  | { readonly action: 'cut' | 'restart' }
  /** Cut it after so many more bytes of non-volatile memory were written. */
  | { readonly action: 'cut-after'; readonly bytes: number };

export type ToWorker =
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

export type FromWorker =
  | { readonly kind: 'started' }
  | { readonly kind: 'failed'; readonly error: Error }
  | { readonly kind: 'data'; readonly bytes: Uint8Array }
  | { readonly kind: 'answer'; readonly id: number; readonly frame: Uint8Array | undefined }
  | { readonly kind: 'power-done'; readonly id: number; readonly error?: Error }
  | { readonly kind: 'state'; readonly id: number; readonly boards: readonly BoardState[] };

export interface WorkerData {
  readonly boards: readonly VirtualBoardOptions[];
}
