RED.nodes.registerType('edge-trainer-deploy', {
  ...EdgeTrainer.look('deploy'),
  defaults: {
    name: { value: '' },
    version: { value: EdgeTrainer.version('deploy') },
    device: { value: '', type: 'edge-trainer-device', required: true },
    source: { value: 'device' },
    property: { value: 'payload' },
    onStart: { value: false },
    force: { value: false },
    discard: { value: 'refuse' },
  },
  inputs: 1,
  outputs: 2,
  outputLabels(this: EditedNode, index: number) {
    return this._(['deploy.output.result', 'deploy.output.progress'][index] ?? '');
  },
  oneditprepare() {
    EdgeTrainer.messageProperty('#node-input-property');
    EdgeTrainer.showWhile('#node-input-source', ['message'], '.edge-trainer-source-message');
  },
});
