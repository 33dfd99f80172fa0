import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NodeAPI } from 'node-red';
import errors from '../../locales/en-US/errors.json';
import type { BusConfig } from '../../nodes/bus/options';
import { FlashJobs, type FlashState, orderOf } from '../../nodes/device/flash_route';
import { type BusHandle, openBus } from '../../trainer/bus';
import { boardOf } from '../../trainer/definition';
import { Trainer } from '../../trainer/device';
import { type FlashBoard, imageFor } from '../../trainer/flash';
import { VirtualBoard } from '../../trainer/virtual';
import { BoardOnTerminal } from '../support/board_on_terminal';
import { SimulatedStm32, STM32F405 } from '../support/stm32_boot_loader';
import { Terminal } from '../support/terminal';
import { appImage, holdsStore, learnedEsp } from '../trainer/flash/esp32_case';
import { bytes, imageOf } from '../trainer/flash/images';

const board = boardOf('stm32f405') as FlashBoard;
const image = imageOf({ address: 0x0800_0000, bytes: bytes(6000) });

/** A Node-RED that speaks English. */
function english(key: string): string {
  let found: unknown = { errors };
  for (const part of key.replace(/^.*:/, '').split('.')) found = (found as Record<string, unknown>)?.[part];
  return String(found ?? key);
}

async function endOf(jobs: FlashJobs, id: number, seen?: Set<string>): Promise<FlashState> {
  for (;;) {
    const state = jobs.state(id) as FlashState;
    if (state.step !== undefined) seen?.add(state.step);
    if (state.state !== 'running') return state;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

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
    jobs = new FlashJobs(RED as unknown as NodeAPI, async () => image, 'nowhere');
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
    files: [],
  });

  const ended = (id: number): Promise<FlashState> => endOf(jobs, id);

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

describe('writing the build of its owner onto an ESP32', function () {
  this.timeout(60_000);
  const folder = mkdtempSync(join(tmpdir(), 'edge-trainer-esp32-'));
  const app = join(folder, 'firmware.bin');
  const built = appImage('esp32c6').segments[0]?.bytes as Uint8Array;
  after(() => rmSync(folder, { recursive: true }));

  it('takes the file that the dialog names, through the port of the bus', async () => {
    writeFileSync(app, built);
    const chip = learnedEsp('esp32c6');
    const terminal = await Terminal.open((sent) => chip.receive(sent));
    chip.answer = (answer) => terminal.write(answer);
    chip.enterLoader();
    const bus = openBus({ kind: 'serial', path: terminal.path });
    await once(bus.bus, 'state');
    const wire = (): BusHandle => openBus({ kind: 'serial', path: terminal.path });
    const RED = { nodes: { getNode: () => ({ join: wire }) }, _: english };
    const jobs = new FlashJobs(RED as unknown as NodeAPI, imageFor, 'nowhere');
    const asked = (image: unknown): ReturnType<typeof orderOf> => {
      const config = { id: 'bus', type: 'edge-trainer-bus', wire: 'serial', path: terminal.path };
      return orderOf({ board: 'esp32c6', bus: config, image }, 'nowhere');
    };
    const write = async (image: string): Promise<FlashState> => {
      const order = asked(image);
      assert.ok(order !== undefined);
      return endOf(jobs, jobs.start(order).id);
    };
    assert.equal(asked(undefined), undefined);
    assert.match((await write('')).message as string, /no image for esp32c6.*give its file/);
    assert.match((await write(join(folder, 'none.bin'))).message as string, /none.bin cannot be read/);
    const done = await write(` 0x10000:${app} `);
    assert.equal(done.state, 'done', done.message);
    assert.deepEqual([done.result?.verified, done.result?.store], ['hash', 'kept']);
    assert.ok(chip.flash.holds(0x1_0000, built) && holdsStore(chip) && chip.started);
    while (bus.bus.state !== 'open') await once(bus.bus, 'state');
    await bus.close();
    await terminal.close();
  });
});

describe('writing firmware onto a board whose firmware runs', function () {
  this.timeout(60_000);
  const KEY = '00112233445566778899aabbccddeeff';
  let chip: SimulatedStm32;
  let firmware: VirtualBoard;
  let far: BoardOnTerminal;
  let bus: BusHandle;
  let jobs: FlashJobs;

  /** The firmware of one board on a chip. */
  async function connect(name: string, kind = STM32F405): Promise<void> {
    chip = new SimulatedStm32(kind);
    firmware = new VirtualBoard({
      arenaBytes: 4096,
      board: name,
      speed: 30,
      onBootLoader: () => chip.start(),
    });
    far = await BoardOnTerminal.open(firmware, { rom: (sent) => chip.receive(sent) });
    chip.answer = (answer) => far.terminal.write(answer);
    const wire = (): BusHandle => openBus({ kind: 'serial', path: far.terminal.path });
    bus = wire();
    await once(bus.bus, 'state');
    const RED = {
      nodes: { getNode: (id: string) => (id === 'bus' ? { join: wire } : null) },
      _: english,
    };
    jobs = new FlashJobs(RED as unknown as NodeAPI, async () => image, 'nowhere');
  }
  afterEach(async () => {
    await bus.close();
    await far.close();
    firmware.close();
  });

  /** As the dialog asks. */
  const asked = (more: object = {}, keyOf?: (device: string) => string | undefined) =>
    orderOf(
      {
        board: 'stm32f405',
        bus: { id: 'bus', type: 'edge-trainer-bus', wire: 'serial', path: far.terminal.path },
        running: { unit: 1, device: 'device' },
        ...more,
      },
      'nowhere',
      keyOf,
    );
  const start = (order: ReturnType<typeof asked>): number => {
    assert.ok(order !== undefined);
    return jobs.start(order).id;
  };

  it('asks it with the key of the device, waits for the boot loader, and writes: no jumper', async () => {
    await connect('stm32f405');
    await new Trainer(bus, { unit: 1 }).lock.setKey(KEY);
    const stranger = await endOf(jobs, start(asked()));
    assert.equal(stranger.state, 'failed');
    assert.ok(firmware.powered, 'it runs on');
    const seen = new Set<string>();
    const id = start(asked({}, (device) => (device === 'device' ? KEY : undefined)));
    const state = await endOf(jobs, id, seen);
    assert.equal(state.state, 'done', state.message);
    assert.equal(state.result?.verified, 'read-back');
    assert.ok(!firmware.powered && chip.started !== undefined);
    assert.ok(seen.has('leave'), 'the dialog hears what the board does first');
    while (bus.bus.state !== 'open') await once(bus.bus, 'state');
  });

  it('leaves the firmware of another board alone', async () => {
    await connect('stm32f100');
    const { state, message } = await endOf(jobs, start(asked()));
    assert.equal(state, 'failed');
    assert.match(message as string, /its board is stm32f100, not stm32f405; it runs on/);
    assert.ok(firmware.powered);
    assert.equal((await new Trainer(bus, { unit: 1 }).identify()).board, 'stm32f100');
  });

  it('says that the board waits in its boot loader when the chip is not the one', async () => {
    await connect('stm32f405', { ...STM32F405, id: 0x410 });
    const { state, message } = await endOf(jobs, start(asked()));
    assert.equal(state, 'failed');
    assert.match(
      message as string,
      /the chip found is 0x410.*Nothing was changed.*waits in its boot loader: press reset/,
    );
    assert.ok(!firmware.powered && chip.started === undefined);
    assert.ok(chip.flash.every((byte) => byte === 0xff));
  });

  it('takes no order that names no unit, no wire, or a drive without its folder', async () => {
    await connect('stm32f405');
    for (const wrong of [
      { running: { unit: 0 } },
      { running: { unit: '${UNIT}' } },
      { running: 'yes' },
      { bus: undefined },
      { bus: { id: 'bus', type: 'edge-trainer-bus', wire: 'tcp', host: 'gateway' } },
      {
        bus: { id: 'bus', type: 'edge-trainer-bus', wire: 'virtual' },
        board: 'rp2040',
        drive: '/media/RPI-RP2',
      },
      { board: 'rp2040' },
      { board: 'riscv32' },
    ])
      assert.equal(asked(wrong), undefined, JSON.stringify(wrong));
    const drive = asked({ board: 'rp2040', drive: '/media/RPI-RP2' });
    assert.deepEqual([drive?.path, drive?.running?.unit, drive?.bus?.id], ['/media/RPI-RP2', 1, 'bus']);
    const byHand = asked({ board: 'rp2040', drive: '/media/RPI-RP2', running: undefined });
    assert.deepEqual([byHand?.path, byHand?.bus], ['/media/RPI-RP2', undefined]);
  });
});
