/** A board closes the loop by itself: its own converter, its own pin, no master that asks. */
import assert from 'node:assert/strict';
import { openBus, Trainer } from '../../trainer';
import type { TrainerDefinition } from '../../trainer/definition';
import { Rp2040Board } from '../../trainer/emulator';
import { imagesBuilt } from './images';

const PATIENCE = { settleMs: 300, responseTimeoutMs: 5000, deadlineMs: 60_000, readRetries: 10 };
const HEATER = 16;
/** 10 mV a degree, 500 mV at 0 degrees, on a converter of 4096 counts for 3.3 V. */
const [GAIN, OFFSET] = [330 / 4096, -50];
const counts = (degrees: number): number => Math.round((degrees - OFFSET) / GAIN);

const THERMOSTAT: TrainerDefinition = {
  name: 'thermostat',
  board: 'rp2040',
  features: [{ name: 'room', unit: '°C', min: 0, max: 40 }],
  classes: [
    { label: 'off', actuation: 0 },
    { label: 'heat', actuation: 1 },
  ],
  model: { type: 'svm-linear' },
  feedback: { rule: 'dead-band', setPoint: 21, band: 0.5, tooLow: 'heat', tooHigh: 'off' },
  stitching: { capacity: 60 },
  training: { mode: 'auto', minNewSamples: 10, minSamples: 20 },
  io: {
    intervalMs: 50,
    inputs: [{ feature: 'room', channel: 1, gain: GAIN, offset: OFFSET }],
    outcome: { channel: 1, gain: GAIN, offset: OFFSET },
    output: 0,
  },
};

describe('an RP2040 that closes the loop by itself', function () {
  this.timeout(300_000);

  it('regulates a simulated room with its pin, learns, and is safe while its sensor is broken', async function () {
    if (!imagesBuilt()) this.skip();
    const board = await Rp2040Board.start();
    const bus = openBus({ kind: 'virtual', id: 'local loop', connect: async () => board, ...PATIENCE });
    let broken = false;
    let degrees = 15;
    /** Range of the room since the last look. */
    let [least, most] = [degrees, degrees];
    // Time in the room goes by with the board's own looks at it, however slow the emulator is: two of them are an interval.
    board.analog = (input) => {
      assert.equal(input, 1);
      degrees += (5 - degrees) / 200 + (board.pin(HEATER) === true ? 0.2 : 0);
      [least, most] = [Math.min(least, degrees), Math.max(most, degrees)];
      return broken ? 0 : counts(degrees);
    };
    try {
      const trainer = new Trainer(bus, { unit: 1 });
      assert.deepEqual((await trainer.identify()).channels, { inputs: 5, outputs: 4 });
      await trainer.deploy(THERMOSTAT);
      /** Waits for a state of the board; the machine may be slow. */
      const until = async (what: string, reached: () => Promise<boolean>): Promise<void> => {
        const deadline = Date.now() + 100_000;
        while (!(await reached())) {
          assert.ok(Date.now() < deadline, `${what}: it did not come`);
          await new Promise((resolve) => setTimeout(resolve, 50));
        }
      };
      await until('the room reaches its set point', async () => degrees > 20.5);
      await until('a generation', async () => (await trainer.status()).generation > 0);
      [least, most] = [degrees, degrees];
      const { judged } = await trainer.status();
      await until(
        'a hundred more judged decisions',
        async () => (await trainer.status()).judged >= judged + 100,
      );
      assert.ok(
        least > 18 && most < 24,
        `the room went from ${least.toFixed(1)} to ${most.toFixed(1)} degrees`,
      );

      // A wire breaks while the room is cold: the heater goes off all the same.
      degrees = 15;
      await until('the cold room is heated', async () => board.pin(HEATER) === true);
      broken = true;
      await until('the fault', async () => (await trainer.status()).local.state === 'input-failed');
      assert.equal((await trainer.status()).local.channel, 1);
      assert.equal(board.pin(HEATER), false);
      broken = false;
      degrees = 15;
      await until('the loop again', async () => (await trainer.status()).local.state === 'running');
      await until('heat again', async () => board.pin(HEATER) === true);
      const told = (await trainer.log.read()).map((one) => one.text);
      assert.ok(
        told.includes('input channel 1 failed: the fail-safe class drives the output'),
        told.join('; '),
      );
      assert.ok(told.includes('the board closes the loop again'), told.join('; '));
    } finally {
      await bus.close();
    }
  });
});
