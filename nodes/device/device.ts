/** Config node: one trainer on a bus, and the definition it is meant to run. */
import { join } from 'node:path';
import type { Node, NodeAPI, NodeDef } from 'node-red';
import type { TrainerDefinition } from '../../trainer/definition';
import { Session } from '../../trainer/session';
import type { BusNode } from '../bus/bus';
import { numberOr } from '../bus/options';
import { asError } from '../shared/runtime';
import { PatternStore } from './pattern_store';
import { definitionRoutes } from './routes';

export interface DeviceConfig extends NodeDef {
  bus: string;
  unit: string | number;
  /** Undefined or empty: whatever the board runs. */
  definition?: TrainerDefinition | Record<string, never>;
}

export interface DeviceNode extends Node<{ key: string }> {
  /** Undefined when the configuration is wrong; that was logged. */
  link: Session | undefined;
  definition: TrainerDefinition | undefined;
}

/** The device of a node, undefined when none is chosen. */
export function deviceOf(RED: NodeAPI, id: string | undefined): DeviceNode | undefined {
  return id === undefined || id === ''
    ? undefined
    : ((RED.nodes.getNode(id) ?? undefined) as DeviceNode | undefined);
}

export default function device(RED: NodeAPI): void {
  function EdgeTrainerDevice(this: DeviceNode, config: DeviceConfig): void {
    RED.nodes.createNode(this, config);
    const given = config.definition;
    this.definition = given !== undefined && 'model' in given ? (given as TrainerDefinition) : undefined;
    const bus = RED.nodes.getNode(config.bus) as BusNode | null;
    const key = this.credentials?.key?.trim();
    if (bus?.join === undefined) {
      this.error(RED._('device.noBus'));
      return;
    }
    const store = new PatternStore(join(RED.settings.userDir ?? '.', 'edge-trainer'), this.id);
    let patternNames: string[] | undefined;
    try {
      patternNames = store.read();
    } catch (error) {
      this.warn(RED._('device.patternNamesLost', { reason: asError(error).message }));
    }
    try {
      const handle = bus.join();
      try {
        this.link = new Session(handle, {
          unit: numberOr(config.unit, 1),
          ...(this.definition === undefined ? {} : { definition: this.definition }),
          ...(key === undefined || key === '' ? {} : { key }),
          ...(patternNames === undefined ? {} : { patternNames }),
        });
        this.link.trainer.on('patternNames', (names) => {
          try {
            store.keep(names);
          } catch (error) {
            this.warn(RED._('device.patternNamesNotKept', { reason: asError(error).message }));
          }
        });
      } catch (error) {
        void handle.close();
        throw error;
      }
    } catch (error) {
      this.error(asError(error).message);
    }
    this.on('close', (removed: boolean, done: () => void) => {
      if (removed) store.remove();
      void (this.link?.close() ?? Promise.resolve()).finally(done);
    });
  }

  RED.nodes.registerType<DeviceNode, DeviceConfig, object, { key: string }>(
    'edge-trainer-device',
    EdgeTrainerDevice,
    {
      credentials: { key: { type: 'password' } },
    },
  );
  definitionRoutes(RED);
}
