/** Plain requests to a board, as a PLC sends them. */
import assert from 'node:assert/strict';
import { Registers, TrainerErrors } from '../../../trainer/contract/contract.generated';
import type { VirtualBoard } from '../../../trainer/virtual';
import { exceptionOf, readRequest, registersOf, writeRequest } from './frames';

export class PlainMaster {
  /** @param board the present one: a test may start it anew */
  constructor(private readonly board: () => VirtualBoard) {}

  /** The Modbus exception, 0 = none. */
  write(address: number, ...words: number[]): number {
    const board = this.board();
    return exceptionOf(board.exchange(writeRequest(board.unit, address, ...words)));
  }

  read({ address, words }: { readonly address: number; readonly words: number }): number[] {
    const board = this.board();
    return registersOf(board.exchange(readRequest(board.unit, address, words)));
  }

  /** That there was this exception, and its reason; `detail` only where it is given. */
  refused(exception: number, name: keyof typeof TrainerErrors, detail?: number): void {
    assert.notEqual(exception, 0, name);
    assert.equal(this.read(Registers.lastError)[0], TrainerErrors[name].code, name);
    if (detail !== undefined) assert.equal(this.read(Registers.lastErrorDetail)[0], detail);
  }
}
