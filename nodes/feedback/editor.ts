RED.nodes.registerType('edge-trainer-feedback', {
  category: 'Edge Trainer',
  color: '#8FC9B5',
  defaults: {
    name: { value: '' },
    version: { value: EdgeTrainer.version('feedback') },
    device: { value: '', type: 'edge-trainer-device', required: true },
    kind: { value: 'auto' },
    property: { value: 'payload' },
    input: { value: 'values' },
    signed: { value: true },
    scaling: { value: 'definition' },
    divisor: { value: '10', validate: (value: unknown) => value === '' || Number(value) !== 0 },
    offset: { value: '0', validate: EdgeTrainer.wholeNumber(0, 65535, true) },
    more: { value: false },
  },
  inputs: 1,
  outputs: 1,
  icon: 'feedback.svg',
  paletteLabel(this: EditedNode) {
    return this._('feedback.palette');
  },
  label(this: EditedNode) {
    return this.name || this._('feedback.palette');
  },
  labelStyle(this: EditedNode) {
    return this.name ? 'node_label_italic' : '';
  },
  oneditprepare() {
    EdgeTrainer.reading();
  },
});
