/** Tells how a trainer is: its status, the events of its on-board log, the health of its bus, and all of that as records for a database. */
import type { Node, NodeAPI } from 'node-red';
import type { TrainerStatus, Watch } from '../../trainer/device';
import { numberOr } from '../bus/options';
import { DeviceUser, type DeviceUserConfig } from '../shared/device_node';
import { type TrainerMessage, translated } from '../shared/runtime';
import { History } from './history';

interface MonitorConfig extends DeviceUserConfig {
  /** Seconds between two looks. */
  interval?: string | number;
  /** When a status message is sent. */
  when?: 'always' | 'change';
  /** Tells the events that were in the log before the flow started, too. */
  history?: boolean;
  /** Nodes behind each output. */
  wires?: readonly (readonly string[])[];
}

/** Place of the records among the outputs. */
const RECORDS = 3;

/** Bounds of the interval in seconds; the dialog checks the same. */
const LEAST_SECONDS = 0.1;
const MOST_SECONDS = 86_400;
const DEFAULT_SECONDS = 5;

/** Undefined: no interval, or one that no timer should be given. */
export function intervalOf(value: string | number | undefined): number | undefined {
  const seconds = numberOr(value, DEFAULT_SECONDS);
  return seconds >= LEAST_SECONDS && seconds <= MOST_SECONDS ? seconds : undefined;
}

/** Changes with every look without anything having happened. */
const RESTLESS: readonly (keyof TrainerStatus)[] = [
  'uptimeSeconds',
  'operatingSeconds',
  'saveAgeSeconds',
  'savesLeft',
  'framesGood',
  'stackFreeBytes',
  'repeats',
];

function calm(status: TrainerStatus): string {
  return JSON.stringify(status, (key, value: unknown) =>
    (RESTLESS as readonly string[]).includes(key) ? undefined : value,
  );
}

export default function monitor(RED: NodeAPI): void {
  function EdgeTrainerMonitor(this: Node, config: MonitorConfig): void {
    RED.nodes.createNode(this, config);
    const user = new DeviceUser(RED, this, config);
    const { intake, status: line, device } = user;
    const link = device?.link;
    const about = { device: device?.name || device?.id || '', unit: link?.unit ?? 0 };
    let shown = '';
    let healthShown = '';
    let watch: Watch | undefined;

    const message = (topic: string, payload: unknown): TrainerMessage =>
      ({ topic, payload, edgeTrainer: { ...about } }) as unknown as TrainerMessage;

    // A record costs a request more than a status: it is only made for somebody.
    const history =
      link === undefined || (config.wires?.[RECORDS]?.length ?? 0) === 0
        ? undefined
        : new History(link, about, (record) => this.send([null, null, null, message('record', record)]));

    const healthMessage = (): TrainerMessage | null => {
      if (link === undefined) return null;
      const { bus } = link.health();
      const unit = bus.units.find((candidate) => candidate.unit === link.unit);
      return message('bus', {
        wire: bus.wire,
        state: bus.state,
        reason: bus.reason,
        waiting: bus.waiting,
        answers: bus.state === 'open' && unit?.alive === true,
        unit,
        counters: bus.counters,
      });
    };

    const sayStatus = (status: TrainerStatus, asked?: TrainerMessage): void => {
      const now = calm(status);
      if (asked === undefined && config.when === 'change' && now === shown) return;
      shown = now;
      const clamped = link?.trainer.clampedValues ?? 0;
      const base = asked ?? message('status', status);
      if (asked !== undefined) base.payload = status;
      user.note(base, { ...about, clampedValues: clamped });
      this.send([base, null, healthMessage()]);
      history?.status(status);
    };

    if (link !== undefined) {
      const seconds = intervalOf(config.interval);
      if (seconds === undefined)
        this.warn(
          RED._('monitor.badInterval', {
            got: String(config.interval),
            least: LEAST_SECONDS,
            most: MOST_SECONDS,
            taken: DEFAULT_SECONDS,
          }),
        );
      watch = link.trainer.watch({
        intervalMs: 1000 * (seconds ?? DEFAULT_SECONDS),
        history: config.history === true,
      });
      watch.on('status', (status) => {
        link.look(status);
        sayStatus(status);
      });
      watch.on('event', (record) => {
        this.log(`${about.device}: ${record.text}`);
        this.send([null, message('event', record), null]);
        history?.event(record, watch?.status);
      });
      /** What the host noticed, which no log of a board knows. */
      const noticed = (event: string, text: string, more: object, health: TrainerMessage | null): void => {
        this.send([null, message('event', { event, text, ...more }), health]);
        history?.noticed(event, text);
      };
      watch.on('missed', (count) => {
        const text = RED._('monitor.missed', { count });
        this.warn(text);
        noticed('missed', text, { count }, null);
      });
      watch.on('lost', (error) => noticed('lost', translated(RED, error).message, {}, healthMessage()));
      watch.on('back', () => noticed('back', RED._('monitor.back'), {}, healthMessage()));
    }
    // The bus tells at once that a unit is gone, without waiting for the next look.
    const stop = link?.onState((state) => {
      const text = `${state.kind === 'lost'}`;
      if (text === healthShown) return;
      healthShown = text;
      this.send([null, null, healthMessage()]);
    });

    intake.take(
      async (msg) => {
        const { trainer } = user.link;
        sayStatus(await trainer.status(), msg);
      },
      (error) => line.failed(error),
    );
    intake.onClose(async () => {
      stop?.();
      line.close();
      await watch?.close();
      await history?.close();
    });
  }

  RED.nodes.registerType('edge-trainer-monitor', EdgeTrainerMonitor);
}
