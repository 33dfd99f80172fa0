/**
 * Admin routes that write firmware: one starts it, one tells how far it is, one gives it up. Firmware that runs is asked to start the
 * boot loader over its bus. The bus frees its serial port meanwhile and takes it back; one board at a time.
 */
import { join } from 'node:path';
import type { Node, NodeAPI } from 'node-red';
import { type BusHandle, openBus } from '../../trainer/bus';
import { oversize } from '../../trainer/definition/bounds';
import { Trainer } from '../../trainer/device';
import {
  type FlashBoard,
  type FlashResult,
  type FlashStep,
  flash,
  flashTarget,
  fromBootLoader,
  imageFor,
  leaveForBootLoader,
  needsImage,
  openBootLoader,
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
  /** 'leave': the running firmware saves, and starts the boot loader. */
  readonly step?: FlashStep | 'leave';
  readonly done?: number;
  readonly total?: number;
  readonly message?: string;
  readonly result?: FlashResult;
}

/** The firmware that runs, to be asked for its boot loader. */
interface Running {
  readonly unit: number;
  readonly key?: string;
}

interface Order {
  readonly board: FlashBoard;
  /** Serial port or folder of a drive. */
  readonly path: string;
  /** The wire that the port is, or that the running firmware answers on. */
  readonly bus?: BusConfig;
  /** Undefined: the boot loader runs already, or starts by a hand or a reset. */
  readonly running?: Running;
  readonly wipeStore: boolean;
  /** Files of its owner on this computer; none: the image of this package. */
  readonly files: readonly string[];
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;

/** Undefined: nobody is to be asked. Null: the question is none. */
function runningOf(
  asked: unknown,
  keyOf: (device: string) => string | undefined,
): Running | undefined | null {
  if (asked === undefined) return undefined;
  if (!isObject(asked)) return null;
  const { unit, device } = asked;
  if (!Number.isInteger(unit) || Number(unit) < 1 || Number(unit) > 247) return null;
  const key = typeof device === 'string' ? keyOf(device) : undefined;
  return { unit: Number(unit), ...(key === undefined ? {} : { key }) };
}

/** Files are named by a device's owner one after the other, as on a command line. Undefined: the question is none. */
function filesOf(image: unknown, board: FlashBoard): string[] | undefined {
  if (!needsImage(board)) return [];
  if (typeof image !== 'string') return undefined;
  return image
    .split(',')
    .map((file) => file.trim())
    .filter((file) => file !== '');
}

/**
 * Undefined: the question is no order.
 * @param keyOf key of the lock that a deployed device has
 */
export function orderOf(
  body: unknown,
  folder: string,
  keyOf: (device: string) => string | undefined = () => undefined,
): Order | undefined {
  if (oversize(body) !== undefined || !isObject(body)) return undefined;
  const { board: name, bus, drive, wipeStore } = body;
  const board = typeof name === 'string' ? flashTarget(name) : undefined;
  const running = runningOf(body.running, keyOf);
  const files = board === undefined ? undefined : filesOf(body.image, board);
  if (board === undefined || files === undefined || running === null) return undefined;
  const config = isObject(bus) ? migrate(bus as unknown as BusConfig, migrations) : undefined;
  // A virtual trainer has no boot loader, and is not started to be asked.
  if (running !== undefined && (config === undefined || config.wire === 'virtual')) return undefined;
  const order = {
    board,
    files,
    wipeStore: wipeStore === true,
    ...(running === undefined ? {} : { running }),
  };
  if (reachedBy(board.bootLoader) === 'drive') {
    if (typeof drive !== 'string' || drive === '') return undefined;
    return {
      ...order,
      path: drive,
      ...(running === undefined || config === undefined ? {} : { bus: config }),
    };
  }
  if (config === undefined) return undefined;
  const options = busOptions(config, folder);
  return options.kind === 'serial' ? { ...order, path: options.path, bus: config } : undefined;
}

export class FlashJobs {
  private readonly RED: NodeAPI;
  private readonly image: typeof imageFor;
  private readonly folder: string;
  private number = 0;
  private current: FlashState | undefined;
  private giveUp: AbortController | undefined;

  /** @param folder where virtual trainers keep their memory */
  constructor(RED: NodeAPI, image: typeof imageFor, folder: string) {
    this.RED = RED;
    this.image = image;
    this.folder = folder;
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
    const { board, path, running, wipeStore, files } = order;
    const image = await this.image(board, files);
    const write = (): Promise<FlashResult> =>
      flash(board, image, () => openBootLoader(board.bootLoader, path), {
        wipeStore,
        signal,
        onProgress: (step, done, total) => {
          this.current = { id, state: 'running', step, done, total };
        },
      });
    const handle = this.wireOf(order);
    if (handle === undefined) return write();
    try {
      if (running !== undefined) {
        this.current = { id, state: 'running', step: 'leave' };
        await leaveForBootLoader(new Trainer(handle, running), board, image, wipeStore);
      }
      const work = (): Promise<FlashResult> =>
        running === undefined ? write() : fromBootLoader(board, path, write, signal);
      // A drive is no wire: other units of the bus go on.
      if (reachedBy(board.bootLoader) === 'drive') return await work();
      return await handle.lend(text('bus.reason.flashing'), work);
    } finally {
      await handle.close();
    }
  }

  /** The wire that is deployed, or for somebody to be asked the one that will be; undefined: the port is free. */
  private wireOf({ bus, running }: Order): BusHandle | undefined {
    if (bus === undefined) return undefined;
    const deployed = this.RED.nodes.getNode(bus.id) as BusNode | null;
    if (deployed?.join !== undefined && deployed.problem === undefined) return deployed.join();
    return running === undefined ? undefined : openBus(busOptions(bus, this.folder));
  }
}

/** @param image where the image of a board comes from */
export function flashRoutes(RED: NodeAPI, image = imageFor): void {
  const mayWrite = RED.auth.needsPermission('edge-trainer.flash.write');
  const folder = join(RED.settings.userDir ?? '.', 'edge-trainer');
  const jobs = new FlashJobs(RED, image, folder);
  const keyOf = (device: string): string | undefined => {
    const key = (RED.nodes.getNode(device) as Node<{ key?: string }> | null)?.credentials?.key?.trim();
    return key === '' ? undefined : key;
  };
  const refuse = (key: string): { message: string } => ({ message: RED._(`device.flash.${key}`) });

  RED.httpAdmin.post('/edge-trainer/flash', mayWrite, (request, response) => {
    let order: Order | undefined;
    try {
      order = orderOf(request.body, folder, keyOf);
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
