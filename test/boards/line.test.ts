/** Line settings on chips whose emulators have a UART with rate, parity and stop bits: under others than the board's nobody hears anybody. */
import assert from 'node:assert/strict';
import { type LineSettings, lineText, MODBUS_LINE, openBus, sealFrame, Trainer } from '../../trainer';
import { AtmegaBoard, Rp2040Board } from '../../trainer/emulator';
import { changeLine } from '../../trainer/session';
import { imagesBuilt } from './images';

const BUILT: LineSettings = { baudRate: 115_200, parity: 'none', stopBits: 1 };
/** With the parity that it has in common with nobody. */
const OTHER: LineSettings = { baudRate: 115_200, parity: 'odd', stopBits: 1 };
/** Coil 0 of unit 1. */
const FREEZE = sealFrame(Uint8Array.of(1, 5, 0, 0, 0xff, 0, 0, 0));
/** The emulated board beside other work. */
const PATIENCE = { settleMs: 300, responseTimeoutMs: 2000, deadlineMs: 60_000, readRetries: 10 };

const CHIPS = {
  'RP2040 in rp2040js': () => Rp2040Board.start(),
  'ATmega2560 in avr8js': () => AtmegaBoard.start(),
};

describe('Line settings of emulated chips', function () {
  this.timeout(600_000);
  before(function () {
    if (!imagesBuilt()) this.skip();
  });

  for (const [name, start] of Object.entries(CHIPS))
    it(`are set, proven and kept over a power cut: ${name}`, async () => {
      const board = await start();
      board.farEnd = BUILT;
      const bus = openBus({
        kind: 'virtual',
        id: `line of ${name}`,
        connect: async () => board,
        ...PATIENCE,
      });
      try {
        const trainer = new Trainer(bus, { unit: 1 });
        assert.deepEqual((await trainer.line.read()).settings, BUILT);

        const { framesGood } = await trainer.status();
        board.farEnd = OTHER;
        board.write(FREEZE);
        board.farEnd = BUILT;
        assert.equal(
          (await trainer.status()).framesGood,
          framesGood + 1,
          'heard a request under another parity',
        );

        const status = await changeLine(trainer, MODBUS_LINE, async () => {
          board.farEnd = MODBUS_LINE;
          return { trainer, close: async () => {} };
        });
        assert.deepEqual(status, { settings: MODBUS_LINE, trialLeftSeconds: 0 });
        assert.equal(lineText(board.line), '19200 8E1');

        while ((await trainer.status()).saveState !== 'saved');
        board.powerCycle();
        assert.deepEqual((await trainer.line.read()).settings, MODBUS_LINE);
        assert.equal(lineText(board.line), '19200 8E1');
      } finally {
        await bus.close();
      }
    });
});
