import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { NodeAPI } from 'node-red';
import type { BusConfig } from '../../nodes/bus/options';
import { FlashJobs, type FlashState } from '../../nodes/device/flash_route';
import { type BusHandle, openBus } from '../../trainer/bus';
import { boardOf } from '../../trainer/definition';
import type { FlashBoard } from '../../trainer/flash';
import { SimulatedStm32, STM32F405 } from '../support/stm32_boot_loader';
import { Terminal } from '../support/terminal';
import { bytes, imageOf } from '../trainer/flash/images';

const board = boardOf('stm32f405') as FlashBoard;
const image = imageOf({ address: 0x0800_0000, bytes: bytes(6000) });

describe('writing firmware through the port of a bus', () => {
  let chip: SimulatedStm32;
  let terminal: Terminal;
  let bus: BusHandle;
  let jobs: FlashJobs;

  beforeEach(async () => {
    chip = new SimulatedStm32(STM32F405);
    terminal = await Terminal.open((sent) => chip.receive(sent));
    chip.answer = (answer) => terminal.write(answer);
    const wire = (): BusHandle => openBus({ kind: 'serial', path: terminal.path });
    bus = wire();
    await once(bus.bus, 'state');
    const RED = { nodes: { getNode: () => ({ join: wire }) }, _: (key: string) => key };
    jobs = new FlashJobs(RED as unknown as NodeAPI, async () => image);
  });
  afterEach(async () => {
    await bus.close();
    await terminal.close();
  });

  const order = () => ({
    board,
    path: terminal.path,
    bus: { id: 'bus' } as BusConfig,
    wipeStore: false,
  });

  async function ended(id: number): Promise<FlashState> {
    for (;;) {
      const state = jobs.state(id) as FlashState;
      if (state.state !== 'running') return state;
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  it('the bus frees the port, says why, sends nothing meanwhile, and takes it back', async () => {
    const states: string[] = [];
    bus.on('state', ({ state, reason }) => states.push(reason === undefined ? state : `${state}: ${reason}`));
    const { id } = jobs.start(order());
    // A request made meanwhile would be bytes that the boot loader takes for its own.
    const asked = bus
      .request({ unit: 1, fc: 3, address: 0, quantity: 1 }, { deadlineMs: 200 })
      .catch(() => 'late');
    const state = await ended(id);
    assert.equal(state.state, 'done', state.message);
    assert.equal(state.result?.verified, 'read-back');
    assert.ok(chip.started !== undefined);
    await asked;
    while (bus.bus.state !== 'open') await once(bus.bus, 'state');
    assert.equal(states[0], 'lost: firmware is being written through this port');
    assert.equal(states.at(-1), 'open');
  });

  it('one job at a time; given up, it says what the board holds, and the port goes back to the bus', async () => {
    const { id } = jobs.start(order());
    assert.ok(jobs.busy);
    while (jobs.state(id)?.step === undefined) await new Promise((resolve) => setImmediate(resolve));
    assert.ok(jobs.cancel(id));
    const state = await ended(id);
    assert.equal(state.state, 'failed');
    assert.match(state.message as string, /learned is untouched|errors.flash.cancelled/);
    assert.equal(jobs.cancel(id), false);
    while (bus.bus.state !== 'open') await once(bus.bus, 'state');
  });
});
