/** Features in, decision out; for stream models samples in, the state of the last window out. */
import type { Node, NodeAPI } from 'node-red';
import { isStream, samplesOf, windowOf } from '../../trainer/definition';
import type { Decision, StreamSummary } from '../../trainer/device';
import { numberOr } from '../bus/options';
import { DeviceUser, type DeviceUserConfig, property } from '../shared/device_node';
import { type PlcConfig, PlcReading } from '../shared/plc';
import {
  type DecisionOutput,
  featuresFrom,
  featureWordsOf,
  outputOf,
  type RegisterReading,
  samplesFrom,
  samplesFromRegisters,
  valuesFromRegisters,
  type WriteTarget,
  windowSamplesFrom,
  wordValues,
} from '../shared/registers';
import { together } from '../shared/runtime';
import { StreamFeed } from '../shared/stream_feed';

export interface ReadingConfig extends PlcConfig {
  /** Engineering units, register words, or what the node itself reads from a PLC. */
  input?: 'values' | 'registers' | 'plc';
  property?: string;
  signed?: boolean;
  /** How words become engineering units. */
  scaling?: 'definition' | 'divisor';
  divisor?: string | number;
  offset?: string | number;
  more?: boolean;
}

interface InferConfig extends DeviceUserConfig, ReadingConfig {
  output?: DecisionOutput;
  writeUnit?: string | number;
  writeFc?: string | number;
  writeAddress?: string | number;
  writeValue?: 'actuation' | 'class';
}

export function readingOf(config: ReadingConfig): RegisterReading {
  const divisor = numberOr(config.divisor, 1);
  return {
    signed: config.signed !== false,
    offset: numberOr(config.offset, 0),
    more: config.more === true,
    divisor: config.scaling === 'divisor' ? divisor : undefined,
  };
}

function targetOf(config: InferConfig): WriteTarget {
  return {
    unitid: numberOr(config.writeUnit, 1),
    fc: numberOr(config.writeFc, 6) as WriteTarget['fc'],
    address: numberOr(config.writeAddress, 0),
    value: config.writeValue ?? 'actuation',
  };
}

/** How full the window of a network is now. */
const filledBy = ({ samples, lost, clamped, last }: StreamSummary, needed: number) => ({
  ...{ samples, lost, clamped, needed },
  held: last.held,
});

export default function infer(RED: NodeAPI): void {
  function EdgeTrainerInfer(this: Node, config: InferConfig): void {
    RED.nodes.createNode(this, config);
    const user = new DeviceUser(RED, this, config);
    const { intake, status } = user;
    const reading = readingOf(config);
    const target = targetOf(config);
    const output = config.output ?? 'decision';
    const words = config.input === 'registers';
    const plc = config.input === 'plc' ? new PlcReading(RED, config, 'feature') : undefined;
    /** What a decision says stays to be read while its window moves on. */
    let decided = false;
    const feed = new StreamFeed((samples) =>
      user.link.trainer.stream.send(samples, { signal: intake.signal }),
    );
    /** A value that was taken as the bound of its range is no reading to trust: the status names it. */
    const withClamped = (text: string, names: readonly string[]): string =>
      names.length === 0
        ? text
        : together(RED, [text, status.text('clamped', { names: names.slice(0, 3) })], 'clauses');

    user.take(
      async (msg, send) => {
        const payload =
          plc === undefined ? property(RED, msg, config.property) : await plc.read(intake.signal);
        user.saw(words ? wordValues(payload, reading) : payload);
        const { trainer } = user.link;
        // Names and scales come from the definition; without one in the device, from the board's own.
        const definition = trainer.definition ?? (await trainer.useBoardDefinition());
        if (isStream(definition)) {
          const samples = words
            ? samplesFromRegisters(payload, definition, reading)
            : samplesFrom(payload, definition);
          const { last, ...summary } = await feed.add(samples);
          const { score, threshold, alarm, pattern, patternName, patternSeen, newPattern } = last;
          const { regime, regimeName } = last;
          user.note(msg, {
            ...{ score, threshold, alarm, pattern, patternName, patternSeen, newPattern },
            ...{ regime, regimeName },
          });
          msg.payload = { ...summary, ...last };
          const beyond = Object.keys(summary.clamped);
          const text = alarm
            ? status.text(pattern === 0 ? 'alarmOpen' : newPattern ? 'alarmNew' : 'alarm', {
                pattern: patternName === '' ? pattern : `${pattern} (${patternName})`,
                seen: patternSeen,
              })
            : last.calibrated
              ? status.text('score', { score: score.toFixed(2), threshold: threshold.toFixed(2) })
              : status.text(last.learning ? 'learningOpen' : 'notCalibrated');
          status.say({
            fill: alarm ? 'red' : beyond.length > 0 ? 'yellow' : 'green',
            shape: last.calibrated ? 'dot' : 'ring',
            text: withClamped(text, beyond),
          });
          send(msg);
          return;
        }
        const window = windowOf(definition);
        const asked = { topic: msg.topic, payload };
        const samples =
          window === undefined || windowSamplesFrom(asked, definition) === undefined
            ? undefined
            : words
              ? samplesFromRegisters(payload, definition, reading)
              : windowSamplesFrom(asked, definition);
        if (window !== undefined && samples !== undefined) {
          const filled = filledBy(await feed.add(samples), samplesOf(window));
          user.note(msg, filled);
          msg.payload = filled;
          const beyond = Object.keys(filled.clamped);
          const whole = filled.held === filled.needed;
          decided &&= whole && beyond.length === 0;
          if (!decided)
            status.say({
              fill: beyond.length > 0 ? 'yellow' : 'green',
              shape: whole ? 'dot' : 'ring',
              text: withClamped(status.text('window', { held: filled.held, needed: filled.needed }), beyond),
            });
          send(msg);
          return;
        }
        // The samples of the messages before it are part of its window.
        if (window !== undefined) await feed.settled();
        const features =
          window !== undefined
            ? undefined
            : words
              ? valuesFromRegisters(payload, featureWordsOf(definition), reading)
              : featuresFrom(payload, definition);
        const decision: Decision = await trainer.infer(features, { signal: intake.signal });
        decided = true;
        msg.payload = outputOf(decision, output, target);
        msg.ticket = decision.ticket;
        user.note(msg, { ...decision });
        status.sayOften(() => {
          const decided = status.text('decided', {
            label: decision.label,
            percent: Math.round(100 * decision.confidence),
          });
          return {
            fill: decision.clamped.length > 0 ? 'yellow' : 'green',
            shape: decision.generation === 0 ? 'ring' : 'dot',
            text: withClamped(decided, decision.clamped),
          };
        });
        send(msg);
      },
      (error) => {
        decided = false;
        status.failed(error);
      },
    );
    intake.onClose(async () => {
      status.close();
      await plc?.close();
    });
  }

  RED.nodes.registerType('edge-trainer-infer', EdgeTrainerInfer);
}
