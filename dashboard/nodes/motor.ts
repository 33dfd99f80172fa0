/** Dashboard widget: a machine that a stream model watches. */
import type { Node, NodeAPI } from 'node-red';
import { type Action, MotorState } from './motor_state';
import { object } from './points';
import { type WidgetConfig, widget } from './widget';

export = function motor(RED: NodeAPI): void {
  function MotorWidget(this: Node, config: WidgetConfig): void {
    RED.nodes.createNode(this, config);
    const state = new MotorState();
    widget(RED, this, config, {
      take: (msg, now) => state.take(msg, now),
      view: () => state.view(),
      tick: (now) => state.tick(now),
      act: (action) => (object(action) === undefined ? undefined : state.act(action as Action)),
    });
  }
  RED.nodes.registerType('ui-edge-trainer-motor', MotorWidget);
};
