import assert from 'node:assert/strict';
import {
  type FirmwareReport,
  FirmwareTooOldError,
  firmwareReport,
  Session,
  Trainer,
  type TrainerDefinition,
} from '../../../trainer';
import { FIRMWARE_VERSION } from '../../../trainer/contract/contract.generated';
import { older } from '../../support/older_firmware';
import { comfort } from '../definition/examples';
import { type Board, openBoard } from './board';

const withLimits: TrainerDefinition = {
  ...comfort(),
  classes: comfort().classes?.map((entry, index) => (index === 0 ? { ...entry, holdSeconds: 600 } : entry)),
} as TrainerDefinition;

describe('firmware of another age than the package', () => {
  let board: Board;
  beforeEach(async () => {
    board = await openBoard();
  });
  afterEach(() => board.close());

  it('reports what it understands; the one in this package understands all that the package writes', async () => {
    const report = firmwareReport(await board.trainer.identify());
    assert.deepEqual(report, {
      version: FIRMWARE_VERSION,
      packaged: FIRMWARE_VERSION,
      age: 'same',
      lacks: [],
    });
  });

  it('compares versions as numbers', () => {
    const age = (version: string, packaged: string): string =>
      firmwareReport({ firmwareVersion: version, sections: [] }, packaged).age;
    assert.equal(age('0.9', '0.10'), 'older');
    assert.equal(age('1.0', '0.10'), 'newer');
  });

  it('refuses a definition that needs a newer one, by name, before anything is sent', async () => {
    const trainer = new Trainer(older(board.bus), { unit: 1 });
    await assert.rejects(trainer.deploy(withLimits), (error: unknown) => {
      assert.ok(error instanceof FirmwareTooOldError, String(error));
      assert.deepEqual(error.lacks, ['plant_limits']);
      assert.match(error.message, /plant_limits.*firmware 0\.0.*Nothing was sent.*edge-trainer flash/);
      return true;
    });
    assert.equal((await board.trainer.status()).definitionFingerprint, 0);
    await trainer.deploy(comfort());
    await board.trainer.deploy(withLimits);
  });

  it('a session says once that the firmware is behind, and what it lacks', async () => {
    const session = new Session(older(board.bus), { unit: 1 });
    const reports: FirmwareReport[] = [];
    const told = new Promise<void>((resolve) =>
      session.onOldFirmware((report) => {
        reports.push(report);
        resolve();
      }),
    );
    await board.trainer.deploy(comfort());
    await session.refresh();
    await told;
    await session.refresh();
    assert.equal(reports.length, 1);
    assert.equal(reports[0]?.age, 'older');
    assert.deepEqual(reports[0]?.lacks, ['plant_limits']);
    await session.close();
  });
});
