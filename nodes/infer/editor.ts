RED.nodes.registerType('edge-trainer-infer', {
  ...EdgeTrainer.look('infer'),
  defaults: {
    name: { value: '' },
    version: { value: EdgeTrainer.version('infer') },
    device: { value: '', type: 'edge-trainer-device', required: true },
    property: { value: 'payload' },
    input: { value: 'values' },
    signed: { value: true },
    scaling: { value: 'definition' },
    divisor: { value: '10', validate: (value: unknown) => value === '' || Number(value) !== 0 },
    offset: { value: '0', validate: EdgeTrainer.wholeNumber(0, 65535, true) },
    more: { value: false },
    ...EdgeTrainer.plcDefaults,
    output: { value: 'decision' },
    writeUnit: { value: '1', validate: EdgeTrainer.wholeNumber(0, 255) },
    writeFc: { value: '6' },
    writeAddress: { value: '0', validate: EdgeTrainer.wholeNumber(0, 65535) },
    writeValue: { value: 'actuation' },
  },
  inputs: 1,
  outputs: 1,
  oneditprepare(this: EditedNode) {
    EdgeTrainer.reading(this, 'feature');
    EdgeTrainer.showWhile('#node-input-output', ['flex-write'], '.edge-trainer-flex-write');
  },
  oneditsave(this: EditedNode) {
    EdgeTrainer.keepPoints(this);
  },
});
