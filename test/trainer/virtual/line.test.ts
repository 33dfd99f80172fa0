/** Line settings: tried, proven, kept; and the way back. */
import assert from 'node:assert/strict';
import { type LineSettings, lineText, MODBUS_LINE, TrainerErrors } from '../../../trainer';
import { Command, Limits, Event as LogEvent, Registers } from '../../../trainer/contract/contract.generated';
import { VirtualBoard, type VirtualBoardOptions } from '../../../trainer/virtual';
import { exceptionOf, readRequest, registersOf, writeRequest } from './frames';

const BUILT: LineSettings = { baudRate: 115_200, parity: 'none', stopBits: 1 };
const OPTIONS: VirtualBoardOptions = { arenaBytes: 4096, nvmBytes: 16_384, clock: 'manual', line: BUILT };
const ARGUMENT: Readonly<Record<string, readonly [high: number, low: number]>> = {
  '19200 8E1': [0x0101, 192],
  '57600 8N2': [0x0002, 576],
  '4800 8N1': [0x0001, 48],
  '19200 8?1': [0x0301, 192],
  '19200 8N3': [0x0003, 192],
};
const SILENCE_MS = 5;
let ticket = 0;

/** One request of a master with these settings, and the answer if the board hears it and is heard. */
function ask(board: VirtualBoard, master: LineSettings, request: Uint8Array): Uint8Array | undefined {
  board.receive(request, master);
  board.advance(SILENCE_MS);
  return board.poll(10);
}

function setLine(board: VirtualBoard, settings: string, from = BUILT): number {
  const [high, low] = ARGUMENT[settings] as readonly [number, number];
  const words = [high, low, Command.SET_LINE, ++ticket];
  assert.equal(
    exceptionOf(ask(board, from, writeRequest(1, Registers.commandArgument.address, ...words))),
    0,
  );
  return registersOf(ask(board, from, readRequest(1, Registers.commandDone.address, 2)))[1] as number;
}

const lineOf = (board: VirtualBoard, master: LineSettings): number[] =>
  registersOf(ask(board, master, readRequest(1, Registers.lineRate.address, 4)));

const seconds = (board: VirtualBoard, count: number): void => {
  board.advance(1000 * count);
  board.poll(10);
};

/** Events in the log ring, by their code. */
function events(board: VirtualBoard, master: LineSettings): number[] {
  ask(board, master, writeRequest(1, Registers.bulkObject.address, 7, 0));
  const [low, length, , ...data] = registersOf(
    ask(board, master, readRequest(1, Registers.bulkTotal.address + 1, 115)),
  );
  assert.equal(low, length);
  const bytes = data.flatMap((word) => [word >> 8, word & 255]).slice(0, length);
  return bytes.filter((_, at) => at % Limits.LOG_RECORD_BYTES === 10);
}

describe('Line settings of a board', () => {
  let board: VirtualBoard;
  beforeEach(() => {
    board = new VirtualBoard(OPTIONS);
  });
  afterEach(() => board.close());

  it('are those of the build until a master sets others', () => {
    assert.deepEqual(lineOf(board, BUILT), [1152, 0, 1, 0]);
    assert.equal(ask(board, MODBUS_LINE, readRequest(1, 0, 1)), undefined);
  });

  it('change a second after the command, so that its result is read under the old ones', () => {
    assert.equal(setLine(board, '19200 8E1'), 0);
    assert.equal(lineText(board.line as LineSettings), '115200 8N1');
    seconds(board, Limits.LINE_DELAY_SECONDS);
    assert.equal(lineText(board.line as LineSettings), '19200 8E1');
    assert.equal(ask(board, BUILT, readRequest(1, 0, 1)), undefined, 'heard under the old settings');
  });

  it('are kept by the first request under them, over a restart too', () => {
    setLine(board, '19200 8E1');
    seconds(board, Limits.LINE_DELAY_SECONDS);
    const [rate, parity, stopBits, left] = lineOf(board, MODBUS_LINE);
    assert.deepEqual([rate, parity, stopBits], [192, 1, 1]);
    assert.equal(left, Limits.LINE_TRIAL_SECONDS);
    assert.deepEqual(lineOf(board, MODBUS_LINE), [192, 1, 1, 0]);
    seconds(board, 2 * Limits.LINE_TRIAL_SECONDS);
    assert.ok(events(board, MODBUS_LINE).includes(LogEvent.LINE_KEPT));
    board.runUntilIdle();
    board.restart();
    assert.deepEqual(lineOf(board, MODBUS_LINE), [192, 1, 1, 0]);
  });

  it('go back by themselves when nobody answers under the new ones, and say so', () => {
    setLine(board, '57600 8N2');
    seconds(board, Limits.LINE_DELAY_SECONDS);
    seconds(board, Limits.LINE_TRIAL_SECONDS - 1);
    assert.equal(ask(board, BUILT, readRequest(1, 0, 1)), undefined);
    seconds(board, 1);
    assert.deepEqual(lineOf(board, BUILT), [1152, 0, 1, 0]);
    assert.ok(events(board, BUILT).includes(LogEvent.LINE_BACK));
  });

  it('go back to what was proven before, not to those of the build', () => {
    setLine(board, '19200 8E1');
    seconds(board, Limits.LINE_DELAY_SECONDS);
    lineOf(board, MODBUS_LINE);
    setLine(board, '57600 8N2', MODBUS_LINE);
    seconds(board, Limits.LINE_DELAY_SECONDS);
    seconds(board, Limits.LINE_TRIAL_SECONDS);
    assert.deepEqual(lineOf(board, MODBUS_LINE), [192, 1, 1, 0]);
  });

  it('are the proven ones after a restart in the middle of a trial', () => {
    setLine(board, '57600 8N2');
    seconds(board, Limits.LINE_DELAY_SECONDS);
    board.restart();
    assert.deepEqual(lineOf(board, BUILT), [1152, 0, 1, 0]);
  });

  it('are those of the build again after a factory reset and a restart', () => {
    setLine(board, '19200 8E1');
    seconds(board, Limits.LINE_DELAY_SECONDS);
    lineOf(board, MODBUS_LINE);
    board.runUntilIdle();
    ask(
      board,
      MODBUS_LINE,
      writeRequest(1, Registers.commandArgument.address, 0, 0, Command.FACTORY_RESET, ++ticket),
    );
    board.restart();
    assert.deepEqual(lineOf(board, BUILT), [1152, 0, 1, 0]);
  });

  it('are refused when no UART has them, and stay as they are', () => {
    for (const wrong of ['4800 8N1', '19200 8?1', '19200 8N3'])
      assert.equal(setLine(board, wrong), TrainerErrors.VALUE.code, wrong);
    seconds(board, 2);
    assert.deepEqual(lineOf(board, BUILT), [1152, 0, 1, 0]);
  });

  it('are refused while the lock is closed to who does not prove the key', () => {
    const key = [1, 2, 3, 4, 5, 6, 7, 8];
    assert.equal(exceptionOf(ask(board, BUILT, writeRequest(1, Registers.key.address, ...key))), 0);
    const request = writeRequest(
      1,
      Registers.commandArgument.address,
      0x0101,
      192,
      Command.SET_LINE,
      ++ticket,
    );
    assert.notEqual(exceptionOf(ask(board, BUILT, request)), 0);
    seconds(board, 2);
    assert.deepEqual(lineOf(board, BUILT), [1152, 0, 1, 0]);
  });

  it('are not there where frames arrive whole, and cannot be set', () => {
    const pipe = new VirtualBoard({ arenaBytes: 4096, nvmBytes: 16_384, clock: 'manual' });
    const words = [0x0101, 192, Command.SET_LINE, ++ticket];
    pipe.exchange(writeRequest(1, Registers.commandArgument.address, ...words));
    const [, result] = registersOf(pipe.exchange(readRequest(1, Registers.commandDone.address, 2)));
    assert.equal(result, TrainerErrors.BOARD_CANNOT.code);
    assert.deepEqual(registersOf(pipe.exchange(readRequest(1, Registers.lineRate.address, 1))), [0]);
    pipe.close();
  });
});
