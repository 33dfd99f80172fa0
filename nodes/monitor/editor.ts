RED.nodes.registerType('edge-trainer-monitor', {
  ...EdgeTrainer.look('monitor'),
  defaults: {
    name: { value: '' },
    version: { value: EdgeTrainer.version('monitor') },
    device: { value: '', type: 'edge-trainer-device', required: true },
    interval: { value: '5', validate: EdgeTrainer.number(0.1, 86_400) },
    when: { value: 'change' },
    history: { value: false },
  },
  inputs: 1,
  outputs: 4,
  outputLabels(this: EditedNode, index: number) {
    return this._(
      ['monitor.output.status', 'monitor.output.event', 'monitor.output.bus', 'monitor.output.record'][
        index
      ] ?? '',
    );
  },
});
