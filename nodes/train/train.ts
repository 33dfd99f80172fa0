/** Training by command, and who may start one. */
import type { Node, NodeAPI } from 'node-red';
import type { Evaluation, TrainerMode } from '../../trainer/device';
import { actionOf, DeviceUser, type DeviceUserConfig, Pace, property, variant } from '../shared/device_node';
import type { TrainerMessage } from '../shared/runtime';

const ACTIONS = ['train', 'cancel', 'evaluate', 'mode', 'learn', 'reset', 'save'] as const;
type Action = (typeof ACTIONS)[number];

interface TrainConfig extends DeviceUserConfig {
  /** Empty = msg.topic says it. */
  action?: Action | '';
  /** Empty = msg.payload says it. */
  mode?: TrainerMode | '';
  /** Operating regime that is learned, by number or name; empty = msg.regime says it, or all is learned anew. */
  regime?: string | number;
}

/** Time between two progress messages, in milliseconds. */
const PROGRESS_MS = 200;

/** JSON has no NaN: a class that does not occur has a recall of null. */
function plainEvaluation(evaluation: Evaluation): Record<string, unknown> {
  return { ...evaluation, recall: evaluation.recall.map((recall) => (Number.isNaN(recall) ? null : recall)) };
}

function regimeOf(configured: string | number | undefined, msg: TrainerMessage): number | string {
  const { regime } = msg as { regime?: unknown };
  if (configured !== undefined && configured !== '') return configured;
  return regime === undefined || regime === '' ? 0 : (regime as number | string);
}

export default function train(RED: NodeAPI): void {
  function EdgeTrainerTrain(this: Node, config: TrainConfig): void {
    RED.nodes.createNode(this, config);
    const user = new DeviceUser(RED, this, config);
    const { intake, status } = user;

    user.take(
      async (msg, send) => {
        const { link } = user;
        const { trainer } = link;
        const pace = new Pace(PROGRESS_MS);
        const job = (doing: 'training' | 'evaluating' | 'learning') => ({
          signal: intake.signal,
          onProgress: (progress: number) => {
            const percent = Math.round(100 * progress);
            status.say({ fill: 'blue', shape: 'dot', text: status.text(doing, { percent }) });
            if (pace.due(progress >= 1)) send([null, variant(RED, msg, { doing, progress })]);
          },
        });
        const action = actionOf(ACTIONS, config.action, msg);
        switch (action) {
          case 'train':
          case 'learn': {
            const doing = action === 'train' ? 'training' : 'learning';
            const result = await (action === 'train'
              ? trainer.model.train(job(doing))
              : trainer.model.learn({ ...job(doing), regime: regimeOf(config.regime, msg) }));
            link.look(result.status);
            msg.payload = result;
            const promoted = result.result === 'promoted';
            status.say({
              fill: promoted ? 'green' : 'yellow',
              shape: 'dot',
              text: status.text(result.result, { generation: result.generation }),
            });
            break;
          }
          case 'evaluate': {
            const evaluation = await trainer.model.evaluate(job('evaluating'));
            msg.payload = plainEvaluation(evaluation);
            status.say({
              fill: 'green',
              shape: 'dot',
              text: status.text('evaluated', { percent: Math.round(100 * evaluation.balancedAccuracy) }),
            });
            break;
          }
          case 'cancel':
            await trainer.model.cancel();
            msg.payload = await trainer.status();
            status.say(undefined);
            break;
          case 'mode': {
            const mode = (config.mode || property(RED, msg, 'payload')) as TrainerMode;
            await trainer.setMode(mode);
            msg.payload = { mode };
            status.say({ fill: 'green', shape: 'dot', text: status.text(`mode.${mode}`) });
            break;
          }
          case 'reset':
            await trainer.model.reset();
            msg.payload = await trainer.status();
            status.say(undefined);
            break;
          case 'save':
            msg.payload = await trainer.save();
            status.say({ fill: 'green', shape: 'dot', text: status.text('saved') });
            break;
        }
        user.note(msg, {});
        send([msg, null]);
      },
      (error) => status.failed(error),
    );
    intake.onClose(() => status.close());
  }

  RED.nodes.registerType('edge-trainer-train', EdgeTrainerTrain);
}
