/** Reports the outcome of a decision to the trainer. */
import type { Node, NodeAPI } from 'node-red';
import { type CompleteDefinition, outputsOf } from '../../trainer/definition';
import type { Outcome } from '../../trainer/device';
import { outcomeOf } from '../../trainer/loop';
import { type ReadingConfig, readingOf } from '../infer/infer';
import { DeviceUser, type DeviceUserConfig, property } from '../shared/device_node';
import { MessageError } from '../shared/message_error';
import { type OutcomeKind, outcomeFrom } from '../shared/outcome';
import { PlcReading } from '../shared/plc';
import { valuesFromRegisters } from '../shared/registers';
import type { TrainerMessage } from '../shared/runtime';

interface FeedbackConfig extends DeviceUserConfig, ReadingConfig {
  kind?: OutcomeKind;
}

/** What register words hold, in engineering units: the outcome of the rule, or the targets of continuous outputs. */
function measured(
  payload: unknown,
  definition: CompleteDefinition,
  config: FeedbackConfig,
): number | number[] {
  const { feedback } = definition;
  const outputs = outputsOf(definition);
  if (outputs.length > 0 && feedback.rule === 'label')
    return valuesFromRegisters(payload, outputs, readingOf(config));
  const scale = 'scale' in feedback ? feedback.scale : 1;
  return valuesFromRegisters(payload, [{ name: 'outcome', scale }], readingOf(config))[0] as number;
}

export default function feedback(RED: NodeAPI): void {
  function EdgeTrainerFeedback(this: Node, config: FeedbackConfig): void {
    RED.nodes.createNode(this, config);
    const user = new DeviceUser(RED, this, config);
    const { intake, status } = user;
    const kind = config.kind ?? 'auto';
    const plc = config.input === 'plc' ? new PlcReading(RED, config, 'outcome') : undefined;

    const ticketOf = (msg: TrainerMessage, outcome: Outcome): number | 'alarm' => {
      const ticket = msg.ticket ?? msg.edgeTrainer?.ticket;
      if (ticket !== undefined) return ticket as number;
      if ('falseAlarm' in outcome || 'confirmed' in outcome) return 'alarm';
      const last = user.link.lastTicket;
      if (last === undefined) throw new MessageError('error.noTicket');
      return last;
    };

    /** What is known afterwards: from the PLC's register, from register words, or as the message says it. */
    const outcomeIn = async (msg: TrainerMessage): Promise<Outcome> => {
      const { trainer } = user.link;
      const value = property(RED, msg, config.property);
      const measures = kind === 'outcome' || kind === 'auto';
      const asIs = !measures || config.input === undefined || config.input === 'values';
      if (asIs && kind !== 'auto') return outcomeFrom(kind, value);
      const definition = trainer.definition ?? (await trainer.useBoardDefinition());
      // Under a rule that judges a process value a number is one; a message that names an output gives its target.
      const judges = definition.feedback.rule !== 'label' && (!asIs || typeof value === 'number');
      const outputs = judges ? [] : outputsOf(definition).map(({ name }) => name);
      if (asIs) return outcomeFrom(kind, value, outputs);
      if (plc === undefined)
        return outcomeFrom(
          outputs.length > 0 ? 'target' : kind,
          measured(value, definition, config),
          outputs,
        );
      const [outcome] = Object.values(await plc.read(intake.signal));
      return outcomeOf(definition, outcome as number);
    };

    user.take(
      async (msg, send) => {
        const { trainer } = user.link;
        const outcome = await outcomeIn(msg);
        const verdict = await trainer.feedback(ticketOf(msg, outcome), outcome, { signal: intake.signal });
        msg.payload = verdict;
        msg.ticket = verdict.ticket;
        user.note(msg, { ...verdict });
        const text = status.text(verdict.judgement, { truth: verdict.truth ?? '' });
        status.say({
          fill:
            verdict.judgement === 'satisfied'
              ? 'green'
              : verdict.judgement === 'discarded'
                ? 'grey'
                : 'yellow',
          shape: 'dot',
          text,
        });
        send(msg);
      },
      (error) => status.failed(error),
    );
    intake.onClose(async () => {
      status.close();
      await plc?.close();
    });
  }

  RED.nodes.registerType('edge-trainer-feedback', EdgeTrainerFeedback);
}
