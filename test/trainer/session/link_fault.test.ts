/** What a session says of a trainer that cannot be worked with, and why. */
import assert from 'node:assert/strict';
import { type BusHandle, type BusStatus, openBus } from '../../../trainer/bus';
import { ProtocolError, Trainer } from '../../../trainer/device';
import { SessionTrainer } from '../../../trainer/loop';
import { Session, type SessionState } from '../../../trainer/session';
import { linkFault } from '../../../trainer/session/link_fault';
import { text, WordedError } from '../../../trainer/text';
import { BoardPipe, VirtualBoard } from '../../../trainer/virtual';

const KEY = '00112233445566778899aabbccddeeff';
let wires = 0;

function wire(board: VirtualBoard): BusHandle {
  return openBus({ kind: 'virtual', id: `fault ${++wires}`, connect: async () => new BoardPipe(board) });
}

function until(session: Session, wanted: (state: SessionState) => boolean): Promise<SessionState> {
  return new Promise((resolve) => {
    const look = (state: SessionState): void => {
      if (wanted(state)) resolve(state);
    };
    session.onState(look);
    look(session.state);
  });
}

const DEFINITION = {
  features: [{ name: 'room', min: 0, max: 45 }],
  classes: [{ label: 'heat' }, { label: 'cool' }],
  model: { type: 'svm-linear' },
} as const;

describe('a session', () => {
  it('says that a board is locked and that it has no key for it, and not when it has', async () => {
    const board = new VirtualBoard();
    const owner = wire(board);
    const trainer = new Trainer(owner, { unit: 1 });
    const definition = structuredClone(DEFINITION) as never;
    await trainer.deploy(definition);
    await trainer.lock.setKey(KEY);
    await trainer.lock.close();
    const [without, withKey] = [
      new Session(wire(board), { unit: 1, definition }),
      new Session(wire(board), { unit: 1, definition, key: KEY }),
    ];
    const ready = (state: SessionState): boolean => state.kind === 'ready';
    const found = [await until(without, ready), await until(withKey, ready)];
    assert.deepEqual(
      found.map((state) => state.kind === 'ready' && state.locked),
      [true, false],
    );
    await Promise.all([without.close(), withKey.close(), owner.close()]);
    board.close();
  });

  it('tells a port that is missing from a connection that is refused', async () => {
    const bus = openBus({ kind: 'serial', path: '/dev/tty-is-not-there' });
    const session = new Session(bus, { unit: 1 });
    const state = await until(session, ({ kind }) => kind === 'lost');
    assert.equal(state.kind === 'lost' && state.fault, 'portMissing');
    await session.close();
    const refused = new Session(openBus({ kind: 'tcp', host: '127.0.0.1', port: 1 }), { unit: 1 });
    const other = await until(refused, ({ kind }) => kind === 'lost');
    assert.equal(other.kind === 'lost' && other.fault, 'refused');
    await refused.close();
  });

  it('says why a trainer is away as a text that each reader gets in their language', async () => {
    const worded = (state: SessionState): boolean => state.kind === 'lost' && typeof state.why === 'object';
    const refused = new Session(openBus({ kind: 'tcp', host: '127.0.0.1', port: 1 }), { unit: 1 });
    await until(refused, worded);
    const trainer = new SessionTrainer(refused, undefined, new AbortController().signal);
    await assert.rejects(
      () => trainer.ready(),
      (error) => error instanceof WordedError && error.text.key === 'bus.reason.refused',
    );
    await refused.close();
    const board = new VirtualBoard();
    const silent = new Session(wire(board), { unit: 2 });
    const silentUnit = (state: SessionState): boolean =>
      state.kind === 'lost' && typeof state.why === 'object' && state.why.key === 'bus.silentUnit';
    await until(silent, silentUnit);
    await silent.close();
    board.close();
  });

  it('tells silence from a wrong unit id, and both from something that is no trainer', () => {
    const status = (given: object): BusStatus => ({ state: 'open', why: '', units: [], ...given }) as never;
    const error = new Error('no answer');
    const others = [{ unit: 2, alive: true, replies: 7 }];
    assert.equal(linkFault(status({}), 1, error), 'silent');
    assert.equal(linkFault(status({ units: others }), 1, error), 'wrongUnit');
    assert.equal(linkFault(status({ units: others }), 2, error), 'silent');
    assert.equal(
      linkFault(status({}), 1, new ProtocolError(1, text('protocol.map', { found: 9, known: 2 }))),
      'noTrainer',
    );
    const lost = { state: 'lost', why: text('bus.reason.portBusy', { problem: 'lock' }) };
    assert.equal(linkFault(status(lost), 1, error), 'portBusy');
    assert.equal(linkFault(status({ state: 'lost', why: 'something else' }), 1, error), 'wire');
  });
});
