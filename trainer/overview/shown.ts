/** What a card shows of the definition that its trainer runs. */
import {
  type CompleteDefinition,
  inputShape,
  isStream,
  type NetworkPlan,
  outputsOf,
  samplesOf,
  windowOf,
} from '../definition';
import type { CurvePoint, StreamResult } from '../device';
import type { Card } from './card';

export function shownDefinition(definition: CompleteDefinition): NonNullable<Card['definition']> {
  const { model, classes, defaultClass, features } = definition;
  return {
    model: model.type,
    stream: isStream(definition),
    linear: model.type === 'svm-linear' || model.type === 'svm-both',
    classes: classes.map(({ label }) => label),
    defaultClass,
    outputs: outputsOf(definition).map(({ name, unit, min, max }) => ({ name, unit, min, max })),
    features: features.map(({ name, unit, min, max }) => ({ name, unit, min, max })),
  };
}

export function shownNetwork(definition: CompleteDefinition, plan: NetworkPlan | undefined): Card['network'] {
  const input = inputShape(definition);
  const { model } = definition;
  if (plan === undefined || input === undefined || model.type !== 'dnn') return undefined;
  return {
    input,
    layers: plan.layers.map(({ height, width, channels, parameters, trained, modelBytes }, index) => ({
      kind: model.layers[index]?.kind ?? '',
      shape: [height, width, channels],
      parameters,
      trained,
      bytes: modelBytes,
    })),
  };
}

export function shownCurve(points: readonly CurvePoint[] = []): NonNullable<Card['curve']> {
  return points.map(({ epoch, loss, error = null }) => [epoch, loss, error]);
}

export function shownWindow(
  definition: CompleteDefinition,
  stream: StreamResult | undefined,
): Card['window'] {
  const window = windowOf(definition);
  if (window === undefined || stream === undefined) return undefined;
  return { held: stream.held, needed: samplesOf(window), stopped: stream.stopped };
}
