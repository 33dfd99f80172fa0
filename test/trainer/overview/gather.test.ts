/** What is gathered of a trainer for its card: of one that decides, of one that listens; and that a folded card costs nothing. */
import assert from 'node:assert/strict';
import { openBus } from '../../../trainer/bus';
import type { TrainerDefinition } from '../../../trainer/definition';
import { Gatherer, History } from '../../../trainer/overview';
import { Session } from '../../../trainer/session';
import { BoardPipe, VirtualBoard } from '../../../trainer/virtual';

const ABOUT = { name: 'one', wire: 'hall', hasKey: false, deployable: true, regimes: ['idle'] };
let wires = 0;

async function withSession(
  definition: TrainerDefinition,
  work: (session: Session, gatherer: Gatherer, requests: () => number) => Promise<void>,
  board = new VirtualBoard(),
): Promise<void> {
  const bus = openBus({
    kind: 'virtual',
    id: `gather ${++wires}`,
    connect: async () => new BoardPipe(board),
  });
  const session = new Session(bus, { unit: 1, definition });
  const gatherer = new Gatherer(session, new History());
  try {
    await session.trainer.deploy(definition);
    await session.refresh();
    await work(session, gatherer, () => bus.status().counters.requests);
  } finally {
    gatherer.close();
    await session.close();
    board.close();
  }
}

describe('the card of a trainer', () => {
  it('says why its definition is not on the board, until it is', async () => {
    const room: TrainerDefinition = {
      features: [{ name: 'room', min: 0, max: 45 }],
      classes: [{ label: 'heat' }, { label: 'cool' }],
      model: { type: 'svm-linear' },
      feedback: { rule: 'label' },
    };
    const board = new VirtualBoard();
    const open = (definition: TrainerDefinition): Session => {
      const id = `gather ${++wires}`;
      const bus = openBus({ kind: 'virtual', id, connect: async () => new BoardPipe(board) });
      return new Session(bus, { unit: 1, definition });
    };
    const guard = {
      discard: 'refuse',
      keepBackup: () => Promise.reject(new Error('not asked for')),
    } as const;
    const first = open(room);
    await first.deploy(room, guard);
    await first.trainer.dataset.add([20], 'heat');
    await first.close();
    const other = { ...room, features: [{ name: 'sun', min: 0, max: 1 }] };
    const session = open(other);
    const gatherer = new Gatherer(session, new History());
    try {
      await session.refresh();
      await new Promise<void>((known) =>
        session.onState(({ kind }) => kind === 'other-definition' && known()),
      );
      assert.equal(gatherer.card(ABOUT, false).link.why, undefined);
      // All at once, as the nodes of a flow do: the last one may replace, and those before have changed nothing.
      const replace = { discard: 'replace', keepBackup: async () => 'kept' } as const;
      const refused = session.deploy(other, guard);
      await assert.rejects(refused, /discards something learned/);
      const { why } = gatherer.card(ABOUT, false).link;
      assert.equal(typeof why === 'object' && why.key, 'change.refused');
      const done = await Promise.all([session.deploy(other, replace), session.deploy(other, guard)]);
      assert.deepEqual(
        done.map(({ changed, report }) => [changed, report.verdict]),
        [
          [true, 'discards'],
          [false, 'same'],
        ],
      );
      assert.deepEqual([session.refusal, gatherer.card(ABOUT, false).link], [undefined, { kind: 'ready' }]);
    } finally {
      gatherer.close();
      await session.close();
      board.close();
    }
  });

  it('has decisions with their verdicts, samples, voices and the evaluation', async () => {
    const definition: TrainerDefinition = {
      features: [{ name: 'room', unit: '°C', min: 0, max: 45 }],
      classes: [{ label: 'heat' }, { label: 'cool' }],
      model: { type: 'svm-linear' },
      feedback: { rule: 'label', settleSeconds: 0 },
      stitching: { satisfactoryShare: 1, holdOutEvery: 4 },
      training: { mode: 'manual' },
    };
    await withSession(definition, async (session, gatherer) => {
      const { trainer } = session;
      for (let at = 0; at < 40; at++) {
        const room = 10 + ((at * 7) % 25);
        const { ticket } = await trainer.infer([room]);
        await trainer.feedback(ticket, { label: room < 22 ? 'heat' : 'cool' });
      }
      await trainer.model.train();
      await session.refresh();
      await gatherer.read();
      const card = gatherer.card(ABOUT, true);
      assert.equal(card.link.kind, 'ready');
      assert.equal(card.status?.generation, 1);
      assert.equal(card.waits?.key, 'command');
      assert.equal(
        (card.perClass ?? []).reduce((sum, count) => sum + count, 0),
        card.status?.samplesStored,
      );
      assert.ok((card.evaluation?.samples ?? 0) > 0);
      assert.ok(card.voices?.some(({ name }) => name === 'model'));
      const judged = Object.values(card.decisions ?? {}).filter(({ judgement }) => judgement !== undefined);
      assert.equal(judged.length, 12);
      assert.ok(Object.values(card.log ?? {}).some(({ event, at }) => event === 'promoted' && at > 1e9));
    });
  });

  it('has the layers of a network and the error of each continuous output, and no class of its own making', async () => {
    const definition: TrainerDefinition = {
      features: [
        { name: 'outside', min: -20, max: 20 },
        { name: 'guests', min: 0, max: 30 },
      ],
      outputs: [{ name: 'valve', unit: '%', min: 0, max: 100 }],
      model: {
        type: 'dnn',
        epochs: 20,
        layers: [
          { kind: 'dense', units: 4 },
          { kind: 'dense', units: 1 },
        ],
      },
      feedback: { rule: 'label' },
      stitching: { holdOutEvery: 4 },
      training: { mode: 'manual', minSamples: 20 },
    };
    await withSession(definition, async (session, gatherer) => {
      const { trainer } = session;
      for (let at = 0; at < 40; at++) {
        const outside = -20 + ((at * 13) % 41);
        await trainer.dataset.add([outside, (at * 7) % 31], { valve: 50 - 2 * outside });
      }
      await session.refresh();
      const { state } = session;
      assert.ok(state.kind === 'ready' && state.onlyClass === undefined, JSON.stringify(state));
      await trainer.model.train();
      await session.refresh();
      await gatherer.read();
      const card = gatherer.card(ABOUT, true);
      assert.deepEqual(card.network?.input, [1, 2, 1]);
      assert.deepEqual(
        card.network?.layers.map(({ kind, shape, parameters }) => [kind, shape, parameters]),
        [
          ['dense', [1, 1, 4], 12],
          ['dense', [1, 1, 1], 5],
        ],
      );
      assert.deepEqual(
        card.curve?.map(([epoch]) => epoch),
        Array.from({ length: 20 }, (_, index) => index + 1),
      );
      const [{ name, unit, error, meanError } = { name: '', unit: '', error: null, meanError: null }] =
        card.outputErrors ?? [];
      assert.deepEqual([name, unit], ['valve', '%']);
      assert.ok(error !== null && meanError !== null && error < meanError / 2, `${error} ${meanError}`);
    });
  });

  it('has how full the window of a stream is that a network decides about, and that the stream has stopped', async () => {
    const definition: TrainerDefinition = {
      features: [{ name: 'x', unit: 'g', count: 32, streamChannels: 2, min: -2, max: 2, scale: 1000 }],
      classes: [{ label: 'healthy' }, { label: 'faulty' }],
      model: { type: 'dnn', layers: [{ kind: 'dense', units: 2 }] },
      feedback: { rule: 'label' },
    };
    const board = new VirtualBoard({ clock: 'manual' });
    const work: Parameters<typeof withSession>[1] = async (session, gatherer) => {
      const look = async (): Promise<unknown> => {
        await session.refresh();
        await gatherer.read();
        return gatherer.card(ABOUT, true).window;
      };
      const send = (count: number): Promise<unknown> =>
        session.trainer.stream.send(Array.from({ length: count }, () => [1, -1]));
      assert.deepEqual(await look(), { held: 0, needed: 16, stopped: false });
      await send(5);
      assert.deepEqual(await look(), { held: 5, needed: 16, stopped: false });
      await send(20);
      assert.deepEqual(await look(), { held: 16, needed: 16, stopped: false });
      board.advance(10_000);
      board.runUntilIdle();
      assert.deepEqual(await look(), { held: 16, needed: 16, stopped: true });
      await send(1);
      assert.deepEqual(await look(), { held: 1, needed: 16, stopped: false });
      assert.equal(gatherer.card(ABOUT, true).stream, undefined, 'it is no stream model');
    };
    await withSession(definition, work, board);
  });

  it('has score, threshold and residuals of a stream, and reads nothing for a folded card', async () => {
    const definition: TrainerDefinition = {
      channels: ['x', 'y'].map((name) => ({ name, unit: 'g', min: -4, max: 4, scale: 1000 })),
      model: { type: 'correlation' },
    };
    await withSession(definition, async (session, gatherer, requests) => {
      const { trainer } = session;
      let at = 0;
      const samples = (count: number): number[][] =>
        Array.from({ length: count }, () => {
          at++;
          return [
            Math.sin(at / 3) + 0.2 * Math.sin(at * 1.7),
            0.8 * Math.sin(at / 3 + 1) + 0.1 * Math.cos(at),
          ];
        });
      await gatherer.read();
      assert.equal(gatherer.card(ABOUT, true).stream?.calibrated, false);
      const learned = trainer.model.learn();
      let done = false;
      void learned.then(() => {
        done = true;
      });
      while (!done) await trainer.stream.send(samples(200));
      for (let turn = 0; turn < 2; turn++) {
        await trainer.stream.send(samples(2000));
        await session.refresh();
        await gatherer.read();
      }
      const card = gatherer.card(ABOUT, true);
      assert.equal(card.stream?.calibrated, true);
      assert.equal(card.stream?.residuals.length, 2);
      assert.ok((card.stream?.threshold ?? 0) > 0);
      assert.ok(Object.keys(card.scores ?? {}).length >= 1);
      assert.deepEqual(card.regimes, ['idle']);
      const alarm = (): object => {
        const { stream } = gatherer.card(ABOUT, true);
        return { alarm: stream?.alarm, answer: stream?.answer, at: stream?.answeredAt !== undefined };
      };
      assert.deepEqual(alarm(), { alarm: false, answer: undefined, at: false });
      const loose = (count: number): number[][] => samples(count).map(([x = 0, y = 0]) => [y - 2 * x, x]);
      for (let turn = 0; turn < 20 && gatherer.card(ABOUT, true).stream?.alarm !== true; turn++) {
        await trainer.stream.send(loose(1000));
        await gatherer.read();
      }
      assert.deepEqual(alarm(), { alarm: true, answer: undefined, at: false });
      await trainer.feedback('alarm', { confirmed: true });
      await gatherer.read();
      assert.deepEqual(alarm(), { alarm: true, answer: 'confirmed', at: true });
      // Who looks for the first time knows the answer, and not when it came.
      const late = new Gatherer(session, new History());
      await late.read();
      const { answer, answeredAt } = late.card(ABOUT, true).stream ?? {};
      assert.deepEqual([answer, answeredAt], ['confirmed', undefined]);
      late.close();
      const before = requests();
      const folded = gatherer.card(ABOUT, false);
      assert.deepEqual([folded.stream, folded.log, requests() - before], [undefined, undefined, 0]);
    });
  });
});
