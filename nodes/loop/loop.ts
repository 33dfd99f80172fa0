/** The whole closed loop in one node: reads the plant, decides, writes the value, and reports the outcome to the trainer. */
import type { EventEmitter } from 'node:events';
import type { Node, NodeAPI } from 'node-red';
import type { Loop, LoopState } from '../../trainer/loop';
import { wireKeeper } from '../bus/wire_keeper';
import { claim, release } from '../device/claims';
import { DeviceUser } from '../shared/device_node';
import { MessageError } from '../shared/message_error';
import { briefly, StatusLine, type TrainerMessage, translated } from '../shared/runtime';
import { takeOver } from './handover';
import type { LoopConfig } from './options';
import { isCommand, RunningLoop } from './running';
import { faultOf, statusOfLoop } from './words';

/** Characters under the node, where only the reason stands; the log and the second output have all of it. */
const LONGEST = 110;

/** What a loop says: under its node, in the log, and at its two outputs. */
class Outputs {
  private shown = '';
  /** What was logged since the loop was last all right. */
  private readonly warned = new Set<string>();

  constructor(
    private readonly RED: NodeAPI,
    private readonly node: Node,
    private readonly user: DeviceUser,
    private readonly line: StatusLine,
  ) {}

  follow(loop: Loop): void {
    const { RED, node, user } = this;
    loop
      .on('state', (state) => this.show(state))
      .on('put', ({ value, decision }) => {
        const msg = this.message(
          'actuation',
          value,
          decision === undefined ? {} : { ticket: decision.ticket },
        );
        user.note(msg, { ...(decision ?? { failSafe: true }) });
        node.send([msg, null]);
      })
      .on('verdict', ({ verdict, outcome }) =>
        node.send([null, this.message('verdict', { ...verdict, ...outcome }, { ticket: verdict.ticket })]),
      )
      .on('notTaken', (error) =>
        node.send([null, this.message('not-taken', { text: translated(RED, error).message })]),
      );
  }

  show(state: LoopState): void {
    const { RED } = this;
    const status = statusOfLoop(RED, state, (fault) => briefly(RED, fault));
    this.line.show(status);
    const { text = '' } = statusOfLoop(RED, state, (fault) => translated(RED, fault).message);
    if (text === this.shown) return;
    this.shown = text;
    const fault = faultOf(state);
    if (fault === undefined) this.warned.clear();
    else if (this.isNews(`${'why' in state ? state.why : state.kind} ${fault.message}`)) this.node.warn(text);
    this.node.send([null, this.message('state', { state: state.kind, text })]);
  }

  /** How long something took, or how far it is off, is no news. */
  private isNews(cause: string): boolean {
    const { size } = this.warned;
    return this.warned.add(cause.replace(/\d+([.,]\d+)?/g, '#')).size > size;
  }

  private message(topic: string, payload: unknown, more: Record<string, unknown> = {}): TrainerMessage {
    const msg = { topic, payload, ...more } as unknown as TrainerMessage;
    this.user.note(msg, {});
    return msg;
  }
}

export default function loop(RED: NodeAPI): void {
  function EdgeTrainerLoop(this: Node, config: LoopConfig): void {
    RED.nodes.createNode(this, config);
    const user = new DeviceUser(RED, this, config);
    const { intake } = user;
    // What the device says is part of what the loop says.
    user.status.close();
    const line = new StatusLine(this, LONGEST);
    const keeper = wireKeeper(RED.events as unknown as EventEmitter);
    const claimed = `loop of ${user.device?.id ?? ''}`;
    let running: RunningLoop | undefined;

    try {
      const holder = claim(claimed, { id: this.id, name: this.name || this.id });
      if (holder !== undefined) throw new MessageError('error.loopTaken', { holder: holder.name });
      line.show({ fill: 'yellow', shape: 'ring', text: RED._('loop.status.starting') });
      running = new RunningLoop(RED, this, config, user);
      new Outputs(RED, this, user, line).follow(running.loop);
    } catch (error) {
      const { message: problem } = translated(RED, error);
      line.show({ fill: 'red', shape: 'ring', text: problem });
      this.error(problem);
      release(claimed, this.id);
      takeOver(this.id, '');
    }

    intake.take((msg) => {
      if (!isCommand(msg.topic)) user.saw(msg.payload);
      if (running === undefined) return Promise.reject(new MessageError('error.loopStopped'));
      return running.take(msg);
    });
    intake.onClose(async (removed) => {
      await running?.close(!removed && keeper.deploying);
      release(claimed, this.id);
    });
  }

  RED.nodes.registerType('edge-trainer-loop', EdgeTrainerLoop);
}
