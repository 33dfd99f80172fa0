/** Dashboard widget: a loop that learns, and the people's word in it. */
import type { Node, NodeAPI } from 'node-red';
import { type Action, type Band, LoopState } from './loop_state';
import { number, object, text } from './points';
import { type WidgetConfig, widget } from './widget';

interface LoopConfig extends WidgetConfig {
  device?: string;
  /** Message property with the process value. */
  value?: string;
  low?: string | number;
  high?: string | number;
  unitText?: string;
}

/** Empty or no number: not given. */
const given = (value: string | number | undefined): number | undefined =>
  value === undefined || value === '' ? undefined : number(Number(value));

interface Known {
  readonly labels: readonly string[];
  readonly band: Band;
  readonly unit: string;
}

/** What the definition of the device says about classes and band. */
function known(RED: NodeAPI, id: string | undefined): Known {
  const device = id ? (RED.nodes.getNode(id) as unknown as { definition?: unknown } | null) : null;
  const definition = object(device?.definition);
  const feedback = object(definition?.feedback);
  const classes = Array.isArray(definition?.classes) ? definition.classes : [];
  const [centre, half] = [number(feedback?.setPoint), number(feedback?.band)];
  return {
    labels: classes.flatMap((entry) => text(object(entry)?.label) ?? []),
    band:
      centre === undefined || half === undefined
        ? { low: null, high: null }
        : { low: centre - half, high: centre + half },
    unit: text(feedback?.unit) ?? '',
  };
}

export = function loop(RED: NodeAPI): void {
  function LoopWidget(this: Node, config: LoopConfig): void {
    RED.nodes.createNode(this, config);
    const { labels, band, unit } = known(RED, config.device);
    const state = new LoopState(
      labels,
      { low: given(config.low) ?? band.low, high: given(config.high) ?? band.high },
      config.unitText || unit,
    );
    const path = config.value || 'payload';
    /** A number there, or an outcome on its way to a feedback node. */
    const processValue = (msg: Readonly<Record<string, unknown>>): number | undefined => {
      const found = RED.util.getMessageProperty(msg, path) as unknown;
      // An infer node may be set to send the actuation as its payload: that is no process value.
      const decides = path === 'payload' && number(object(msg.edgeTrainer)?.ticket) !== undefined;
      return (decides ? undefined : number(found)) ?? number(object(found)?.outcome);
    };
    widget(RED, this, config, {
      take: (msg, now) => state.take(msg, processValue(msg), now),
      view: () => state.view(),
      tick: () => state.tick(),
      act: (action) => (object(action) === undefined ? undefined : state.act(action as Action)),
    });
  }
  RED.nodes.registerType('ui-edge-trainer-loop', LoopWidget);
};
