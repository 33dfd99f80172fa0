/** Config node: one wire. Devices on it share one owner of the wire, which reconnects by itself and outlives a deploy. */
import type { EventEmitter } from 'node:events';
import { join } from 'node:path';
import type { Node, NodeAPI } from 'node-red';
import { type BusHandle, openBus, serialPorts } from '../../trainer/bus';
import { worded } from '../../trainer/text';
import { migrate } from '../shared/migration';
import { answerOf, errorTexts, translated } from '../shared/runtime';
import { migrations } from './migrations';
import { type BusConfig, busOptions } from './options';
import { wireKeeper } from './wire_keeper';
import { WireLog } from './wire_log';

export interface BusNode extends Node {
  /** Opens this wire for one more user. @throws BusConfigError */
  join(): BusHandle;
  /** The settings of the wire, to compare with others; empty while they make none. */
  wire: string;
  /** Why the settings do not make a wire; undefined = they do. */
  problem: string | undefined;
}

export default function bus(RED: NodeAPI): void {
  function EdgeTrainerBus(this: BusNode, config: BusConfig): void {
    RED.nodes.createNode(this, config);
    const folder = join(RED.settings.userDir ?? '.', 'edge-trainer');
    const keeper = wireKeeper(RED.events as unknown as EventEmitter);
    this.join = () => openBus(busOptions(migrate(config, migrations), folder));

    // The node's own hold keeps the wire open while devices on it are redeployed.
    this.wire = '';
    let handle: BusHandle | undefined;
    try {
      this.wire = JSON.stringify(busOptions(migrate(config, migrations), folder));
      handle = keeper.take(this.id, this.wire, this.join);
    } catch (error) {
      this.problem = translated(RED, error).message;
      this.error(this.problem);
    }
    const name = handle?.bus.name ?? '';
    const log = new WireLog({
      lost: (reason, more) =>
        this.warn(RED._(more === 0 ? 'bus.lost' : 'bus.lostAgain', { wire: name, reason, more })),
      back: () => this.log(RED._('bus.back', { wire: name })),
    });
    handle?.on('state', ({ state, why = '' }) => {
      const cause = typeof why === 'object' ? why.key : String(why);
      if (state === 'lost') log.lost(cause, worded(why, errorTexts(RED)), performance.now());
      else if (state === 'open') log.open();
    });
    handle?.on('echo', () => this.warn(RED._('bus.echoes', { wire: name })));
    this.on('close', (removed: boolean, done: () => void) => {
      const closing =
        handle === undefined
          ? Promise.resolve()
          : removed
            ? handle.close()
            : keeper.give(this.id, this.wire, handle, this.join);
      void closing.finally(done);
    });
  }

  RED.nodes.registerType('edge-trainer-bus', EdgeTrainerBus);

  RED.httpAdmin.get(
    '/edge-trainer/serial-ports',
    RED.auth.needsPermission('edge-trainer.read'),
    (_request, response) => {
      serialPorts().then(
        (ports) => {
          response.json(ports);
        },
        (error: unknown) => {
          response.status(500).json(answerOf(RED, error));
        },
      );
    },
  );
}
