/**
 * Admin routes that write firmware: one starts it, one tells how far it is, one gives it up. The bus frees its serial port meanwhile
 * and takes it back; one board at a time.
 */
import { join } from 'node:path';
import type { NodeAPI } from 'node-red';
import { boardOf, isKnownBoard } from '../../trainer/definition';
import { oversize } from '../../trainer/definition/bounds';
import {
  type FlashBoard,
  type FlashResult,
  type FlashStep,
  flash,
  type Image,
  openBootLoader,
  packagedImage,
  reachedBy,
} from '../../trainer/flash';
import { text } from '../../trainer/text';
import type { BusNode } from '../bus/bus';
import { migrations } from '../bus/migrations';
import { type BusConfig, busOptions } from '../bus/options';
import { migrate } from '../shared/migration';
import { answerOf, translated } from '../shared/runtime';

/** Progress of a job, for the dialog. */
export interface FlashState {
  readonly id: number;
  readonly state: 'running' | 'done' | 'failed';
  readonly step?: FlashStep;
  readonly done?: number;
  readonly total?: number;
  readonly message?: string;
  readonly result?: FlashResult;
}

interface Order {
  readonly board: FlashBoard;
  /** Serial port or folder of a drive. */
  readonly path: string;
  /** Undefined: a drive, no bus holds it. */
  readonly bus?: BusConfig;
  readonly wipeStore: boolean;
}

/** Undefined: the question is no order. */
function orderOf(body: unknown, folder: string): Order | undefined {
  if (oversize(body) !== undefined || typeof body !== 'object' || body === null) return undefined;
  const { board: name, bus, drive, wipeStore } = body as Record<string, unknown>;
  if (typeof name !== 'string' || !isKnownBoard(name)) return undefined;
  const { bootLoader, ...facts } = boardOf(name);
  if (bootLoader === null) return undefined;
  const board = { ...facts, bootLoader };
  const rest = { board, wipeStore: wipeStore === true };
  if (reachedBy(bootLoader) === 'drive')
    return typeof drive === 'string' && drive !== '' ? { ...rest, path: drive } : undefined;
  if (typeof bus !== 'object' || bus === null) return undefined;
  const config = migrate(bus as BusConfig, migrations);
  const options = busOptions(config, folder);
  return options.kind === 'serial' ? { ...rest, path: options.path, bus: config } : undefined;
}

export class FlashJobs {
  private readonly RED: NodeAPI;
  private readonly image: (board: string) => Promise<Image>;
  private number = 0;
  private current: FlashState | undefined;
  private giveUp: AbortController | undefined;

  constructor(RED: NodeAPI, image: (board: string) => Promise<Image>) {
    this.RED = RED;
    this.image = image;
  }

  get busy(): boolean {
    return this.current?.state === 'running';
  }

  state(id: number): FlashState | undefined {
    return this.current?.id === id ? this.current : undefined;
  }

  start(order: Order): FlashState {
    const id = ++this.number;
    const giveUp = new AbortController();
    this.giveUp = giveUp;
    this.current = { id, state: 'running' };
    this.run(order, id, giveUp.signal).then(
      (result) => {
        this.current = { id, state: 'done', result };
      },
      (error: unknown) => {
        this.current = { id, state: 'failed', message: translated(this.RED, error).message };
      },
    );
    return this.current;
  }

  cancel(id: number): boolean {
    if (this.state(id)?.state !== 'running') return false;
    this.giveUp?.abort();
    return true;
  }

  private async run(order: Order, id: number, signal: AbortSignal): Promise<FlashResult> {
    const { board, path, wipeStore } = order;
    const image = await this.image(board.name);
    const write = (): Promise<FlashResult> =>
      flash(board, image, () => openBootLoader(board.bootLoader, path), {
        wipeStore,
        signal,
        onProgress: (step, done, total) => {
          this.current = { id, state: 'running', step, done, total };
        },
      });
    const deployed = this.RED.nodes.getNode(order.bus?.id ?? '') as BusNode | null;
    if (order.bus === undefined || deployed?.join === undefined || deployed.problem !== undefined)
      return write();
    const handle = deployed.join();
    try {
      return await handle.lend(text('bus.reason.flashing'), write);
    } finally {
      await handle.close();
    }
  }
}

/** @param image where the image of a board comes from */
export function flashRoutes(RED: NodeAPI, image: (board: string) => Promise<Image> = packagedImage): void {
  const jobs = new FlashJobs(RED, image);
  const mayWrite = RED.auth.needsPermission('edge-trainer.flash.write');
  const folder = join(RED.settings.userDir ?? '.', 'edge-trainer');
  const refuse = (key: string): { message: string } => ({ message: RED._(`device.flash.${key}`) });

  RED.httpAdmin.post('/edge-trainer/flash', mayWrite, (request, response) => {
    let order: Order | undefined;
    try {
      order = orderOf(request.body, folder);
    } catch (error) {
      response.status(400).json(answerOf(RED, error));
      return;
    }
    if (order === undefined) response.status(400).json(refuse('badQuestion'));
    else if (jobs.busy) response.status(409).json(refuse('busy'));
    else response.json(jobs.start(order));
  });

  RED.httpAdmin.get('/edge-trainer/flash/:id', mayWrite, (request, response) => {
    const state = jobs.state(Number(request.params.id));
    if (state === undefined) response.status(404).json(refuse('noJob'));
    else response.json(state);
  });

  RED.httpAdmin.post('/edge-trainer/flash/:id/cancel', mayWrite, (request, response) => {
    if (jobs.cancel(Number(request.params.id))) response.json({});
    else response.status(404).json(refuse('noJob'));
  });
}
