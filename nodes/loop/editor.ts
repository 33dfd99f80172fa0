RED.nodes.registerType('edge-trainer-loop', {
  ...EdgeTrainer.look('loop'),
  defaults: {
    name: { value: '' },
    version: { value: EdgeTrainer.version('loop') },
    device: { value: '', type: 'edge-trainer-device', required: true },
    interval: { value: '10', validate: EdgeTrainer.number(0.1, 86400) },
    failSafe: { value: '0', validate: EdgeTrainer.number(-32768, 65535) },
    settle: { value: '', validate: EdgeTrainer.number(0, 86400, true) },
    hold: { value: '', validate: EdgeTrainer.number(0, 86400, true) },
    leastOn: { value: '', validate: EdgeTrainer.number(0, 86400, true) },
    leastOff: { value: '', validate: EdgeTrainer.number(0, 86400, true) },
    oldAfter: { value: '', validate: EdgeTrainer.number(0, 86400, true) },
    ...EdgeTrainer.plcDefaults,
  },
  inputs: 1,
  outputs: 2,
  outputLabels(this: EditedNode, index: number) {
    return this._(['loop.output.actuation', 'loop.output.news'][index] ?? '');
  },
  oneditprepare(this: EditedNode) {
    EdgeTrainer.points(this, ['feature', 'outcome', 'counter', 'actuation', 'override', 'interlock']);
  },
  oneditsave(this: EditedNode) {
    EdgeTrainer.keepPoints(this);
  },
});
