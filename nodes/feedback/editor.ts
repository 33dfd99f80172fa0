RED.nodes.registerType('edge-trainer-feedback', {
  ...EdgeTrainer.look('feedback'),
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
    ...EdgeTrainer.plcDefaults,
  },
  inputs: 1,
  outputs: 1,
  oneditprepare(this: EditedNode) {
    EdgeTrainer.reading(this, 'outcome');
  },
  oneditsave(this: EditedNode) {
    EdgeTrainer.keepPoints(this);
  },
});
