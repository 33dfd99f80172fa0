RED.nodes.registerType('edge-trainer-dataset', {
  ...EdgeTrainer.look('dataset'),
  defaults: {
    name: { value: '' },
    version: { value: EdgeTrainer.version('dataset') },
    device: { value: '', type: 'edge-trainer-device', required: true },
    action: { value: 'counts' },
    property: { value: 'payload' },
    labelProperty: { value: 'label' },
  },
  inputs: 1,
  outputs: 2,
  outputLabels(this: EditedNode, index: number) {
    return this._(['dataset.output.result', 'dataset.output.progress'][index] ?? '');
  },
  oneditprepare() {
    EdgeTrainer.messageProperty('#node-input-property');
    EdgeTrainer.messageProperty('#node-input-labelProperty');
    EdgeTrainer.showWhile('#node-input-action', ['add', ''], '.edge-trainer-add');
  },
});
