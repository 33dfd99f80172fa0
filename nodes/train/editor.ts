RED.nodes.registerType('edge-trainer-train', {
  ...EdgeTrainer.look('train'),
  defaults: {
    name: { value: '' },
    version: { value: EdgeTrainer.version('train') },
    device: { value: '', type: 'edge-trainer-device', required: true },
    action: { value: 'train' },
    mode: { value: 'auto' },
    regime: { value: '' },
  },
  inputs: 1,
  outputs: 2,
  outputLabels(this: EditedNode, index: number) {
    return this._(['train.output.result', 'train.output.progress'][index] ?? '');
  },
  oneditprepare() {
    EdgeTrainer.showWhile('#node-input-action', ['mode', ''], '.edge-trainer-mode');
    EdgeTrainer.showWhile('#node-input-action', ['learn', ''], '.edge-trainer-regime');
  },
});
