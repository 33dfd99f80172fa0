/** Config node: one wire. Devices on it share one owner of the wire, which reconnects by itself. */
import { join } from 'node:path';
import type { Node, NodeAPI } from 'node-red';
import { type BusHandle, type BusState, openBus } from '../../trainer/bus';
import { asError } from '../shared/runtime';
import { type BusConfig, busOptions } from './options';
import { serialPorts } from './serial_ports';

export interface BusNode extends Node {
  /** Opens this wire for one more user. @throws BusConfigError */
  join(): BusHandle;
}

export default function bus(RED: NodeAPI): void {
  function EdgeTrainerBus(this: BusNode, config: BusConfig): void {
    RED.nodes.createNode(this, config);
    const folder = join(RED.settings.userDir ?? '.', 'edge-trainer');
    this.join = () => openBus(busOptions(config, folder));

    // The node's own hold keeps the wire open while devices on it are redeployed.
    let handle: BusHandle | undefined;
    try {
      handle = this.join();
    } catch (error) {
      this.error(asError(error).message);
    }
    let told: BusState | undefined;
    handle?.on('state', ({ state, reason }) => {
      if (state === told) return;
      if (state === 'lost') {
        told = state;
        this.warn(RED._('bus.lost', { wire: handle?.bus.name ?? '', reason: reason ?? '' }));
      } else if (state === 'open') {
        if (told === 'lost') this.log(RED._('bus.back', { wire: handle?.bus.name ?? '' }));
        told = state;
      }
    });
    this.on('close', (_removed: boolean, done: () => void) => {
      void (handle?.close() ?? Promise.resolve()).finally(done);
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
          response.status(500).json({ message: asError(error).message });
        },
      );
    },
  );
}
