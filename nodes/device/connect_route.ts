/**
 * Admin route "who is there": asks one unit of a wire, deployed or not, for its identity and state. The dialog tests the connection
 * with it, and looks for units one after the other. Nothing is written to the board, and no file of a virtual trainer is made.
 */
import { join } from 'node:path';
import type { NodeAPI } from 'node-red';
import { openBus, untilPortOpens } from '../../trainer/bus';
import { boardOf, isKnownBoard } from '../../trainer/definition';
import { oversize } from '../../trainer/definition/bounds';
import { type FirmwareReport, firmwareReport, Trainer } from '../../trainer/device';
import type { BusNode } from '../bus/bus';
import { migrations } from '../bus/migrations';
import { type BusConfig, busOptions } from '../bus/options';
import { migrate } from '../shared/migration';
import { answerOf } from '../shared/runtime';

/** What a unit said of itself. */
export interface Found {
  readonly board: string;
  readonly arenaBytes: number;
  readonly firmwareVersion: string;
  /** How the firmware stands to the one in this package. */
  readonly firmware: FirmwareReport;
  readonly serialNumber: string;
  readonly deployed: boolean;
  readonly generation: number;
  readonly lock: 'none' | 'locked' | 'unlocked';
}

interface Question {
  /** The bus node as the editor has it. */
  readonly bus: BusConfig;
  readonly unit: number;
}

/** Bounds for one question: somebody waits for the answer. */
const ANSWER_MS = 1000;
const DEADLINE_MS = 3000;

function questionOf(body: unknown): Question | undefined {
  if (oversize(body) !== undefined || typeof body !== 'object' || body === null) return undefined;
  const { bus, unit } = body as Partial<Question>;
  const valid =
    typeof bus === 'object' &&
    bus !== null &&
    Number.isInteger(unit) &&
    Number(unit) >= 1 &&
    Number(unit) <= 247;
  return valid ? { bus, unit: Number(unit) } : undefined;
}

/** @throws bus errors (PortError at once), ProtocolError when the unit is no trainer */
async function ask(RED: NodeAPI, { bus, unit }: Question): Promise<Found> {
  const config = migrate(bus, migrations);
  const folder = join(RED.settings.userDir ?? '.', 'edge-trainer');
  const deployed = RED.nodes.getNode(config.id) as BusNode | null;
  const wanted = (stored: BusConfig): string => JSON.stringify(busOptions(stored, folder));
  // A virtual trainer that does not run yet is tried without its memory.
  const running = deployed?.join !== undefined && deployed.wire === wanted(config);
  const trial = { ...config, keep: false, id: `trial of ${config.id}` };
  const handle = running
    ? deployed.join()
    : openBus({
        ...busOptions(config.wire === 'virtual' ? trial : config, folder),
        responseTimeoutMs: ANSWER_MS,
        deadlineMs: DEADLINE_MS,
      });
  try {
    if (config.wire === 'serial') await untilPortOpens(handle, config.path ?? '');
    const trainer = new Trainer(handle, { unit });
    const identity = await trainer.identify();
    const { definitionFingerprint, generation, lock } = await trainer.status();
    const { board, arenaBytes, firmwareVersion, serialNumber } = identity;
    return {
      board: isKnownBoard(board) ? boardOf(board).title : board,
      arenaBytes,
      firmwareVersion,
      firmware: firmwareReport(identity),
      serialNumber,
      deployed: definitionFingerprint !== 0,
      generation,
      lock,
    };
  } finally {
    await handle.close();
  }
}

export function connectRoute(RED: NodeAPI): void {
  RED.httpAdmin.post(
    '/edge-trainer/identify',
    RED.auth.needsPermission('edge-trainer.write'),
    (request, response) => {
      const question = questionOf(request.body);
      if (question === undefined) {
        response.status(400).json({ message: RED._('device.connect.badQuestion') });
        return;
      }
      ask(RED, question).then(
        (found) => {
          response.json(found);
        },
        (error: unknown) => {
          response.status(502).json(answerOf(RED, error));
        },
      );
    },
  );
}
