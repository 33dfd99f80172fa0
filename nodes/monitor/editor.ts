RED.nodes.registerType('edge-trainer-monitor', {
  category: 'Edge Trainer',
  color: '#8FC9B5',
  defaults: {
    name: { value: '' },
    version: { value: EdgeTrainer.version('monitor') },
    device: { value: '', type: 'edge-trainer-device', required: true },
    interval: { value: '5', validate: EdgeTrainer.number(0.1, 86_400) },
    when: { value: 'change' },
    history: { value: false },
  },
  inputs: 1,
  outputs: 3,
  icon: 'monitor.svg',
  paletteLabel(this: EditedNode) {
    return this._('monitor.palette');
  },
  label(this: EditedNode) {
    return this.name || this._('monitor.palette');
  },
  labelStyle(this: EditedNode) {
    return this.name ? 'node_label_italic' : '';
  },
  outputLabels(this: EditedNode, index: number) {
    return this._(['monitor.output.status', 'monitor.output.event', 'monitor.output.bus'][index] ?? '');
  },
});
