/** Bus options for a virtual trainer. */
import { resolve } from 'node:path';
import type { VirtualWire } from '../bus';
import { VirtualTrainer, type VirtualTrainerOptions } from './virtual_trainer';

export interface VirtualWireOptions extends VirtualTrainerOptions {
  /** Names the wire: users of the same name share its boards. Default: the memory's file, else a name of its own. */
  readonly id?: string;
  /** More boards on the same wire, with unit ids of their own. */
  readonly others?: readonly VirtualTrainerOptions[];
}

let wires = 0;

/** Options for openBus. The boards run as long as the bus is open; without nvmFile they then forget everything. */
export function virtualWire(options: VirtualWireOptions = {}): VirtualWire {
  const { id, others = [], ...first } = options;
  const own = first.nvmFile === undefined ? `number ${++wires}` : resolve(first.nvmFile);
  const units = [first, ...others].map(({ unit = 1 }) => unit).join(', ');
  return {
    kind: 'virtual',
    id: id ?? own,
    line: { 'unit id': units },
    connect: () => VirtualTrainer.start([first, ...others]),
  };
}
