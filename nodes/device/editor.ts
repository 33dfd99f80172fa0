(() => {
  let form: EdgeTrainer.DefinitionForm | undefined;
  /** Number of the dialog that is open: facts that arrive for an older one are dropped. */
  let opened = 0;

  interface Device extends EditedNode {
    unit: string;
    definition: unknown;
  }

  function closeForm(): void {
    opened++;
    form?.close();
    form = undefined;
  }

  RED.nodes.registerType('edge-trainer-device', {
    category: 'config',
    defaults: {
      name: { value: '' },
      version: { value: EdgeTrainer.version('device') },
      bus: { value: '', type: 'edge-trainer-bus', required: true },
      unit: { value: '1', required: true, validate: EdgeTrainer.wholeNumber(1, 247) },
      definition: { value: {} },
    },
    credentials: { key: { type: 'password' } },
    label(this: Device) {
      const { definition } = this;
      const named = EdgeTrainer.isObject(definition) ? definition.name : undefined;
      return (
        this.name || (typeof named === 'string' ? named : `${EdgeTrainer.text('common.device')} ${this.unit}`)
      );
    },
    oneditprepare(this: Device) {
      closeForm();
      const number = opened;
      const container = $('#edge-trainer-definition').empty();
      EdgeTrainer.ask<EdgeTrainer.Facts>('definition-schema').then(
        (facts) => {
          if (number === opened) form = new EdgeTrainer.DefinitionForm(container, facts, this.definition);
        },
        (error: Error) => {
          if (number === opened) container.addClass('edge-trainer-bad').text(error.message);
        },
      );
    },
    oneditsave(this: Device) {
      if (form !== undefined) this.definition = form.value;
      closeForm();
    },
    oneditcancel: closeForm,
    oneditdelete: closeForm,
  });
})();
