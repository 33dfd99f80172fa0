/** What the buttons of a card do. Every action has a permission of its own: `edge-trainer.<action>.write`. */
import type { NodeAPI } from 'node-red';
import { type Bounds, DEFINITION_BOUNDS, oversize } from '../../trainer/definition/bounds';
import type { Backup, Features, Outcome, TargetValues, TrainerStatus } from '../../trainer/device';
import type { Session } from '../../trainer/session';
import { type DeviceNode, deviceOf } from '../device/device';
import { keepBackup } from '../shared/backups';
import { MessageError } from '../shared/message_error';
import { together, translated, words } from '../shared/runtime';

export interface Actor {
  readonly RED: NodeAPI;
  readonly device: DeviceNode;
  readonly link: Session;
  readonly body: Readonly<Record<string, unknown>>;
}

type Action = (actor: Actor) => Promise<string>;

/** Devices that one model can be copied to at once. */
const TARGETS_MOST = 64;
/** 4096 samples of 120 features, and a model of some hundred kilobytes in base64. */
const BACKUP_BOUNDS: Bounds = { values: 600_000, depth: 12, characters: 4_000_000 };

const percent = (share: number): number => Math.round(100 * share);

function sentence({ RED }: Actor, key: string, values: Record<string, string | number> = {}): string {
  return words(RED, key, values);
}

/** Something learned may be discarded only when somebody was asked; a backup is kept first. */
function guard({ RED, body }: Actor): {
  discard: 'refuse' | 'replace';
  keepBackup: (backup: Backup) => Promise<string>;
} {
  return {
    discard: body.discard === true ? 'replace' : 'refuse',
    keepBackup: (backup) => keepBackup(RED, backup),
  };
}

function list(value: unknown): readonly string[] {
  const valid =
    Array.isArray(value) &&
    value.length <= TARGETS_MOST &&
    value.every((target) => typeof target === 'string');
  return valid ? (value as string[]) : [];
}

async function looked({ link }: Actor): Promise<TrainerStatus> {
  const status = await link.trainer.status();
  link.look(status);
  void link.refresh();
  return status;
}

async function clone(actor: Actor): Promise<string> {
  const targets = list(actor.body.targets);
  if (targets.length === 0) throw new MessageError('error.noTargets');
  const backup = await actor.link.trainer.backup.take('running');
  const failed: string[] = [];
  for (const id of targets) {
    const target = deviceOf(actor.RED, id);
    const name = target?.name || id;
    try {
      if (target?.link === undefined) throw new MessageError('error.noDevice');
      await target.link.restore(backup, { ...guard(actor), deploy: true });
      void target.link.refresh();
    } catch (error) {
      failed.push(together(actor.RED, [name, translated(actor.RED, error).message], 'colon'));
    }
  }
  const copied = sentence(actor, 'status.cloned', {
    copied: targets.length - failed.length,
    total: targets.length,
  });
  if (failed.length > 0) throw new Error(together(actor.RED, [copied, ...failed], 'clauses'));
  return copied;
}

export const ACTIONS: Readonly<Record<string, Action>> = {
  train: async (actor) => {
    const { result, generation } = await actor.link.trainer.model.train();
    await looked(actor);
    return sentence(actor, `status.${result}`, { generation });
  },
  learn: async (actor) => {
    const { regime } = actor.body;
    const { result, generation } = await actor.link.trainer.model.learn(
      typeof regime === 'number' ? { regime } : {},
    );
    await looked(actor);
    return sentence(actor, `status.${result}`, { generation });
  },
  cancel: async (actor) => {
    await actor.link.trainer.model.cancel();
    await looked(actor);
    return sentence(actor, 'sidebar.done.cancelled');
  },
  evaluate: async (actor) => {
    const { balancedAccuracy } = await actor.link.trainer.model.evaluate();
    return sentence(actor, 'status.evaluated', { percent: percent(balancedAccuracy) });
  },
  mode: async (actor) => {
    const mode = String(actor.body.mode) as TrainerStatus['mode'];
    await actor.link.trainer.setMode(mode);
    await looked(actor);
    return sentence(actor, `status.mode.${mode}`);
  },
  'roll-back': async (actor) => {
    await actor.link.trainer.model.rollBack();
    const { generation } = await looked(actor);
    return sentence(actor, 'status.rolledBack', { generation });
  },
  save: async (actor) => {
    actor.link.look(await actor.link.trainer.save());
    void actor.link.refresh();
    return sentence(actor, 'status.saved');
  },
  restore: async (actor) => {
    const { status, backup } = await actor.link.restore(actor.body.backup, {
      ...guard(actor),
      deploy: actor.body.deploy === true,
    });
    actor.link.look(status);
    void actor.link.refresh();
    const done = sentence(actor, 'status.restored', { generation: status.generation });
    return backup === undefined
      ? done
      : `${done}. ${sentence(actor, 'sidebar.done.kept', { place: backup })}`;
  },
  clone,
  deploy: async (actor) => {
    const { definition } = actor.device;
    if (definition === undefined) throw new MessageError('error.noDefinitionInDevice');
    const { changed, backup } = await actor.link.deploy(definition, guard(actor));
    await actor.link.commission(false);
    void actor.link.refresh();
    const done = sentence(actor, changed ? 'status.deployed' : 'status.unchanged');
    return backup === undefined
      ? done
      : `${done}. ${sentence(actor, 'sidebar.done.kept', { place: backup })}`;
  },
  teach: async (actor) => {
    const { features, label, targets } = actor.body;
    const truth = targets === undefined ? String(label) : (targets as TargetValues);
    await actor.link.trainer.dataset.add(features as Features, truth);
    const { samplesStored, samplesCapacity } = await looked(actor);
    return sentence(actor, 'status.samples', { stored: samplesStored, capacity: samplesCapacity });
  },
  answer: async (actor) => {
    const { answer } = actor.body;
    const outcome: Outcome =
      answer === 'false' ? { falseAlarm: true } : { confirmed: typeof answer === 'string' ? answer : true };
    await actor.link.trainer.feedback('alarm', outcome);
    await looked(actor);
    return sentence(actor, 'sidebar.done.answered');
  },
  'name-pattern': async (actor) => {
    const { pattern, name } = actor.body;
    await actor.link.trainer.patterns.rename(pattern as number, name as string);
    return sentence(actor, 'sidebar.done.named');
  },
  'forget-pattern': async (actor) => {
    await actor.link.trainer.patterns.forget(actor.body.pattern as number);
    return sentence(actor, 'sidebar.done.forgotten');
  },
  'name-regime': async (actor) => {
    const { regime, name } = actor.body;
    await actor.link.trainer.regimes.rename(regime as number, name as string);
    return sentence(actor, 'sidebar.done.named');
  },
  'trust-feedback': async (actor) => {
    await actor.link.trainer.voices.trustFeedback();
    await looked(actor);
    return sentence(actor, 'sidebar.done.trusted');
  },
};

/** A body that is no object, or larger than anything that belongs here, is an empty one. */
export function bodyOf(value: unknown, action: string): Readonly<Record<string, unknown>> {
  const object = typeof value === 'object' && value !== null && !Array.isArray(value);
  if (!object || oversize(value, action === 'restore' ? BACKUP_BOUNDS : DEFINITION_BOUNDS) !== undefined)
    return {};
  return value as Readonly<Record<string, unknown>>;
}
