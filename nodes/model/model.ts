/** The life of a model outside its board: backed up, restored, rolled back, compared, copied to others; and its anomaly patterns. */
import type { Node, NodeAPI } from 'node-red';
import { type Backup, compareModels, openBackup } from '../../trainer/device';
import { deviceOf } from '../device/device';
import { keepBackup } from '../shared/backups';
import { actionOf, DeviceUser, type DeviceUserConfig, property } from '../shared/device_node';
import { MessageError } from '../shared/message_error';
import { kindOf } from '../shared/registers';
import { translated } from '../shared/runtime';

const ACTIONS = [
  'backup',
  'restore',
  'roll-back',
  'compare',
  'clone',
  'patterns',
  'name-pattern',
  'merge-patterns',
  'forget-pattern',
  'regimes',
  'name-regime',
] as const;
type Action = (typeof ACTIONS)[number];

interface ModelConfig extends DeviceUserConfig {
  /** Empty = msg.topic says it. */
  action?: Action | '';
  /** Which model is backed up. */
  which?: 'running' | 'previous';
  property?: string;
  /** Restore and clone: deploy the backup's definition too. */
  deploy?: boolean;
  /** Clone: ids of the devices that get the model. */
  targets?: string[];
}

/** Undefined: it is no JSON. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** A backup as an object, or as the text of a file. */
function backupFrom(value: unknown): unknown {
  const text = Buffer.isBuffer(value) ? value.toString('utf8') : value;
  if (typeof text !== 'string') return text;
  const backup = parsed(text);
  if (backup === undefined) throw new MessageError('error.noBackup');
  return backup;
}

/**
 * The backup of a message to compare; undefined for what only starts the node, such as the time of an inject node.
 * @throws MessageError for anything else, which somebody may have taken for a backup
 */
function comparedWith(value: unknown, path: string): unknown {
  if (value === undefined || value === null || value === '') return undefined;
  if (typeof value === 'number' || typeof value === 'boolean') return undefined;
  const text = typeof value === 'string' || Buffer.isBuffer(value);
  const backup = text ? parsed(String(value)) : value;
  if (typeof backup === 'object' && backup !== null && 'format' in backup) return backup;
  throw new MessageError('error.notToCompare', { property: path, got: kindOf(value) });
}

/** A field of an object that is left to the typed client to check; a bare number is the pattern itself. */
function field(value: unknown, name: string): unknown {
  if (typeof value === 'object' && value !== null)
    return Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : undefined;
  return name === 'pattern' ? value : undefined;
}

export default function model(RED: NodeAPI): void {
  function EdgeTrainerModel(this: Node, config: ModelConfig): void {
    RED.nodes.createNode(this, config);
    const user = new DeviceUser(RED, this, config);
    const { intake, status } = user;
    const options = { signal: intake.signal };
    /** Whoever lets the definition come too lets it replace what was learned; that is backed up first. */
    const guarded = {
      ...options,
      deploy: config.deploy === true,
      discard: 'replace',
      keepBackup: (backup: Backup) => keepBackup(RED, backup),
    } as const;

    /** A failure at one target does not stop the others; the result names each. */
    const clone = async (): Promise<unknown[]> => {
      const targets = config.targets ?? [];
      if (targets.length === 0) throw new MessageError('error.noTargets');
      const backup = await user.link.trainer.backup.take('running', options);
      const results: Record<string, unknown>[] = [];
      for (const id of targets) {
        const device = deviceOf(RED, id);
        const link = device?.link;
        const name = device?.name || id;
        if (link === undefined) {
          results.push({ device: name, restored: false, error: status.text('notConfigured') });
          continue;
        }
        try {
          const { status: after } = await link.restore(backup, guarded);
          results.push({ device: name, unit: link.unit, restored: true, generation: after.generation });
          void link.refresh();
        } catch (error) {
          results.push({
            device: name,
            unit: link.unit,
            restored: false,
            error: translated(RED, error).message,
          });
        }
      }
      return results;
    };

    user.take(
      async (msg, send) => {
        const { link } = user;
        const { trainer } = link;
        const done = (
          key: string,
          values: Record<string, string | number> = {},
          fill: 'green' | 'yellow' = 'green',
        ) => status.say({ fill, shape: 'dot', text: status.text(key, values) });
        const action = actionOf(ACTIONS, config.action, msg);
        switch (action) {
          case 'backup': {
            const backup = await trainer.backup.take(config.which ?? 'running', options);
            msg.payload = backup;
            msg.filename ??= `${backup.trainer.board}-${backup.trainer.serialNumber}-generation-${backup.model?.generation ?? 0}.json`;
            done('backedUp', { generation: backup.model?.generation ?? 0 });
            break;
          }
          case 'restore': {
            const backup = backupFrom(property(RED, msg, config.property));
            const { status: after, backup: place } = await link.restore(backup, guarded);
            if (place !== undefined) msg.backup = place;
            link.look(after);
            msg.payload = after;
            done('restored', { generation: after.generation });
            break;
          }
          case 'roll-back': {
            await trainer.model.rollBack();
            const after = await trainer.status();
            link.look(after);
            msg.payload = after;
            done('rolledBack', { generation: after.generation });
            break;
          }
          case 'compare': {
            // With a backup in the message: that against the running model; otherwise the previous one against it.
            const value = property(RED, msg, config.property);
            const given = comparedWith(value, config.property || 'payload');
            const first =
              given === undefined ? await trainer.model.read('previous', options) : openBackup(given).model;
            const running = await trainer.model.read('running', options);
            if (first.length === 0 || running.length === 0) throw new MessageError('error.nothingToCompare');
            const comparison = compareModels(first, running);
            msg.payload = comparison;
            done(comparison.identical ? 'identical' : comparison.sameShape ? 'different' : 'otherShape');
            break;
          }
          case 'patterns':
          case 'name-pattern':
          case 'merge-patterns':
          case 'forget-pattern': {
            const value = property(RED, msg, config.property);
            const number = (name: string): number => field(value, name) as number;
            if (action === 'name-pattern')
              await trainer.patterns.rename(number('pattern'), field(value, 'name') as string);
            if (action === 'merge-patterns') await trainer.patterns.merge(number('into'), number('from'));
            if (action === 'forget-pattern') await trainer.patterns.forget(number('pattern'));
            const patterns = await trainer.patterns.list({ signal: intake.signal });
            msg.payload = patterns;
            done('patterns', { count: patterns.length });
            break;
          }
          case 'regimes':
          case 'name-regime': {
            const value = property(RED, msg, config.property);
            if (action === 'name-regime')
              await trainer.regimes.rename(field(value, 'regime') as number, field(value, 'name') as string);
            const regimes = await trainer.regimes.list();
            msg.payload = regimes;
            done('regimes', { count: regimes.length });
            break;
          }
          case 'clone': {
            const results = (await clone()) as { restored: boolean }[];
            msg.payload = results;
            const copied = results.filter(({ restored }) => restored).length;
            done('cloned', { copied, total: results.length }, copied === results.length ? 'green' : 'yellow');
            break;
          }
        }
        user.note(msg, {});
        send(msg);
      },
      (error) => status.failed(error),
    );
    intake.onClose(() => status.close());
  }

  RED.nodes.registerType('edge-trainer-model', EdgeTrainerModel);
}
