/** The stitched samples: how many, which ones, add some, clear them. */

import type { Node, NodeAPI } from 'node-red';
import { InputError, type TargetValues } from '../../trainer/device';
import { text } from '../../trainer/text';
import { actionOf, DeviceUser, type DeviceUserConfig, Pace, property, variant } from '../shared/device_node';
import { MessageError } from '../shared/message_error';
import { featuresFrom } from '../shared/registers';

const ACTIONS = ['counts', 'samples', 'csv', 'add', 'clear'] as const;
type Action = (typeof ACTIONS)[number];

interface DatasetConfig extends DeviceUserConfig {
  /** Empty = msg.topic says it. */
  action?: Action | '';
  property?: string;
  /** Where the label of an added sample is, when the value is not `{ features, label }`. */
  labelProperty?: string;
}

/** Time between two progress messages, in milliseconds. */
const PROGRESS_MS = 200;

interface Taught {
  readonly features: unknown;
  /** A label, or the targets of continuous outputs. */
  readonly truth: string | TargetValues;
}

/**
 * `{ features, label }`, or `{ features, targets }` as the action *samples* gives them; without features it is about the window of a stream.
 * Undefined = it is none.
 */
function sampleOf(value: unknown): Taught | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  if (
    !Object.hasOwn(value, 'features') &&
    Object.keys(value).some((key) => key !== 'label' && key !== 'targets')
  )
    return undefined;
  const { features, label, targets } = value as { features: unknown; label?: string; targets?: TargetValues };
  const truth = targets ?? label;
  return truth === undefined ? undefined : { features, truth };
}

/** One sample or many, an array of them, or features with the label or the targets elsewhere in the message. */
function samplesToAdd(value: unknown, label: unknown): Taught[] {
  const many = (Array.isArray(value) && value.length > 0 ? value : [value]).map(sampleOf);
  if (many.every((sample) => sample !== undefined)) return many as Taught[];
  if (typeof label === 'string' || typeof label === 'number' || (typeof label === 'object' && label !== null))
    return [{ features: value, truth: label as string | TargetValues }];
  throw new MessageError('error.noLabelledSample');
}

export default function dataset(RED: NodeAPI): void {
  function EdgeTrainerDataset(this: Node, config: DatasetConfig): void {
    RED.nodes.createNode(this, config);
    const user = new DeviceUser(RED, this, config);
    const { intake, status } = user;

    user.take(
      async (msg, send) => {
        const { link } = user;
        const { trainer } = link;
        const options = { signal: intake.signal };
        switch (actionOf(ACTIONS, config.action, msg)) {
          case 'counts':
            msg.payload = await trainer.dataset.summary();
            break;
          case 'samples':
            msg.payload = await trainer.dataset.read(options);
            break;
          case 'csv':
            msg.payload = await trainer.dataset.csv(options);
            break;
          case 'clear':
            await trainer.dataset.clear();
            msg.payload = await trainer.dataset.summary();
            break;
          case 'add': {
            const path = config.labelProperty || 'label';
            const samples = samplesToAdd(
              property(RED, msg, config.property),
              RED.util.getMessageProperty(msg, path),
            );
            const definition = trainer.definition ?? (await trainer.useBoardDefinition());
            const pace = new Pace(PROGRESS_MS);
            for (const [index, { features, truth }] of samples.entries()) {
              try {
                await trainer.dataset.add(
                  features === undefined ? undefined : featuresFrom(features, definition),
                  truth,
                  options,
                );
              } catch (error) {
                throw error instanceof InputError && samples.length > 1
                  ? error
                      .within(text('input.sample', { number: index }))
                      .after(text('input.samplesAdded', { count: index, all: samples.length }))
                  : error;
              }
              const done = index + 1;
              if (samples.length === 1 || !pace.due(done === samples.length)) continue;
              const share = done / samples.length;
              status.say({
                fill: 'blue',
                shape: 'dot',
                text: status.text('adding', { percent: Math.round(100 * share) }),
              });
              send([null, variant(RED, msg, { progress: share, added: done, total: samples.length })]);
            }
            msg.payload = { added: samples.length, ...(await trainer.dataset.summary()) };
            break;
          }
        }
        const counts = await trainer.status();
        status.say({
          fill: 'green',
          shape: 'dot',
          text: status.text('samples', { stored: counts.samplesStored, capacity: counts.samplesCapacity }),
        });
        user.note(msg, {});
        send([msg, null]);
      },
      (error) => status.failed(error),
    );
    intake.onClose(() => status.close());
  }

  RED.nodes.registerType('edge-trainer-dataset', EdgeTrainerDataset);
}
