import assert from 'node:assert/strict';
import { encodeDefinition, parseDefinition } from '../../trainer';
import { runCTest } from '../support/c';
import { machineDefinition } from '../trainer/device/machine';

describe("A board's own sensor (C)", () => {
  it('is learned at the first start, without a sample or a command over the wire, and its alarm comes and goes', async function () {
    this.timeout(180_000);
    const blob = Buffer.from(encodeDefinition(parseDefinition(machineDefinition))).toString('hex');
    const output = await runCTest('own_sensor', ['test/firmware/ports/own_sensor_test.c'], [], {
      args: [blob],
    });
    assert.match(output, /own sensor: learned, alarm, healthy again/);
  });

  it('gives a network its window, and the board decides by it alone', async function () {
    this.timeout(180_000);
    const definition = parseDefinition({
      name: 'own window',
      features: [{ name: 'vibration', count: 128, streamChannels: 2, min: -2, max: 2, scale: 1000 }],
      classes: [
        { label: 'healthy', actuation: 0 },
        { label: 'faulty', actuation: 5 },
        { label: 'unknown', actuation: 9 },
      ],
      model: {
        type: 'dnn',
        layers: [
          { kind: 'dense', units: 8, activation: 'relu' },
          { kind: 'dense', units: 3 },
        ],
      },
      feedback: { rule: 'label', tickets: 16 },
      stitching: { capacity: 60 },
      training: { mode: 'manual' },
      io: { intervalMs: 100, inputs: [], output: 0, failSafe: 'unknown' },
    });
    const blob = Buffer.from(encodeDefinition(definition)).toString('hex');
    const output = await runCTest('own_window', ['test/firmware/ports/own_window_test.c'], [], {
      args: [blob],
    });
    assert.match(output, /own window: learned, decided, silent, back/);
  });
});
