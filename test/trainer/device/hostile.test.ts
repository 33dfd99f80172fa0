import assert from 'node:assert/strict';
import {
  BackupError,
  BlobError,
  BusError,
  type BusRequest,
  BusTimeoutError,
  crc16,
  DefinitionMismatchError,
  decodeDefinition,
  encodeDefinition,
  FirmwareTooOldError,
  fingerprintOf,
  openBackup,
  ProtocolError,
  parseDefinition,
  type RegisterBus,
  type ReplyTo,
  type RequestOptions,
  RestartedError,
  Trainer,
  TrainerError,
  type TrainerStatus,
} from '../../../trainer';
import { Blocks } from '../../../trainer/contract/contract.generated';
import { decodeDataset } from '../../../trainer/device/dataset';
import { decodeLog } from '../../../trainer/device/log';
import { randomBelow } from '../../support/random';
import { comfort } from '../definition/examples';

const complete = parseDefinition(comfort());
const FINGERPRINT = fingerprintOf(encodeDefinition(complete));

/** A unit that answers in time, in form, and with nonsense; now and then a register has a value that lets the client go on. */
class NonsenseBus implements RegisterBus {
  private readonly random: (below: number) => number;

  constructor(seed: number) {
    this.random = randomBelow(seed);
  }

  private word(): number {
    const { random } = this;
    const kind = random(4);
    return kind === 0 ? random(65_536) : kind === 1 ? random(4) : kind === 2 ? 0 : 65_535 - random(3);
  }

  private words(request: BusRequest, quantity: number): number[] {
    const { random } = this;
    const words = Array.from({ length: quantity }, () => this.word());
    const at = (address: number, value: number): void => {
      const start = (request as { address: number }).address;
      if (address >= start && address < start + quantity && random(8) !== 0) words[address - start] = value;
    };
    if ('values' in request) {
      const values = Array.from(request.values as ArrayLike<number>);
      at(Blocks.decision.address, values[0] ?? 0);
      values.forEach((value, i) => {
        at((request as { writeAddress: number }).writeAddress + i, value);
      });
      at(644, values[3] ?? 0);
    }
    at(512, 1);
    at(558, FINGERPRINT >>> 16);
    at(559, FINGERPRINT & 0xffff);
    if (
      (request as { address: number }).address === Blocks.bulk.address &&
      quantity === Blocks.bulk.words &&
      random(2) === 0
    ) {
      // A page whose check sum is right around a content that is not.
      const length = random(225);
      [words[2], words[3], words[4]] = [0, length, length];
      const bytes = Buffer.alloc(10 + length);
      for (let i = 0; i < 5; i++) bytes.writeUInt16BE(words[i] as number, 2 * i);
      for (let i = 0; i < length; i++)
        bytes[10 + i] = ((words[6 + (i >> 1)] as number) >> (i % 2 === 0 ? 8 : 0)) & 0xff;
      words[5] = crc16(bytes);
    }
    return words;
  }

  request<R extends BusRequest>(request: R, options: RequestOptions<R> = {}): Promise<ReplyTo<R>> {
    const quantity = 'quantity' in request ? request.quantity : 1;
    let reply: unknown;
    if (request.fc === 1 || request.fc === 2)
      reply = { values: Array.from({ length: quantity }, () => this.random(2) === 1) };
    else if (request.fc === 3 || request.fc === 4 || request.fc === 23) {
      const values = this.words(request, quantity);
      reply = { values, bytes: Buffer.alloc(2 * quantity) };
    } else reply = { address: 0, quantity: 1, broadcast: false };
    if (options.accept !== undefined && !options.accept(reply as ReplyTo<R>))
      return Promise.reject(
        new BusTimeoutError({ unit: request.unit, functionCode: request.fc }, 'reply', 1),
      );
    return Promise.resolve(reply as ReplyTo<R>);
  }
}

const EXPECTED = [
  BusError,
  ProtocolError,
  TrainerError,
  BlobError,
  BackupError,
  DefinitionMismatchError,
  RestartedError,
  FirmwareTooOldError,
];

const CALLS: Readonly<Record<string, (trainer: Trainer) => Promise<unknown>>> = {
  identify: (trainer) => trainer.identify(),
  status: (trainer) => trainer.status(),
  connect: (trainer) => trainer.connect(),
  infer: (trainer) => trainer.infer([21, 40, 1]),
  feedback: (trainer) => trainer.feedback(7, { outcome: 21 }),
  dataset: (trainer) => trainer.dataset.summary(),
  readDataset: (trainer) => trainer.dataset.read(),
  readLog: (trainer) => trainer.log.read(),
  backup: (trainer) => trainer.backup.take(),
  'last evaluation': (trainer) => trainer.model.lastEvaluation(),
  deploy: (trainer) => trainer.deploy(comfort()),
  train: (trainer) => trainer.model.train({ signal: AbortSignal.timeout(200) }),
};

describe('typed client: a unit that answers nonsense', () => {
  for (const [name, call] of Object.entries(CALLS)) {
    it(`makes ${name} end with a checked value or one of the documented errors`, async () => {
      let refused = 0;
      for (let seed = 1; seed <= 150; seed++) {
        const trainer = new Trainer(new NonsenseBus(seed), { unit: 1, definition: comfort() });
        try {
          await call(trainer);
        } catch (error) {
          refused++;
          const known =
            EXPECTED.some((kind) => error instanceof kind) || (error as Error).name === 'AbortError';
          assert.ok(known, `seed ${seed}: ${(error as Error).stack}`);
        }
      }
      assert.ok(refused > 0, 'never refused anything');
    }).timeout(60_000);
  }

  it('never shows a status outside its ranges', async () => {
    let taken = 0;
    for (let seed = 1; seed <= 400; seed++) {
      let status: TrainerStatus;
      try {
        status = await new Trainer(new NonsenseBus(seed), { unit: 1 }).status();
      } catch {
        continue;
      }
      taken++;
      assert.ok(status.progress >= 0 && status.progress <= 1);
      assert.ok(status.windowAccuracy === undefined || status.windowAccuracy <= 1);
    }
    assert.ok(taken > 0, 'none was ever taken');
  });
});

describe('bytes from a board', () => {
  const random = randomBelow(9);
  const nonsense = (): Uint8Array => {
    const bytes = Uint8Array.from({ length: random(300) }, () => random(256));
    // Every other one begins like the real thing.
    if (random(2) === 0 && bytes.length > 4) bytes.set([0x44, 0x53, 1, 1]);
    return bytes;
  };

  it('are a log, a data set, a definition or a backup, or are refused', () => {
    for (let i = 0; i < 3000; i++) {
      const bytes = nonsense();
      for (const decode of [
        () => decodeLog(1, bytes),
        () => decodeDataset(1, complete, bytes),
        () => decodeDefinition(bytes),
        () =>
          openBackup({
            format: 'edge-trainer-backup',
            version: 1,
            definition: { data: Buffer.from(bytes).toString('base64') },
            model: { data: Buffer.from(bytes).toString('base64') },
          }),
      ]) {
        try {
          decode();
        } catch (error) {
          assert.ok(
            EXPECTED.some((kind) => error instanceof kind),
            (error as Error).stack,
          );
        }
      }
    }
  });
});
