/** Config node: one trainer on a bus, and the definition it is meant to run. */
import { join } from 'node:path';
import type { Node, NodeAPI, NodeDef } from 'node-red';
import type { TrainerDefinition } from '../../trainer/definition';
import { Session } from '../../trainer/session';
import type { BusNode } from '../bus/bus';
import { numberOr } from '../bus/options';
import { asError, together, translated } from '../shared/runtime';
import { join as joinSidebar, leave as leaveSidebar } from '../sidebar/roster';
import { sidebarRoutes } from '../sidebar/routes';
import { claimUnit, releaseUnit } from './claims';
import { connectRoute } from './connect_route';
import { withNumbers } from './environment';
import { flashRoutes } from './flash_route';
import { importRoute } from './import_route';
import { NameStore } from './name_store';
import { passedRoute } from './passed_route';
import { definitionRoutes } from './routes';

export interface DeviceConfig extends NodeDef {
  bus: string;
  unit: string | number;
  /** Undefined or empty: whatever the board runs. A text: JSON that somebody has not finished. */
  definition?: TrainerDefinition | Record<string, never> | string;
  /** It had a lock key when it was saved. An export leaves the key out. */
  keyed?: boolean;
}

export interface DeviceNode extends Node<{ key: string }> {
  /** Undefined when the configuration is wrong; `problem` says why, and it was logged. */
  link: Session | undefined;
  problem: string | undefined;
  /** It had a lock key, and the runtime has none: an export left it out. */
  keyMissing: boolean;
  definition: TrainerDefinition | undefined;
  unit: number;
  /** What people call its bus; empty = it has no name. */
  busName: string;
  /** It has a lock key. */
  hasKey: boolean;
}

/** The device of a node, undefined when none is chosen. */
export function deviceOf(RED: NodeAPI, id: string | undefined): DeviceNode | undefined {
  return id === undefined || id === ''
    ? undefined
    : ((RED.nodes.getNode(id) ?? undefined) as DeviceNode | undefined);
}

/** 16 bytes. */
const KEY = /^[0-9a-fA-F]{32}$/;

/** What the parser says about a text that is no JSON. */
function parserSays(text: string): string {
  try {
    JSON.parse(text);
    return 'it is no object.';
  } catch (error) {
    return `${asError(error).message}.`;
  }
}

/** Whether the node stands in the flow file. Node-RED says "removed" for one that was only disabled, or whose tab was. */
function inFlowFile(RED: NodeAPI, { id, _alias }: { id: string; _alias?: string }): boolean {
  let found = false;
  RED.nodes.eachNode((node) => {
    found ||= node.id === id || node.id === _alias;
  });
  return found;
}

export default function device(RED: NodeAPI): void {
  function EdgeTrainerDevice(this: DeviceNode, config: DeviceConfig): void {
    RED.nodes.createNode(this, config);
    const stored = withNumbers(config.definition);
    if (typeof stored === 'object' && stored !== null && 'model' in stored)
      this.definition = stored as TrainerDefinition;
    const key = this.credentials?.key?.trim() ?? '';
    this.keyMissing = config.keyed === true && key === '';
    if (this.keyMissing) this.warn(RED._('device.keyMissing', { device: this.name || this.id }));
    this.busName = RED.nodes.getNode(config.bus)?.name ?? '';
    this.unit = numberOr(config.unit, 1);
    this.hasKey = key !== '';
    const folder = join(RED.settings.userDir ?? '.', 'edge-trainer');
    const patterns = new NameStore(folder, 'patterns', this.id);
    const regimes = new NameStore(folder, 'regimes', this.id);

    const kept = (store: NameStore): readonly string[] | undefined => {
      try {
        return store.read();
      } catch (error) {
        this.warn(RED._('device.namesLost', { reason: asError(error).message }));
        return undefined;
      }
    };
    const keep = (store: NameStore, names: readonly string[]): void => {
      try {
        store.keep(names);
      } catch (error) {
        this.warn(RED._('device.namesNotKept', { reason: asError(error).message }));
      }
    };
    const patternNames = kept(patterns);
    const regimeNames = kept(regimes);

    const connect = (): Session => {
      const bus = RED.nodes.getNode(config.bus) as BusNode | null;
      if (bus?.join === undefined) throw new Error(RED._('device.noBus'));
      if (bus.problem !== undefined) throw new Error(bus.problem);
      if (typeof stored === 'string')
        throw new Error(RED._('device.badDefinition', { problem: parserSays(stored) }));
      if (key !== '' && !KEY.test(key)) throw new Error(RED._('device.badKey'));
      const handle = bus.join();
      const { unit } = this;
      const wire = handle.bus.key;
      const by = { id: this.id, name: this.name || this.definition?.name || this.id };
      try {
        const holder = claimUnit(wire, unit, by);
        if (holder !== undefined)
          throw new Error(RED._('device.unitTaken', { unit, wire: handle.bus.name, holder: holder.name }));
        this.on('close', () => releaseUnit(wire, unit, this.id));
        return new Session(handle, {
          unit,
          ...(this.definition === undefined ? {} : { definition: this.definition }),
          ...(key === '' ? {} : { key }),
          ...(patternNames === undefined ? {} : { patternNames }),
          ...(regimeNames === undefined ? {} : { regimeNames }),
        });
      } catch (error) {
        void handle.close();
        throw error;
      }
    };
    try {
      this.link = connect();
      this.link.onOldFirmware(({ version, packaged, lacks }) => {
        const values = { device: this.name || this.id, version, packaged };
        const more =
          lacks.length === 0
            ? ''
            : ` ${RED._('device.firmwareLacks', { lacks: together(RED, lacks, 'names') })}`;
        this.warn(`${RED._('device.firmwareOld', values)}${more}`);
      });
      this.link.trainer.on('patternNames', (names) => keep(patterns, names));
      this.link.trainer.on('regimeNames', (names) => keep(regimes, names));
    } catch (error) {
      this.problem = translated(RED, error).message;
      this.error(this.problem);
    }
    joinSidebar(this);
    this.on('close', (removed: boolean, done: () => void) => {
      const gone = removed && !inFlowFile(RED, this as unknown as { id: string; _alias?: string });
      leaveSidebar(this, gone);
      if (gone) for (const store of [patterns, regimes]) store.layAside();
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
  importRoute(RED);
  passedRoute(RED);
  connectRoute(RED);
  flashRoutes(RED);
  sidebarRoutes(RED);
}
