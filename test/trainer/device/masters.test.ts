/** Several masters with plain Modbus requests at one board: what one of them writes is never taken for another's, and nothing stale is used. */
import assert from 'node:assert/strict';
import { encodeDefinition, parseDefinition, sealFrame } from '../../../trainer';
import {
  Blocks,
  Coils,
  Command,
  FeedbackKind,
  Judgement,
  Limits,
  Registers,
  TrainerErrors,
} from '../../../trainer/contract/contract.generated';
import { VirtualBoard } from '../../../trainer/virtual';
import { comfort } from '../definition/examples';
import { exceptionOf, readRequest, registersOf, writeRequest } from '../virtual/frames';
import { deployTo } from '../virtual/raw_deploy';

const { ticket, ticketClaim, features, feedbackTicket, feedbackClaim, feedbackKind, setPoint } = Registers;
const KEY = [0x0001, 0x0203, 0x0405, 0x0607, 0x0809, 0x0a0b, 0x0c0d, 0x0e0f];

describe('plain masters at one board', () => {
  let board: VirtualBoard;
  let unit = 1;

  /** FC 6 for one word, else FC 16; the Modbus exception, 0 = none. */
  const write = (address: number, ...words: number[]): number =>
    words.length === 1
      ? exceptionOf(board.exchange(frame(6, address, words[0] as number)))
      : exceptionOf(board.exchange(writeRequest(unit, address, ...words)));
  const frame = (fc: number, address: number, value: number, to = unit): Uint8Array =>
    sealFrame(Uint8Array.of(to, fc, address >> 8, address & 0xff, (value >> 8) & 0xff, value & 0xff, 0, 0));
  const coil = (address: number, on: boolean): number =>
    exceptionOf(board.exchange(frame(5, address, on ? 0xff00 : 0)));
  const read = (register: { address: number; words: number }): number[] =>
    registersOf(board.exchange(readRequest(unit, register.address, register.words)));
  const why = (): number => read(Registers.lastError)[0] as number;
  const refused = (exception: number, name: keyof typeof TrainerErrors): void => {
    assert.notEqual(exception, 0);
    assert.equal(why(), TrainerErrors[name].code, `error ${why()}`);
  };
  let commands = 0;
  const command = (code: number, argument = 0, number = ++commands): number =>
    write(Registers.commandArgument.address, argument >>> 16, argument & 0xffff, code, number);
  const result = (): number => read(Registers.commandResult)[0] as number;
  const decision = (): number => read(Registers.decisionTicket)[0] as number;

  beforeEach(() => {
    unit = 1;
    commands = 0;
    board = new VirtualBoard({ clock: 'manual' });
    assert.ok(deployTo(board, encodeDefinition(parseDefinition(comfort()))));
    board.runUntilIdle();
  });
  afterEach(() => board.close());

  const A = [2150, 4000, 700];
  const B = [2900, 3000, 500];

  describe('decisions', () => {
    it('are made for all features of one request, never for some of them and old ones', () => {
      assert.equal(write(ticket.address, 1, ...A), 0);
      refused(write(ticket.address, 2, B[0] as number), 'WORDS_MISSING');
      refused(write(ticket.address, 2), 'WORDS_MISSING');
      assert.equal(decision(), 1);
      assert.deepEqual(read({ address: features.address, words: 3 }), A);
      assert.equal(read(Registers.inferences)[1], 1);
    });

    it('are made for features that come one by one under a claim, in order', () => {
      assert.equal(write(ticketClaim.address, 7), 0);
      for (const [i, word] of A.entries()) assert.equal(write(features.address + i, word), 0);
      assert.equal(write(ticket.address, 7), 0);
      assert.equal(decision(), 7);
      assert.equal(write(ticket.address, 7), 0, 'its answer was lost');
      assert.equal(read(Registers.inferences)[1], 1);
    });

    it('are refused when two masters write their features one by one at the same time', () => {
      assert.equal(write(ticketClaim.address, 7), 0);
      assert.equal(write(features.address, A[0] as number), 0);
      assert.equal(write(ticketClaim.address, 900), 0);
      refused(write(features.address + 1, A[1] as number), 'WORDS_MISSING');
      refused(write(ticket.address, 7), 'WORDS_MISSING');
      // The other one was disturbed too, and begins again.
      refused(write(features.address, B[0] as number), 'WORDS_MISSING');
      assert.equal(read(Registers.inferences)[1], 0);
      // A whole request in between does not mix with either.
      assert.equal(write(ticketClaim.address, 8), 0);
      for (const [i, word] of A.entries()) assert.equal(write(features.address + i, word), 0);
      assert.equal(write(ticket.address, 901, ...B), 0);
      refused(write(ticket.address, 8), 'WORDS_MISSING');
      assert.equal(decision(), 901);
    });

    it('are new ones when a PLC that has restarted uses its old numbers, and their settling time begins anew', () => {
      assert.equal(write(ticket.address, 1, ...A), 0);
      refused(write(ticket.address, 1, ...B), 'TICKET_TAKEN');
      board.advance(1000 * Limits.REPEAT_SECONDS);
      assert.equal(write(ticket.address, 1, ...A), 0);
      assert.equal(read(Registers.inferences)[1], 2);
      board.advance(1000 * Limits.REPEAT_SECONDS);
      assert.equal(write(ticket.address, 1, ...B), 0);
      assert.equal(read(Registers.ticketsPending)[0], 1);
    });
  });

  describe('outcomes', () => {
    const outcome = (): number[] => read({ address: feedbackTicket.address, words: Blocks.feedback.words });

    it('are judged with their own kind and value, never with those of the outcome before', () => {
      for (const number of [1, 2]) assert.equal(write(ticket.address, number, ...A), 0);
      assert.equal(write(feedbackTicket.address, 1, FeedbackKind.LABEL, 0), 0);
      refused(write(feedbackTicket.address, 2), 'WORDS_MISSING');
      refused(write(feedbackTicket.address, 2, FeedbackKind.LABEL), 'WORDS_MISSING');
      refused(write(feedbackKind.address, FeedbackKind.LABEL, 0), 'WORDS_MISSING');
      assert.deepEqual(outcome().slice(0, 4), [1, FeedbackKind.LABEL, 0, Judgement.UNSATISFIED]);
      assert.equal(read(Registers.judged)[1], 1);
    });

    it('come word by word under a claim', () => {
      assert.equal(write(ticket.address, 1, ...A), 0);
      assert.equal(write(feedbackClaim.address, 1), 0);
      assert.equal(write(feedbackKind.address, FeedbackKind.LABEL), 0);
      assert.equal(write(feedbackKind.address + 1, 2), 0);
      assert.equal(write(feedbackTicket.address, 1), 0);
      assert.equal(write(feedbackTicket.address, 1), 0, 'its answer was lost');
      assert.deepEqual(outcome().slice(0, 5), [1, FeedbackKind.LABEL, 2, Judgement.UNSATISFIED, 2]);
      assert.equal(read(Registers.judged)[1], 1);
    });

    it('say why they were discarded', () => {
      assert.equal(write(ticket.address, 1, ...A), 0);
      assert.equal(coil(Coils.sensorFault, true), 0);
      assert.equal(write(feedbackTicket.address, 1, FeedbackKind.LABEL, 0), 0);
      assert.deepEqual([outcome()[3], outcome()[6]], [Judgement.DISCARDED, 1]);
    });
  });

  describe('commands', () => {
    it('are repeated only when code and argument are the same, also with others between them', () => {
      assert.equal(command(Command.SET_MODE, 1, 5), 0);
      refused(command(Command.SET_MODE, 2, 5), 'TICKET_TAKEN');
      refused(command(Command.TRAIN, 1, 5), 'TICKET_TAKEN');
      assert.equal(command(Command.SET_MODE, 0, 900), 0);
      assert.equal(command(Command.SET_MODE, 1, 5), 0, 'a late repeat');
      assert.equal(read(Registers.mode)[0], 0);
      assert.equal(read(Registers.commandDone)[0], 5);
      board.advance(1000 * Limits.REPEAT_SECONDS);
      assert.equal(command(Command.SET_MODE, 1, 5), 0);
      assert.equal(read(Registers.mode)[0], 1);
    });

    it('take no argument of another one', () => {
      assert.equal(command(Command.SET_MODE, 2), 0);
      assert.equal(write(Registers.commandCode.address, Command.SET_MODE, 77), 0);
      assert.equal(read(Registers.mode)[0], 0);
      refused(write(Registers.commandTicket.address, 78), 'WORDS_MISSING');
      refused(write(Registers.commandArgument.address, 0, 2), 'WORDS_MISSING');
    });
  });

  it('manage nothing by broadcast, and reach every board with the rest', () => {
    const before = read(Registers.mode)[0];
    unit = 0;
    for (const [address, words] of [
      [Registers.unitId.address, [9]],
      [Registers.commandArgument.address, [0, 2, Command.SET_MODE, 1]],
      [Registers.commandCode.address, [Command.FACTORY_RESET, 2]],
      [Registers.key.address, KEY],
      [Registers.bulkObject.address, [1, 0]],
    ] as const)
      assert.equal(
        words.length === 1
          ? board.exchange(frame(6, address, words[0]))
          : board.exchange(writeRequest(0, address, ...words)),
        undefined,
      );
    board.exchange(frame(5, Coils.freeze, 0xff00));
    board.exchange(frame(5, Coils.trainNow, 0xff00));
    board.exchange(writeRequest(0, ticket.address, 3, ...A));
    board.exchange(writeRequest(0, feedbackTicket.address, 3, FeedbackKind.TEACH, 0));
    board.exchange(frame(6, setPoint.address, 2300));
    unit = 1;
    board.runUntilIdle();
    assert.deepEqual([board.unit, read(Registers.mode)[0], read(Registers.lockState)[0]], [1, before, 0]);
    assert.notEqual(read(Registers.definitionFingerprint)[0], 0);
    assert.equal(read(Registers.trainings)[1], 0);
    assert.deepEqual([decision(), read(setPoint)[0], read(Registers.samplesStored)[0]], [3, 2300, 0]);
  });

  it('read everything that a PLC needs in three requests, with zeros where nothing is', () => {
    const all: number[] = [];
    for (let at = 0; at < Limits.PLC_REGISTERS; at += 125)
      all.push(...read({ address: at, words: Math.min(125, Limits.PLC_REGISTERS - at) }));
    assert.equal(all.length, Limits.PLC_REGISTERS);
    assert.equal(all[setPoint.address], read(setPoint)[0]);
    assert.equal(exceptionOf(board.exchange(readRequest(1, Limits.PLC_REGISTERS, 1))), 2);
    const coils = board.exchange(frame(1, 0, Limits.COILS));
    assert.deepEqual([coils?.[1], coils?.[2]], [1, 2]);
    assert.equal(exceptionOf(board.exchange(frame(1, 0, Limits.COILS + 1))), 2);
    assert.equal(coil(6, true), 2);
  });

  describe('while a key is set', () => {
    beforeEach(() => {
      assert.equal(write(Registers.key.address, ...KEY), 0);
    });

    it('decide and tell outcomes, and do not teach, train or freeze', () => {
      assert.equal(write(ticket.address, 1, ...A), 0);
      refused(write(feedbackTicket.address, 1, FeedbackKind.TEACH, 0), 'PROCESS_CLOSED');
      refused(coil(Coils.trainNow, true), 'PROCESS_CLOSED');
      refused(coil(Coils.freeze, true), 'PROCESS_CLOSED');
      assert.equal(coil(Coils.manualOverride, true), 0);
      assert.equal(write(setPoint.address, 2300), 0);
      assert.equal(write(feedbackTicket.address, 1, FeedbackKind.LABEL, 0), 0);
    });

    it('write what the definition says, no less and no more', () => {
      for (const [processWrites, outcome, lesson] of [
        ['decide', false, false],
        ['decide-and-outcome', true, false],
        ['all', true, true],
      ] as const) {
        board.close();
        board = new VirtualBoard({ clock: 'manual' });
        const training = { ...comfort().training, processWrites };
        assert.ok(deployTo(board, encodeDefinition(parseDefinition({ ...comfort(), training }))));
        board.runUntilIdle();
        assert.equal(write(Registers.key.address, ...KEY), 0);
        board.runUntilIdle();
        const closed = (exception: number, open: boolean): void =>
          open ? assert.equal(exception, 0, processWrites) : refused(exception, 'PROCESS_CLOSED');
        assert.equal(write(ticket.address, 1, ...A), 0);
        closed(write(setPoint.address, 2300), outcome);
        closed(coil(Coils.manualOverride, false), outcome);
        closed(write(feedbackTicket.address, 1, FeedbackKind.LABEL, 0), outcome);
        assert.equal(write(ticket.address, 2, ...A), 0);
        closed(write(feedbackTicket.address, 2, FeedbackKind.TEACH, 0), lesson);
        closed(coil(Coils.freeze, true), lesson);
      }
    });

    it('change neither the key nor anything else of management', () => {
      refused(write(Registers.key.address, ...KEY), 'KEY_RESPONSE');
      refused(write(Registers.key.address, ...KEY.map(() => 0)), 'KEY_RESPONSE');
      refused(command(Command.SET_UNIT, 9), 'LOCKED');
      refused(
        write(Registers.commandArgument.address, 0, 2, Command.SET_MODE, 1, 0xdead, 0xbeef),
        'KEY_WRONG',
      );
      assert.equal(read(Registers.lockState)[0], 1);
    });
  });

  it('do not lift a freeze of the management, and lift their own', () => {
    assert.equal(coil(Coils.freeze, true), 0);
    assert.equal(coil(Coils.freeze, false), 0);
    assert.equal(command(Command.SET_MODE, 2), 0);
    assert.equal(coil(Coils.freeze, true), 0);
    refused(coil(Coils.freeze, false), 'FROZEN_FOR_PROCESS');
    assert.equal(read(Registers.mode)[0], 2);
    assert.equal(command(Command.SET_MODE, 0), 0);
    assert.equal(result(), 0);
    assert.equal(read(Registers.mode)[0], 0);
  });
});
