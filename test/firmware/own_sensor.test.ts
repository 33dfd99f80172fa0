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
});
