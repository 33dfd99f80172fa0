import assert from 'node:assert/strict';
import {
  type LineSettings,
  type LineStatus,
  lineText,
  MODBUS_LINE,
  openBus,
  parseLine,
  sameLine,
  Trainer,
} from '../../../trainer';
import { changeLine, LineSilentError, type Reached } from '../../../trainer/session';
import { VirtualBoard } from '../../../trainer/virtual';
import { BoardOnTerminal } from '../../support/board_on_terminal';
import { LinePipe } from '../../support/line_pipe';

const BUILT: LineSettings = { baudRate: 115_200, parity: 'none', stopBits: 1 };
let wires = 0;

function reach(board: VirtualBoard, master: LineSettings): Reached & { readonly trainer: Trainer } {
  const bus = openBus({
    kind: 'virtual',
    id: `line ${++wires}`,
    connect: async () => new LinePipe(board, master),
    responseTimeoutMs: 200,
    probeMinMs: 20,
  });
  return { trainer: new Trainer(bus, { unit: 1 }), close: () => bus.close() };
}

describe('Changing the line settings of a trainer', function () {
  this.timeout(60_000);
  let board: VirtualBoard;
  let before: ReturnType<typeof reach>;
  beforeEach(() => {
    // Half a minute of trial takes a second here.
    board = new VirtualBoard({ arenaBytes: 4096, line: BUILT, speed: 30 });
    before = reach(board, BUILT);
  });
  afterEach(async () => {
    await before.close();
    board.close();
  });

  it('tells the board, reaches it under the new ones and finds them kept', async () => {
    const status = await changeLine(before.trainer, MODBUS_LINE, async () => {
      await before.close();
      return reach(board, MODBUS_LINE);
    });
    assert.deepEqual(status, { settings: MODBUS_LINE, trialLeftSeconds: 0 });
  });

  it('says that nobody answered when the adapter cannot follow, and the board is back under the old ones', async () => {
    const deaf: LineSettings = { baudRate: 38_400, parity: 'odd', stopBits: 1 };
    await assert.rejects(
      changeLine(before.trainer, MODBUS_LINE, async () => reach(board, deaf), 400),
      (error: Error) => error instanceof LineSilentError && /19200 8E1.*goes back/.test(error.message),
    );
    for (;;) {
      const status = await before.trainer.line.read().catch(() => undefined);
      if (status?.settings === undefined) continue;
      assert.deepEqual(status, { settings: BUILT, trialLeftSeconds: 0 });
      break;
    }
  });

  it('comes back by itself over a serial port whose adapter knows no parity', async () => {
    await before.close();
    const far = await BoardOnTerminal.open(board, { settings: true });
    const open = ({ baudRate, parity, stopBits }: LineSettings) => {
      const bus = openBus({
        ...{ kind: 'serial', path: far.terminal.path, baudRate, parity, stopBits },
        responseTimeoutMs: 300,
      });
      return { trainer: new Trainer(bus, { unit: 1 }), close: () => bus.close() };
    };
    const old = open(BUILT);
    let tried: string | undefined;
    await assert.rejects(
      changeLine(
        old.trainer,
        MODBUS_LINE,
        async () => {
          await old.close();
          while (board.line === undefined || sameLine(board.line, BUILT))
            await new Promise((resolve) => setTimeout(resolve, 1));
          tried = lineText(board.line);
          return open(MODBUS_LINE);
        },
        400,
      ),
      LineSilentError,
    );
    assert.equal(tried, '19200 8E1');
    const again = open(BUILT);
    try {
      for (let status: LineStatus | undefined; ; ) {
        status = await again.trainer.line.read().catch(() => undefined);
        if (status === undefined) continue;
        assert.deepEqual(status, { settings: BUILT, trialLeftSeconds: 0 });
        break;
      }
    } finally {
      await again.close();
      await far.close();
    }
  });

  it('refuses a rate that no trainer takes, before anything is sent', async () => {
    await assert.rejects(before.trainer.line.set({ ...BUILT, baudRate: 4800 }), /9600 to 1000000 baud.*4800/);
    assert.deepEqual((await before.trainer.line.read()).settings, BUILT);
  });

  it('reads settings as people write them', () => {
    assert.deepEqual(parseLine('19200 8E1'), MODBUS_LINE);
    assert.deepEqual(parseLine(' 9600,8n2 '), { baudRate: 9600, parity: 'none', stopBits: 2 });
    for (const wrong of ['19200', '19200 7E1', '19200 8X1', '19200 8E3', '8E1'])
      assert.equal(parseLine(wrong), undefined, wrong);
  });
});
