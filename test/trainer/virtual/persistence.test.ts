import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command, Registers } from '../../../trainer/contract/contract.generated';
import { VirtualBoard, type VirtualBoardOptions, VirtualTrainer } from '../../../trainer/virtual';
import { exceptionOf, writeRequest } from './frames';

const COMMAND = Registers.commandArgument.address;
let ticket = 0;

function setUnit(from: number, unit: number): Uint8Array {
  return writeRequest(from, COMMAND, 0, unit, Command.SET_UNIT, ++ticket);
}
const SMALL: VirtualBoardOptions = { arenaBytes: 4096, nvmBytes: 16_384, clock: 'manual' };

/** Gives the board another unit id, which it saves, and runs it until it is done or the power goes. */
function rename(board: VirtualBoard, unit: number): void {
  assert.equal(exceptionOf(board.exchange(setUnit(board.unit, unit))), 0);
  board.runUntilIdle();
}

/** In the unit of powerCutAfter. */
function powerUsed({ nvm }: VirtualBoard): number {
  return nvm.written + nvm.erased * nvm.geometry.pageBytes;
}

describe('What a virtual board remembers', () => {
  for (const [kind, flash] of [
    ['EEPROM', undefined],
    ['flash', { pageBytes: 1024, writeBytes: 8 }],
  ] as const) {
    const options = { ...SMALL, ...(flash === undefined ? {} : { flash }) };

    it(`survives a restart (${kind})`, () => {
      const board = new VirtualBoard(options);
      rename(board, 42);
      board.restart();
      assert.equal(board.unit, 42);
      board.close();
    });

    it(`is the old state or the new one, wherever the power was cut while saving (${kind})`, () => {
      const board = new VirtualBoard(options);
      rename(board, 1);
      rename(board, 2);
      const before = powerUsed(board);
      rename(board, 3);
      const bytes = powerUsed(board) - before;
      assert.ok(bytes > 0);
      let [kept, lost, unit] = [0, 0, 3];
      const coarse = Math.ceil(bytes / 300);
      for (let cut = 0; cut <= bytes; cut += cut < bytes - 60 ? coarse : 1) {
        const next = unit === 200 ? 100 : unit + 1;
        board.powerCutAfter(cut);
        rename(board, next);
        board.restart();
        assert.ok(board.unit === unit || board.unit === next, `cut after ${cut}: ${board.unit}`);
        if (board.unit === next) kept++;
        else lost++;
        unit = board.unit;
      }
      assert.ok(kept > 0 && lost > 0, `${kept} kept, ${lost} lost`);
      board.close();
    });
  }

  it('goes through its file from one trainer to the next', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'edge-trainer-'));
    const nvmFile = join(folder, 'memory.bin');
    const first = await VirtualTrainer.start({ nvmFile });
    assert.equal(exceptionOf(await first.exchange(setUnit(1, 77))), 0);
    while ((await first.boards()).some(({ busy }) => busy)) await new Promise(setImmediate);
    await first.close();
    const second = await VirtualTrainer.start({ nvmFile });
    assert.equal((await second.boards())[0]?.unit, 77);
    await second.close();
    const third = await VirtualTrainer.start({ nvmFile, unit: 5 }); // what it is started with wins
    assert.equal((await third.boards())[0]?.unit, 5);
    await third.close();
    rmSync(folder, { recursive: true });
  });
});
