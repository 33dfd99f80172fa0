/** Tells the trainer what became of a decision. */
import type { Node, NodeAPI } from 'node-red';
import type { CompleteDefinition } from '../../trainer/definition';
import type { Outcome } from '../../trainer/device';
import { outcomeOf } from '../../trainer/loop';
import { type ReadingConfig, readingOf } from '../infer/infer';
import { DeviceUser, type DeviceUserConfig, property } from '../shared/device_node';
import { MessageError } from '../shared/message_error';
import { PlcReading } from '../shared/plc';
import { valuesFromRegisters } from '../shared/registers';
import type { TrainerMessage } from '../shared/runtime';

type Kind = 'auto' | 'outcome' | 'label' | 'override' | 'discard' | 'falseAlarm' | 'confirmed';

interface FeedbackConfig extends DeviceUserConfig, ReadingConfig {
  kind?: Kind;
}

const NAMED = ['outcome', 'label', 'override', 'discard', 'falseAlarm', 'confirmed'] as const;

/** What the value means: the kind that was chosen, or what its form says. */
function outcomeFrom(kind: Kind, value: unknown): Outcome {
  switch (kind) {
    case 'outcome':
      return { outcome: value as number };
    case 'label':
      return { label: value as string };
    case 'override':
      return { override: value as string };
    case 'discard':
      return { discard: (typeof value === 'string' ? value : 'other') as 'other' };
    case 'falseAlarm':
      return { falseAlarm: true };
    case 'confirmed':
      // A text is the name of the pattern; anything else, a button's true for example, only confirms.
      return { confirmed: typeof value === 'string' && value.trim() !== '' ? value : true };
    default:
      if (typeof value === 'number') return { outcome: value };
      if (typeof value === 'string') return { label: value };
      if (typeof value === 'object' && value !== null) {
        const given = Object.entries(value).filter(([name]) => (NAMED as readonly string[]).includes(name));
        if (given.length === 1) return Object.fromEntries(given) as unknown as Outcome;
      }
      throw new MessageError('error.noOutcome', { kinds: NAMED.join(', ') });
  }
}

/** The outcome that register words hold, in engineering units of the rule. */
function measured(payload: unknown, definition: CompleteDefinition, config: FeedbackConfig): number {
  const { feedback } = definition;
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
      if (!measures || config.input === undefined || config.input === 'values')
        return outcomeFrom(kind, value);
      const definition = trainer.definition ?? (await trainer.useBoardDefinition());
      if (plc === undefined) return outcomeFrom(kind, measured(value, definition, config));
      const [outcome] = Object.values(await plc.read(intake.signal));
      return outcomeOf(definition, outcome as number);
    };

    intake.take(
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
