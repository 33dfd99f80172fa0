(() => {
  interface Model extends EditedNode {
    device: string;
    targets: string[];
  }

  const TAKES_VALUE = [
    'restore',
    'compare',
    'name-pattern',
    'merge-patterns',
    'forget-pattern',
    'name-regime',
    '',
  ];

  /** Every device but the one the model comes from, with a checkbox. */
  function listTargets(chosen: readonly string[]): void {
    const source = String($('#node-input-device').val());
    const list = $('#edge-trainer-target-list').empty();
    let count = 0;
    RED.nodes.eachConfig((node) => {
      const config = node as EditedNode;
      if (config.type !== 'edge-trainer-device' || config.id === source) return true;
      count++;
      const name = config.name || config.id;
      $('<label>', { class: 'edge-trainer-target' })
        .append($('<input>', { type: 'checkbox', value: config.id, checked: chosen.includes(config.id) }))
        .append(document.createTextNode(` ${name}`))
        .appendTo(list);
      return true;
    });
    if (count === 0)
      list.append(
        $('<span>', {
          class: 'edge-trainer-hint',
          text: RED._('@edge-trainer/node-red-trainer/model:model.noTargets'),
        }),
      );
  }

  const chosenTargets = (): string[] =>
    $('#edge-trainer-target-list input:checked')
      .toArray()
      .map((element) => String($(element).val()));

  RED.nodes.registerType('edge-trainer-model', {
    ...EdgeTrainer.look('model'),
    defaults: {
      name: { value: '' },
      version: { value: EdgeTrainer.version('model') },
      device: { value: '', type: 'edge-trainer-device', required: true },
      action: { value: 'backup' },
      which: { value: 'running' },
      property: { value: 'payload' },
      deploy: { value: false },
      targets: { value: [] },
    },
    inputs: 1,
    outputs: 1,
    oneditprepare(this: Model) {
      EdgeTrainer.messageProperty('#node-input-property');
      EdgeTrainer.showWhile('#node-input-action', ['backup', ''], '.edge-trainer-which');
      EdgeTrainer.showWhile('#node-input-action', TAKES_VALUE, '.edge-trainer-property');
      EdgeTrainer.showWhile('#node-input-action', ['restore', 'clone', ''], '.edge-trainer-deploy-too');
      EdgeTrainer.showWhile('#node-input-action', ['clone', ''], '.edge-trainer-targets');
      listTargets(this.targets ?? []);
      $('#node-input-device').on('change', () => listTargets(chosenTargets()));
    },
    oneditsave(this: Model) {
      this.targets = chosenTargets();
    },
  });
})();
