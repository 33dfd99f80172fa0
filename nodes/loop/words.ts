/** The state of a loop in words: what it holds, what it decided, what it has learned, and what it waits for. */
import type { NodeAPI, NodeStatus } from 'node-red';
import type { Learning, LoopState } from '../../trainer/loop';
import { together } from '../shared/runtime';

type Running = Extract<LoopState, { kind: 'running' }>;

const rounded = (value: number): string => String(Math.round(10 * value) / 10);

/** What is wrong in this state: of the plant, or of the trainer. */
export function faultOf(state: LoopState): Error | undefined {
  if (state.kind === 'fail-safe') return state.error;
  return state.kind === 'by-hand' || state.kind === 'interlocked' ? state.away : undefined;
}

/** @param told words what is wrong: the whole text for a log, the reason alone for the place under a node */
export function statusOfLoop(RED: NodeAPI, state: LoopState, told: (fault: Error) => string): NodeStatus {
  const text = (key: string, values: Record<string, string | number> = {}): string =>
    RED._(`loop.status.${key}`, values as Record<string, string>);
  const learned = ({ generation, samples, needed, onlyClass }: Learning): string => {
    const many =
      generation > 0
        ? text('generation', { generation })
        : text(samples < needed ? 'samplesOf' : 'samples', { samples, needed });
    return onlyClass === undefined
      ? many
      : together(RED, [many, text('needsOther', { label: onlyClass })], 'facts');
  };
  const running = ({ decision, heldBy, measured, unit, held, value, learning }: Running): string => {
    const at = { value: rounded(measured ?? value), unit };
    const parts = [
      ...(measured === undefined ? [] : [text(held ? 'holding' : 'at', at).trim()]),
      heldBy === undefined
        ? decision.label
        : text(`held.${heldBy}`, { label: decision.label, value: rounded(value) }),
      learned(learning),
    ];
    return together(RED, parts, 'facts');
  };
  const beside = (key: string, away: Error | undefined): string =>
    away === undefined ? text(key) : text('beside', { state: text(key), problem: told(away) });
  switch (state.kind) {
    case 'starting':
      return { fill: 'yellow', shape: 'ring', text: text('starting') };
    case 'by-hand':
      return { fill: 'blue', shape: 'ring', text: beside('byHand', state.away) };
    case 'interlocked':
      return {
        fill: 'yellow',
        shape: 'ring',
        text: beside(state.written ? 'interlocked' : 'interlockedUnwritten', state.away),
      };
    case 'running':
      return {
        fill: state.heldBy === undefined ? 'green' : 'yellow',
        shape: state.learning.generation === 0 ? 'ring' : 'dot',
        text: running(state),
      };
    case 'fail-safe':
      return {
        fill: 'red',
        shape: state.written ? 'dot' : 'ring',
        text: text(`failSafe.${state.why}${state.written ? '' : 'Unwritten'}`, {
          problem: told(state.error),
        }),
      };
  }
}
