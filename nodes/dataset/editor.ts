RED.nodes.registerType('edge-trainer-dataset', {
  category: 'Edge Trainer',
  color: '#8FC9B5',
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
  icon: 'dataset.svg',
  paletteLabel(this: EditedNode) {
    return this._('dataset.palette');
  },
  label(this: EditedNode) {
    return this.name || this._(this.action ? `dataset.action.${String(this.action)}` : 'dataset.palette');
  },
  labelStyle(this: EditedNode) {
    return this.name ? 'node_label_italic' : '';
  },
  outputLabels(this: EditedNode, index: number) {
    return this._(['dataset.output.result', 'dataset.output.progress'][index] ?? '');
  },
  oneditprepare() {
    EdgeTrainer.messageProperty('#node-input-property');
    EdgeTrainer.messageProperty('#node-input-labelProperty');
    EdgeTrainer.showWhile('#node-input-action', ['add', ''], '.edge-trainer-add');
  },
});
