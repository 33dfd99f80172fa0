RED.nodes.registerType('edge-trainer-train', {
  category: 'Edge Trainer',
  color: '#8FC9B5',
  defaults: {
    name: { value: '' },
    version: { value: EdgeTrainer.version('train') },
    device: { value: '', type: 'edge-trainer-device', required: true },
    action: { value: 'train' },
    mode: { value: 'auto' },
  },
  inputs: 1,
  outputs: 2,
  icon: 'train.svg',
  paletteLabel(this: EditedNode) {
    return this._('train.palette');
  },
  label(this: EditedNode) {
    return this.name || this._(this.action ? `train.action.${String(this.action)}` : 'train.palette');
  },
  labelStyle(this: EditedNode) {
    return this.name ? 'node_label_italic' : '';
  },
  outputLabels(this: EditedNode, index: number) {
    return this._(['train.output.result', 'train.output.progress'][index] ?? '');
  },
  oneditprepare() {
    EdgeTrainer.showWhile('#node-input-action', ['mode', ''], '.edge-trainer-mode');
  },
});
