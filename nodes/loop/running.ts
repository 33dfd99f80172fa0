/** A loop and what it holds, while the settings of its node are right. */
import { setTimeout as wait } from 'node:timers/promises';
import type { Node, NodeAPI } from 'node-red';
import { windowOf } from '../../trainer/definition';
import { Loop, SessionTrainer } from '../../trainer/loop';
import { checkWritable } from '../../trainer/registers';
import type { DeviceUser } from '../shared/device_node';
import { MessageError } from '../shared/message_error';
import { outcomeFrom } from '../shared/outcome';
import { Plc } from '../shared/plc';
import { featuresFrom, windowSamplesFrom } from '../shared/registers';
import type { TrainerMessage } from '../shared/runtime';
import { StreamFeed } from '../shared/stream_feed';
import { leave, takeOver } from './handover';
import { type LoopConfig, settingsOf } from './options';
import { NodePlant } from './plant';

/** The fail-safe value has this long to reach the plant while Node-RED stops. */
const LAST_WRITE_MS = 3000;
const now = (): number => performance.now();

/** Topics that say something else than features. */
const COMMANDS: readonly unknown[] = ['outcome', 'override', 'interlock'];
export const isCommand = (topic: unknown): boolean => COMMANDS.includes(topic);

const flag = (topic: string, payload: unknown): boolean => {
  if (typeof payload === 'boolean' || payload === 0 || payload === 1) return Boolean(payload);
  throw new MessageError('error.loopFlag', { topic, got: JSON.stringify(payload) ?? String(payload) });
};

export class RunningLoop {
  readonly loop: Loop;
  private readonly plant: NodePlant;
  private readonly plc: Plc | undefined;
  private readonly timer: NodeJS.Timeout;
  private readonly identity: string;
  private readonly id: string;
  private readonly unwatch: () => void;
  private readonly link: DeviceUser['link'];
  /** Samples of messages, for a window. */
  private readonly feed = new StreamFeed((samples) =>
    this.link.trainer.stream.send(samples, { signal: this.closing.signal }),
  );

  /** Ends requests to the trainer; the last write to the plant needs none. */
  private readonly closing = new AbortController();

  /** @throws what is wrong with the settings */
  constructor(RED: NodeAPI, node: Node, config: LoopConfig, user: DeviceUser) {
    const settings = settingsOf(config);
    const { link, device } = user;
    this.id = node.id;
    this.link = link;
    this.identity = JSON.stringify([config.plc, config.plcUnit, config.points, settings.failSafe]);
    const wired = config.plc !== undefined && config.plc !== '';
    if (!wired && (config.points?.length ?? 0) > 0) throw new MessageError('error.noPlc');
    this.plc = wired ? new Plc(RED, config) : undefined;
    try {
      for (const point of this.plc?.of('actuation') ?? []) checkWritable(point);
    } catch (error) {
      void this.plc?.close();
      throw error;
    }
    this.plant = new NodePlant({
      plc: this.plc,
      oldAfterMs: settings.oldAfterMs,
      now,
      definition: () => link.trainer.definition,
      saw: (read) => user.saw(read),
    });
    const before = takeOver(node.id, this.identity);
    this.loop = new Loop(this.plant, new SessionTrainer(link, device?.definition, this.closing.signal), {
      ...settings,
      now,
      ...(before === undefined ? {} : { before }),
    });
    this.timer = setInterval(() => void this.loop.step(), settings.intervalMs);
    // A trainer that comes, goes or starts to run something else gets a step at once, before the next interval.
    this.unwatch = link.onState(({ kind }) => {
      if (kind !== 'busy') void this.loop.step();
    });
    void this.loop.step();
  }

  /** What a message says: features, samples of a window, an outcome, or that the plant is run by hand or refuses. @throws what is wrong with it */
  async take({ topic, payload, ticket }: TrainerMessage): Promise<void> {
    if (topic === 'outcome') {
      const outcome = typeof payload === 'number' ? payload : outcomeFrom('auto', payload);
      await this.loop.judge(outcome, typeof ticket === 'number' ? ticket : undefined);
      return;
    }
    if (topic === 'override' || topic === 'interlock') this.plant[topic] = flag(topic, payload);
    else {
      const { definition } = this.link.trainer;
      if (definition !== undefined && windowOf(definition) !== undefined) {
        const samples = windowSamplesFrom({ topic, payload }, definition);
        if (samples !== undefined) {
          await this.feed.add(samples);
          return;
        }
      } else {
        this.plant.take(featuresFrom(payload, definition));
        if (this.plant.readsFeatures) return;
      }
    }
    await this.loop.step();
  }

  /** @param again a node with this id is made in a moment */
  async close(again: boolean): Promise<void> {
    clearInterval(this.timer);
    this.unwatch();
    if (again) {
      const ended = this.loop.handOver();
      this.closing.abort();
      const carried = await ended;
      leave(this.id, this.identity, carried, async (failSafe) => {
        if (failSafe) await this.loop.end();
        await this.plc?.close();
      });
      return;
    }
    const ended = this.loop.end();
    this.closing.abort();
    await Promise.race([ended, wait(LAST_WRITE_MS, undefined, { ref: false })]);
    await this.plc?.close();
  }
}
