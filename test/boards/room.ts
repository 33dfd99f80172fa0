/** A simulated room around a board that closes the loop by itself: a thermometer on its converter, a heater on its pin, no master that asks. */
import assert from 'node:assert/strict';
import type { Trainer } from '../../trainer';
import type { TrainerDefinition } from '../../trainer/definition';

/** 10 mV a degree, 500 mV at 0 degrees. */
const VOLTS_PER_DEGREE = 0.01;
const OFFSET = -50;
const BEGINS_AT = 15;
const PATIENCE_MS = 200_000;

export interface RoomBoard {
  analog: (input: number) => number;
  pin(number: number): boolean | undefined;
}

export interface Room {
  readonly board: RoomBoard;
  /** Name of the board in its definition; undefined = any. */
  readonly name?: string;
  /** Volts of one count of its converter. */
  readonly voltsPerCount: number;
  /** Its pin that switches the heater. */
  readonly heater: number;
  /** Decisions that are watched once it has learned. */
  readonly watched: number;
  readonly intervalMs: number;
}

/** Waits for a state of the board; the machine may be slow. */
async function until(what: string, reached: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  while (!(await reached())) {
    assert.ok(Date.now() < deadline, `${what}: it did not come`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Regulates the room with its pin, learns, and is safe while its sensor is broken; what it does not do throws. */
export async function regulatesRoom(
  trainer: Trainer,
  { board, name, voltsPerCount, heater, watched, intervalMs }: Room,
): Promise<void> {
  const gain = voltsPerCount / VOLTS_PER_DEGREE;
  const definition: TrainerDefinition = {
    name: 'thermostat',
    ...(name === undefined ? {} : { board: name }),
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
      intervalMs,
      inputs: [{ feature: 'room', channel: 1, gain, offset: OFFSET }],
      outcome: { channel: 1, gain, offset: OFFSET },
      output: 0,
    },
  };
  let broken = false;
  let degrees = BEGINS_AT;
  /** Range of the room since the last look. */
  let [least, most] = [degrees, degrees];
  // Time in the room goes by with the board's own looks at it, however slow the emulator is: two of them are an interval.
  board.analog = (input) => {
    assert.equal(input, 1);
    degrees += (5 - degrees) / 200 + (board.pin(heater) === true ? 0.2 : 0);
    [least, most] = [Math.min(least, degrees), Math.max(most, degrees)];
    return broken ? 0 : Math.round((degrees - OFFSET) / gain);
  };
  await trainer.deploy(definition);
  await until('the room reaches its set point', () => degrees > 20.5);
  await until('a generation', async () => (await trainer.status()).generation > 0);
  [least, most] = [degrees, degrees];
  const { judged } = await trainer.status();
  await until('more judged decisions', async () => (await trainer.status()).judged >= judged + watched);
  assert.ok(least > 18 && most < 24, `the room went from ${least.toFixed(1)} to ${most.toFixed(1)} degrees`);

  // A wire breaks while the room is cold: the heater goes off all the same.
  degrees = BEGINS_AT;
  await until('the cold room is heated', () => board.pin(heater) === true);
  broken = true;
  await until('the fault', async () => (await trainer.status()).local.state === 'input-failed');
  assert.equal((await trainer.status()).local.channel, 1);
  assert.equal(board.pin(heater), false);
  broken = false;
  degrees = BEGINS_AT;
  await until('the loop again', async () => (await trainer.status()).local.state === 'running');
  await until('heat again', () => board.pin(heater) === true);
  const told = (await trainer.log.read()).map((record) => record.text);
  assert.ok(told.includes('input channel 1 failed: the fail-safe class drives the output'), told.join('; '));
  assert.ok(told.includes('the board closes the loop again'), told.join('; '));
}
