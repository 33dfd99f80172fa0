import assert from 'node:assert/strict';
import { once } from 'node:events';
import { openBus } from '../../../trainer';
import { MAP_VERSION, Registers } from '../../../trainer/contract/contract.generated';
import { VirtualTrainer, VirtualTrainerClosedError, virtualWire } from '../../../trainer/virtual';
import { frame, readRequest, registersOf } from './frames';

const { mapVersion, serialNumber } = Registers;

describe('Virtual trainer in its thread', () => {
  it('is a pipe of RTU bytes, whatever pieces they come in', async () => {
    const trainer = await VirtualTrainer.start({ unit: 2 });
    const request = readRequest(2, mapVersion.address, 1);
    const answered = once(trainer, 'data');
    for (const byte of request) trainer.write(Uint8Array.of(byte));
    const [answer] = (await answered) as [Uint8Array];
    assert.deepEqual(registersOf(answer), [MAP_VERSION]);
    await trainer.close();
  });

  it('puts several boards on one wire, each with its unit id', async () => {
    const trainer = await VirtualTrainer.start([
      { unit: 1, serialNumber: 11 },
      { unit: 2, serialNumber: 22 },
      { unit: 3, serialNumber: 33 },
    ]);
    for (const unit of [3, 1, 2]) {
      const answer = await trainer.exchange(readRequest(unit, serialNumber.address, 2));
      assert.equal(answer?.[0], unit);
      assert.deepEqual(registersOf(answer), [0, 11 * unit]);
    }
    assert.equal(await trainer.exchange(readRequest(4, serialNumber.address, 2)), undefined);
    assert.deepEqual(
      (await trainer.boards()).map(({ unit }) => unit),
      [1, 2, 3],
    );
    await trainer.close();
  });

  it('switches one board off and on again without touching the others', async () => {
    const trainer = await VirtualTrainer.start([{ unit: 1 }, { unit: 2 }]);
    await trainer.powerCut(1);
    assert.equal(await trainer.exchange(readRequest(2, mapVersion.address, 1)), undefined);
    assert.deepEqual(registersOf(await trainer.exchange(readRequest(1, mapVersion.address, 1))), [
      MAP_VERSION,
    ]);
    await trainer.restart(1);
    assert.deepEqual(registersOf(await trainer.exchange(readRequest(2, mapVersion.address, 1))), [
      MAP_VERSION,
    ]);
    await assert.rejects(trainer.powerCut(2), /no board 2/);
    await trainer.close();
  });

  it('says what is wrong instead of starting', async () => {
    await assert.rejects(VirtualTrainer.start({ unit: 248 }), /unit must be a whole number from 1 to 247/);
    await assert.rejects(VirtualTrainer.start({ nvmFile: '/nowhere/at/all' }), /ENOENT.*\/nowhere\/at\/all/);
    await assert.rejects(VirtualTrainer.start([]), /at least one board/);
  });

  it('ends cleanly: closed once is closed, and what is asked afterwards is refused', async () => {
    const trainer = await VirtualTrainer.start();
    const closed = once(trainer, 'close');
    await Promise.all([trainer.close(), trainer.close(), closed]);
    await assert.rejects(trainer.exchange(frame(1, 3, 2, 0, 0, 1)), VirtualTrainerClosedError);
    trainer.write(Uint8Array.of(1));
  });

  it('serves the bus, two units on one wire', async () => {
    const bus = openBus({ ...virtualWire({ unit: 7, others: [{ unit: 8 }] }), responseTimeoutMs: 300 });
    try {
      for (const unit of [7, 8]) {
        const reply = await bus.request({ unit, fc: 3, address: mapVersion.address, quantity: 1 });
        assert.deepEqual(reply.values, [MAP_VERSION]);
      }
    } finally {
      await bus.close();
    }
  });
});
