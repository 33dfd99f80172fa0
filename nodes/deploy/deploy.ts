/** Brings the definition of a device, or one from the message, onto the board. */
import type { Node, NodeAPI } from 'node-red';
import type { TrainerDefinition } from '../../trainer/definition';
import { worded } from '../../trainer/text';
import { keepBackup } from '../shared/backups';
import { DeviceUser, type DeviceUserConfig, Pace, property, variant } from '../shared/device_node';
import { MessageError } from '../shared/message_error';
import { errorTexts, type Send, type TrainerMessage } from '../shared/runtime';

interface DeployConfig extends DeviceUserConfig {
  /** Where the definition comes from. */
  source?: 'device' | 'message';
  property?: string;
  /** Deploys once when the flow starts. */
  onStart?: boolean;
  /** Sends it even when the board runs it already. */
  force?: boolean;
  /** What happens when the definition would discard something that the board has learned. */
  discard?: 'refuse' | 'replace';
}

/** Time between two progress messages, in milliseconds. */
const PROGRESS_MS = 100;

export default function deploy(RED: NodeAPI): void {
  function EdgeTrainerDeploy(this: Node, config: DeployConfig): void {
    RED.nodes.createNode(this, config);
    const user = new DeviceUser(RED, this, config);
    const { intake, status } = user;

    const definitionOf = (msg: TrainerMessage): TrainerDefinition => {
      if (config.source === 'message') {
        const given = property(RED, msg, config.property);
        if (typeof given === 'object' && given !== null && !Array.isArray(given))
          return given as TrainerDefinition;
        throw new MessageError('error.noDefinitionInMessage', { property: config.property || 'payload' });
      }
      const own = user.device?.definition;
      if (own === undefined) throw new MessageError('error.noDefinitionInDevice');
      return own;
    };

    const bring = async (msg: TrainerMessage, send: Send): Promise<void> => {
      const { link } = user;
      const definition = definitionOf(msg);
      const pace = new Pace(PROGRESS_MS);
      status.say({ fill: 'blue', shape: 'dot', text: status.text('checking') });
      const result = await link.deploy(definition, {
        signal: intake.signal,
        discard: config.discard ?? 'refuse',
        keepBackup: (backup) => keepBackup(RED, backup),
        ...(config.force === true ? { force: true } : {}),
        ...(msg.weights === undefined ? {} : { weights: msg.weights }),
        onProgress: (done, total) => {
          const share = total === 0 ? 1 : done / total;
          status.say({
            fill: 'blue',
            shape: 'dot',
            text: status.text('deploying', { percent: Math.round(100 * share) }),
          });
          if (pace.due(done === total))
            send([null, variant(RED, msg, { progress: share, bytes: done, total })]);
        },
      });
      const key = await link.commission(msg.setKey === true);
      if (key === 'missing') {
        status.say({ fill: 'yellow', shape: 'ring', text: status.text('boardKeyMissing') });
        this.warn(RED._('deploy.keyMissing'));
      } else {
        status.say(
          { fill: 'green', shape: 'dot', text: status.text(result.changed ? 'deployed' : 'unchanged') },
          true,
        );
      }
      user.note(msg, { fingerprint: result.fingerprint, generation: result.status.generation });
      msg.payload = {
        changed: result.changed,
        fingerprint: result.fingerprint.toString(16).padStart(8, '0'),
        memory: result.need,
        change: {
          verdict: result.report.verdict,
          kept: result.report.kept,
          discarded: result.report.discarded,
          text: result.report.lines.map((line) => worded(line, errorTexts(RED))),
        },
        backup: result.backup,
        ...(msg.weights === undefined ? {} : { weights: result.firstGeneration }),
        key,
        status: result.status,
      };
      send([msg, null]);
    };
    // Others of this device wait for a deployment at the start, whatever comes of it.
    const ended = config.onStart === true ? user.device?.link?.expectDeployment() : undefined;
    intake.take(
      (msg, send) => bring(msg, send).finally(ended),
      (error) => status.failed(error),
    );

    // Every board that runs it already is left alone, so this costs one read.
    if (config.onStart === true && user.device?.link !== undefined) {
      let asked = false;
      const stop = user.device.link.onState(({ kind }) => {
        if (asked || (kind !== 'ready' && kind !== 'no-definition' && kind !== 'other-definition')) return;
        asked = true;
        stop();
        this.receive({ topic: 'start' });
      });
    }
    intake.onClose(() => {
      ended?.();
      status.close();
    });
  }

  RED.nodes.registerType('edge-trainer-deploy', EdgeTrainerDeploy);
}
