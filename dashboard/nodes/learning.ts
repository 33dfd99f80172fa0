/** Dashboard widget: what a trainer has learned. */
import type { Node, NodeAPI } from 'node-red';
import { LearningState } from './learning_state';
import { type WidgetConfig, widget } from './widget';

export = function learning(RED: NodeAPI): void {
  function LearningWidget(this: Node, config: WidgetConfig): void {
    RED.nodes.createNode(this, config);
    const state = new LearningState();
    widget(RED, this, config, {
      take: (msg, now) => state.take(msg, now),
      view: () => state.view(),
      tick: () => state.tick(),
      act: () => undefined,
    });
  }
  RED.nodes.registerType('ui-edge-trainer-learning', LearningWidget);
};
