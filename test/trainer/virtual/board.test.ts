import assert from 'node:assert/strict';
import { Command, MAP_VERSION, Registers } from '../../../trainer/contract/contract.generated';
import { VirtualBoard } from '../../../trainer/virtual';
import { exceptionOf, frame, readRequest, registersOf, writeRequest } from './frames';

const { mapVersion, serialNumber, arenaBytes, unitId, uptime, commandArgument, board: boardName } = Registers;

describe('Virtual board, step by step', () => {
  it('answers as the board that its options describe', () => {
    const board = new VirtualBoard({ arenaBytes: 14_336, unit: 9, serialNumber: 0xcafe0001, board: 'bench' });
    assert.deepEqual(registersOf(board.exchange(readRequest(9, mapVersion.address, 1))), [MAP_VERSION]);
    assert.deepEqual(registersOf(board.exchange(readRequest(9, serialNumber.address, 2))), [0xcafe, 1]);
    assert.deepEqual(registersOf(board.exchange(readRequest(9, arenaBytes.address, 2))), [0, 14_336]);
    assert.deepEqual(
      registersOf(board.exchange(readRequest(9, boardName.address, 3))),
      [0x6265, 0x6e63, 0x6800],
    );
    board.close();
  });

  it('keeps silent for other units, bad checksums and broadcasts, and answers what it does not know with exceptions', () => {
    const board = new VirtualBoard({ unit: 3 });
    assert.equal(board.exchange(readRequest(4, 0, 1)), undefined);
    const broken = readRequest(3, mapVersion.address, 1);
    broken[7] = (broken[7] as number) ^ 1;
    assert.equal(board.exchange(broken), undefined);
    assert.equal(board.exchange(frame(0, 6, 0, 2, 0, 0)), undefined);
    assert.equal(exceptionOf(board.exchange(frame(3, 20, 6, 0))), 1);
    assert.equal(exceptionOf(board.exchange(readRequest(3, 60_000, 1))), 2);
    assert.deepEqual(registersOf(board.exchange(readRequest(3, mapVersion.address, 1))), [MAP_VERSION]);
    board.close();
  });

  it('counts only the time that a manual clock is given', () => {
    const board = new VirtualBoard({ clock: 'manual' });
    const seconds = (): number => registersOf(board.exchange(readRequest(1, uptime.address, 2)))[1] as number;
    assert.equal(seconds(), 0);
    board.advance(7000);
    board.poll(2);
    assert.equal(seconds(), 7);
    // Over the wrap of the microseconds (71.6 minutes).
    board.advance(5_000_000);
    board.poll(2);
    assert.equal(seconds(), 5007);
    assert.throws(() => board.advance(-1), /never goes back/);
    board.close();
  });

  it('answers nothing from before its restart once it has taken the command', () => {
    const board = new VirtualBoard({ clock: 'manual' });
    board.advance(7000);
    board.poll(2);
    const restart = writeRequest(1, Registers.commandArgument.address, 0, 0, Command.RESTART, 1);
    assert.equal(exceptionOf(board.exchange(restart)), 0);
    const asked = readRequest(1, uptime.address, 2);
    const early = board.exchange(asked);
    assert.deepEqual(registersOf(early ?? board.exchange(asked)), [0, 0], 'uptime of the time before');
    assert.equal(board.starts, 2);
    board.close();
  });

  it('finds a request behind garbage with a manual clock', () => {
    const board = new VirtualBoard({ clock: 'manual' });
    assert.equal(board.exchange(Uint8Array.of(1, 16, 0, 0, 0, 100, 200, 7)), undefined);
    assert.deepEqual(registersOf(board.exchange(readRequest(1, mapVersion.address, 1))), [MAP_VERSION]);
    board.close();
  });

  it('takes requests in any pieces', () => {
    const board = new VirtualBoard({ clock: 'manual' });
    const request = readRequest(1, mapVersion.address, 1);
    for (const byte of request.subarray(0, -1)) {
      board.receive(Uint8Array.of(byte));
      assert.equal(board.poll(3), undefined);
      board.advance(100);
    }
    board.receive(request.subarray(-1));
    assert.deepEqual(registersOf(board.poll(3)), [MAP_VERSION]);
    board.close();
  });

  it('is silent without power and back after a restart', () => {
    const board = new VirtualBoard({ unit: 5 });
    board.powerCut();
    assert.equal(board.exchange(readRequest(5, mapVersion.address, 1)), undefined);
    assert.equal(board.powered, false);
    board.restart();
    assert.deepEqual(registersOf(board.exchange(readRequest(5, mapVersion.address, 1))), [MAP_VERSION]);
    assert.equal(board.starts, 2);
    board.close();
  });

  it('takes a new unit id from a master, answering under the old one', () => {
    const board = new VirtualBoard({ unit: 5 });
    const answer = board.exchange(writeRequest(5, commandArgument.address, 0, 6, Command.SET_UNIT, 1));
    assert.equal(answer?.[0], 5);
    assert.equal(board.unit, 6);
    assert.deepEqual(registersOf(board.exchange(readRequest(6, unitId.address, 1))), [6]);
    board.close();
  });

  it('refuses options that make no board', () => {
    assert.throws(() => new VirtualBoard({ unit: 0 }), /unit must be a whole number from 1 to 247/);
    assert.throws(() => new VirtualBoard({ arenaBytes: 1 }), /arenaBytes must be/);
    assert.throws(() => new VirtualBoard({ speed: 0 }), /speed must be above 0/);
    assert.throws(() => new VirtualBoard({ board: 'a name that is too long' }), /longer than 16/);
    assert.throws(() => new VirtualBoard({ nvmFile: '/nowhere/at/all' }), /ENOENT/);
  });
});
