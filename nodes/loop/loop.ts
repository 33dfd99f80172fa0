/** The whole closed loop in one node: reads the plant, decides, puts the value, and tells the trainer what became of it. */
import type { EventEmitter } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import type { Node, NodeAPI } from 'node-red';
import { Loop, type LoopState, SessionTrainer } from '../../trainer/loop';
import { checkWritable } from '../../trainer/registers';
import { wireKeeper } from '../bus/wire_keeper';
import { claim, release } from '../device/claims';
import { DeviceUser } from '../shared/device_node';
import { MessageError } from '../shared/message_error';
import { outcomeFrom } from '../shared/outcome';
import { Plc } from '../shared/plc';
import { featuresFrom } from '../shared/registers';
import { StatusLine, type TrainerMessage, translated } from '../shared/runtime';
import { leave, takeOver } from './handover';
import { type LoopConfig, settingsOf } from './options';
import { NodePlant } from './plant';
import { statusOfLoop } from './words';

/** The fail-safe value has this long to reach the plant while Node-RED stops. */
const LAST_WRITE_MS = 3000;
const now = (): number => performance.now();

const flag = (topic: string, payload: unknown): boolean => {
  if (typeof payload === 'boolean' || payload === 0 || payload === 1) return Boolean(payload);
  throw new MessageError('error.loopFlag', { topic, got: JSON.stringify(payload) ?? String(payload) });
};

/** A loop and what it holds, while its settings are right. */
class Running {
  readonly plant: NodePlant;
  readonly loop: Loop;
  private readonly plc: Plc | undefined;
  private readonly timer: NodeJS.Timeout;
  private readonly identity: string;
  private readonly id: string;
  private readonly unwatch: () => void;

  /** Ends requests to the trainer; the last write to the plant needs none. */
  private readonly closing = new AbortController();

  /** @throws what is wrong with the settings */
  constructor(RED: NodeAPI, node: Node, config: LoopConfig, user: DeviceUser) {
    const settings = settingsOf(config);
    const { link, device } = user;
    this.id = node.id;
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
    this.plant = new NodePlant({ plc: this.plc, oldAfterMs: settings.oldAfterMs, now });
    const before = takeOver(node.id, this.identity);
    this.loop = new Loop(this.plant, new SessionTrainer(link, device?.definition, this.closing.signal), {
      ...settings,
      now,
      ...(before === undefined ? {} : { before }),
    });
    this.timer = setInterval(() => void this.loop.step(), settings.intervalMs);
    // A trainer that comes, goes or starts to run something else is no matter for the next interval.
    this.unwatch = link.onState(({ kind }) => {
      if (kind !== 'busy') void this.loop.step();
    });
    void this.loop.step();
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

export default function loop(RED: NodeAPI): void {
  function EdgeTrainerLoop(this: Node, config: LoopConfig): void {
    RED.nodes.createNode(this, config);
    const user = new DeviceUser(RED, this, config);
    const { intake } = user;
    user.status.close();
    const line = new StatusLine(this);
    const keeper = wireKeeper(RED.events as unknown as EventEmitter);
    const claimed = `loop of ${user.device?.id ?? ''}`;
    let running: Running | undefined;
    let said = '';
    let warned = '';

    const message = (topic: string, payload: unknown, more: Record<string, unknown> = {}): TrainerMessage => {
      const msg = { topic, payload, ...more } as unknown as TrainerMessage;
      user.note(msg, {});
      return msg;
    };
    const show = (state: LoopState): void => {
      const status = statusOfLoop(RED, state);
      line.show(status);
      const { text = '' } = status;
      if (text === said) return;
      said = text;
      const why = state.kind === 'fail-safe' ? `${state.why} ${state.error.message}` : '';
      if (why !== '' && why !== warned) this.warn(text);
      warned = why;
      this.send([null, message('state', { state: state.kind, text })]);
    };

    try {
      const holder = claim(claimed, { id: this.id, name: this.name || this.id });
      if (holder !== undefined) throw new MessageError('error.loopTaken', { holder: holder.name });
      line.show(statusOfLoop(RED, { kind: 'starting' }));
      running = new Running(RED, this, config, user);
      running.loop
        .on('state', show)
        .on('put', ({ value, decision }) => {
          const ticket = decision === undefined ? {} : { ticket: decision.ticket };
          const msg = message('actuation', value, ticket);
          user.note(msg, { ...(decision ?? { failSafe: true }) });
          this.send([msg, null]);
        })
        .on('verdict', ({ verdict, outcome }) =>
          this.send([null, message('verdict', { ...verdict, ...outcome }, { ticket: verdict.ticket })]),
        )
        .on('notTaken', (error) =>
          this.send([null, message('not-taken', { text: translated(RED, error).message })]),
        );
    } catch (error) {
      const { message: problem } = translated(RED, error);
      line.show({ fill: 'red', shape: 'ring', text: problem });
      this.error(problem);
      release(claimed, this.id);
      takeOver(this.id, '');
    }

    intake.take(async (msg) => {
      if (running === undefined) throw new MessageError('error.loopStopped');
      const { loop: one, plant } = running;
      const { payload } = msg;
      switch (msg.topic) {
        case 'outcome':
          await one.judge(
            typeof payload === 'number' ? payload : outcomeFrom('auto', payload),
            typeof msg.ticket === 'number' ? msg.ticket : undefined,
          );
          return;
        case 'override':
        case 'interlock':
          plant[msg.topic] = flag(msg.topic, payload);
          break;
        default:
          plant.take(featuresFrom(payload));
          if (plant.readsFeatures) return;
      }
      await one.step();
    });
    intake.onClose(async (removed) => {
      const again = !removed && keeper.deploying;
      await running?.close(again);
      release(claimed, this.id);
    });
  }

  RED.nodes.registerType('edge-trainer-loop', EdgeTrainerLoop);
}
