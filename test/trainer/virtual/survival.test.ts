/** What people rely on survives a stop, a cut of the power at any byte and a restart; the memory is not worn out by any setting. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeDefinition, parseDefinition, sealFrame, type TrainerDefinition } from '../../../trainer';
import {
  Coils,
  Command,
  FeedbackKind,
  Mode,
  Registers,
  SaveState,
  TrainerErrors,
} from '../../../trainer/contract/contract.generated';
import { VirtualBoard, type VirtualBoardOptions } from '../../../trainer/virtual';
import { exceptionOf, readRequest, registersOf, writeRequest } from './frames';
import { deployTo } from './raw_deploy';

const definition: TrainerDefinition = {
  features: [
    { name: 'a', min: -100, max: 100, scale: 1 },
    { name: 'b', min: -100, max: 100, scale: 1 },
  ],
  classes: [{ label: 'x' }, { label: 'y' }],
  model: { type: 'svm-linear' },
  feedback: { rule: 'dead-band', setPoint: 20, band: 2, scale: 1, tooLow: 'x', tooHigh: 'y' },
  stitching: { capacity: 24, holdOutEvery: 4 },
  training: { mode: 'manual', minSamples: 6 },
};
const OPTIONS: VirtualBoardOptions = { arenaBytes: 8192, nvmBytes: 24_576, clock: 'manual' };
const FLASH = { pageBytes: 1024, writeBytes: 8 };

class Plc {
  readonly board: VirtualBoard;
  private command = 0;
  private ticket = 0;

  constructor(options: VirtualBoardOptions = {}) {
    this.board = new VirtualBoard({ ...OPTIONS, ...options });
  }

  write(address: number, ...words: number[]): number {
    return exceptionOf(this.board.exchange(writeRequest(this.board.unit, address, ...words)));
  }

  tell(code: number, argument = 0): number {
    const exception = this.write(
      Registers.commandArgument.address,
      argument >>> 16,
      argument & 0xffff,
      code,
      ++this.command,
    );
    return exception === 0 ? this.read('commandResult') : exception;
  }

  read(name: keyof typeof Registers): number {
    const { address, words } = Registers[name];
    const [high = 0, low] = registersOf(
      this.board.exchange(readRequest(this.board.unit, address, Math.min(2, words))),
    );
    return low === undefined ? high : high * 65_536 + low;
  }

  coil(address: number, on: boolean): void {
    const frame = Uint8Array.of(this.board.unit, 5, 0, address, on ? 0xff : 0, 0, 0, 0);
    assert.equal(exceptionOf(this.board.exchange(sealFrame(frame))), 0);
  }

  deploy(changes: Partial<TrainerDefinition> = {}): void {
    const blob = encodeDefinition(parseDefinition({ ...definition, ...changes }));
    assert.ok(deployTo(this.board, blob, 60_000 + ++this.command));
    this.board.runUntilIdle();
  }

  teach(count: number): void {
    for (let i = 0; i < count; i++) {
      const [a, b] = i % 2 === 0 ? [-50 - i, 10] : [40 + i, -10];
      assert.equal(this.write(Registers.ticket.address, ++this.ticket, a & 0xffff, b & 0xffff), 0);
      assert.equal(this.write(Registers.feedbackTicket.address, this.ticket, FeedbackKind.TEACH, i % 2), 0);
      this.board.runUntilIdle();
    }
  }

  train(): number {
    assert.equal(this.tell(Command.TRAIN), 0);
    this.board.runUntilIdle();
    return this.read('generation');
  }

  /** The power goes, now. */
  cut(): void {
    this.board.powerCut();
    this.board.restart();
    this.board.runUntilIdle();
  }
}

describe('What a trainer is relied on for', function () {
  this.timeout(120_000);

  for (const [kind, options] of [
    ['EEPROM', {}],
    ['flash', { flash: FLASH }],
  ] as const) {
    it(`keeps a promotion as soon as it is made, and says when it has (${kind})`, () => {
      const plc = new Plc(options);
      plc.deploy();
      plc.teach(12);
      assert.equal(plc.train(), 1);
      assert.equal(plc.read('saveState'), SaveState.SAVED);
      plc.cut();
      assert.equal(plc.read('generation'), 1);
      assert.equal(plc.read('samplesStored'), 12);
      plc.board.close();
    });

    it(`keeps set point, mode and who has frozen it at once, with nothing erased for it (${kind})`, () => {
      const plc = new Plc(options);
      plc.deploy();
      const { erased } = plc.board.nvm;
      assert.equal(plc.write(Registers.setPoint.address, 24), 0);
      assert.equal(plc.tell(Command.SET_MODE, Mode.FROZEN), 0);
      plc.cut();
      assert.deepEqual([plc.read('setPoint'), plc.read('mode'), plc.read('frozenBy')], [24, Mode.FROZEN, 2]);
      assert.equal(plc.write(Registers.setPoint.address, 25), 0);
      plc.coil(Coils.manualOverride, true);
      plc.cut();
      assert.deepEqual([plc.read('setPoint'), plc.read('saveState')], [25, SaveState.SAVED]);
      assert.equal(plc.board.nvm.erased, erased);
      plc.board.close();
    });

    it(`has the old set point or the new one, wherever the power is cut (${kind})`, () => {
      const plc = new Plc(options);
      plc.deploy();
      let [at, kept, lost] = [20, 0, 0];
      for (let round = 0; round < 300; round++) {
        plc.board.powerCutAfter(round % 140);
        plc.board.receive(writeRequest(1, Registers.setPoint.address, at + 1));
        for (let i = 0; i < 40; i++) plc.board.poll(1);
        plc.cut();
        const found = plc.read('setPoint');
        assert.ok(found === at || found === at + 1, `round ${round}: ${found} after ${at}`);
        if (found === at) lost++;
        else kept++;
        at = found;
      }
      assert.ok(kept > 50 && lost > 50, `${kept} kept, ${lost} lost`);
      plc.board.close();
    });

    it(`counts its starts and never gives the number of a generation twice (${kind})`, () => {
      const plc = new Plc(options);
      plc.deploy();
      plc.teach(12);
      assert.equal(plc.tell(Command.SAVE), 0);
      plc.board.runUntilIdle();
      const given = new Set<number>();
      let boots = plc.read('boots');
      for (let round = 0; round < 40; round++) {
        plc.board.powerCutAfter(round * 37);
        plc.board.receive(
          writeRequest(1, Registers.commandArgument.address, 0, 0, Command.TRAIN, 1000 + round),
        );
        let number = 0;
        // Whatever can be seen of a promotion before the power goes.
        for (let i = 0; i < 4000 && plc.board.powered; i++) {
          plc.board.poll(1);
          const { address } = Registers.generation;
          const answer = i % 20 === 0 ? plc.board.exchange(readRequest(1, address, 1)) : undefined;
          if (answer !== undefined) number = Math.max(number, registersOf(answer)[0] as number);
        }
        if (number !== 0 && !given.has(number)) given.add(number);
        plc.cut();
        const [after, running] = [plc.read('boots'), plc.read('generation')];
        assert.equal(after, boots + 1);
        boots = after;
        const next = plc.train();
        assert.ok(!given.has(next) || next === running, `generation ${next} twice, round ${round}`);
        given.add(next);
      }
      assert.ok(given.size > 20, `${given.size} generations`);
      plc.board.close();
    });

    it(`keeps the back-off of the lock (${kind})`, () => {
      const plc = new Plc(options);
      assert.equal(plc.write(Registers.key.address, 1, 2, 3, 4, 5, 6, 7, 8), 0);
      plc.board.runUntilIdle();
      for (let i = 0; i < 4; i++) {
        plc.read('challenge');
        assert.notEqual(plc.write(Registers.response.address, 0, 0, 0, 0, 0, 0, 0, i), 0);
        plc.board.advance(10_000);
      }
      plc.cut();
      plc.read('challenge');
      assert.equal(plc.read('waitLeft') >= 5, true);
      assert.equal(plc.write(Registers.response.address, 0, 0, 0, 0, 0, 0, 0, 9), 4);
      plc.board.close();
    });
  }

  it('saves before a restart on command', () => {
    const plc = new Plc();
    plc.deploy();
    plc.teach(7);
    assert.equal(plc.read('saveState'), SaveState.SAMPLES_WAIT);
    assert.equal(
      exceptionOf(
        plc.board.exchange(writeRequest(1, Registers.commandArgument.address, 0, 0, Command.RESTART, 500)),
      ),
      0,
    );
    plc.board.runUntilIdle();
    assert.equal(plc.board.starts, 2);
    assert.equal(plc.read('samplesStored'), 7);
    plc.board.close();
  });

  it('saves when its program ends', () => {
    const folder = mkdtempSync(join(tmpdir(), 'edge-trainer-'));
    const nvmFile = join(folder, 'memory.bin');
    const first = new Plc({ nvmFile });
    first.deploy();
    first.teach(7);
    first.board.close();
    const second = new Plc({ nvmFile });
    assert.equal(second.read('samplesStored'), 7);
    second.board.close();
    rmSync(folder, { recursive: true });
  });

  it('keeps the set point of before with the definition of before, when the power goes while another one is saved', () => {
    const other = {
      feedback: { ...definition.feedback, setPoint: 50 } as TrainerDefinition['feedback'],
      seed: 7,
    };
    for (let cut = 0; cut < 2000; cut += 23) {
      const plc = new Plc({ flash: FLASH });
      plc.deploy();
      const fingerprint = plc.read('definitionFingerprint');
      const blob = encodeDefinition(
        parseDefinition({
          ...definition,
          ...other,
          model: { type: 'svm-kernel', kernel: 'rbf' },
        } as TrainerDefinition),
      );
      assert.ok(deployTo(plc.board, blob, 70 + cut));
      plc.board.powerCutAfter(cut);
      plc.board.receive(writeRequest(1, Registers.setPoint.address, 51));
      for (let i = 0; i < 3000 && plc.board.powered; i++) plc.board.poll(1);
      plc.cut();
      const old = plc.read('definitionFingerprint') === fingerprint;
      const setPoint = plc.read('setPoint');
      assert.ok(old ? setPoint === 20 : setPoint === 50 || setPoint === 51, `cut ${cut}: ${setPoint}`);
      plc.board.close();
    }
  });

  it('is not worn out by a master that trains, saves and changes the set point without an end', () => {
    const plc = new Plc({ flash: FLASH });
    plc.deploy({ save: { intervalSeconds: 0 } });
    plc.teach(12);
    const before = plc.read('saves');
    for (let i = 0; i < 500; i++) {
      plc.coil(Coils.trainNow, true);
      plc.board.runUntilIdle();
      plc.write(Registers.setPoint.address, 10 + (i % 7));
      plc.board.advance(20); // ten seconds in all
    }
    const saves = plc.read('saves') - before;
    assert.ok(saves <= 12, `${saves} saves in ten seconds`);
    plc.board.close();
  });

  it('refuses to save, by name, when the memory has had its saves, and saves again in time', () => {
    // 40 erases a page: 80 saves in ten years, 8 of them at any time.
    const plc = new Plc({ flash: { ...FLASH, cycles: 40 } });
    plc.deploy();
    plc.teach(6);
    const first = plc.read('saves');
    for (let i = first; i < 8; i++) {
      assert.equal(plc.tell(Command.SAVE), 0);
      plc.board.runUntilIdle();
    }
    assert.equal(plc.read('savesLeft'), 0);
    plc.teach(6);
    assert.equal(plc.train(), 1); // and goes on
    assert.equal(plc.tell(Command.SAVE), TrainerErrors.WEAR.code);
    assert.equal(plc.read('commandDetail'), 4_380_000); // 50.7 days
    assert.deepEqual([plc.read('saves'), plc.read('saveState')], [8, SaveState.NOT_SAVED]);
    const { erased } = plc.board.nvm;
    for (let hours = 0; hours < 51 * 24; hours++) {
      plc.board.advance(3_600_000);
      plc.board.poll(2);
    }
    assert.equal(plc.tell(Command.SAVE), 0);
    plc.board.runUntilIdle();
    assert.equal(plc.read('saveState'), SaveState.SAVED);
    assert.ok(plc.board.nvm.erased > erased);
    plc.cut();
    assert.deepEqual([plc.read('generation'), plc.read('savesLeft')], [1, 0]);
    assert.ok(plc.read('operatingTime') >= 50 * 86_400);
    plc.board.close();
  });
});
