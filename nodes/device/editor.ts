(() => {
  let form: EdgeTrainer.DefinitionForm | undefined;
  let connect: EdgeTrainer.ConnectStep | undefined;
  let firmware: EdgeTrainer.FlashPart | undefined;
  /** Number of the dialog that is open: facts that arrive for an older one are dropped. */
  let opened = 0;
  /** Node whose dialog is open. */
  let edited: string | undefined;

  interface Device extends EditedNode {
    bus: string;
    unit: string;
    d?: boolean;
    definition: unknown;
    credentials?: { key?: string; has_key?: boolean };
  }
  interface Bus extends EditedNode {
    wire: string;
    path: string;
    host: string;
    port: string;
    keep: boolean;
    memory: string;
  }

  const KEY = /^[0-9a-fA-F]{32}$/;
  /** What Node-RED shows instead of a password that it has. */
  const HIDDEN = '__PWRD__';

  function closeForm(): void {
    opened++;
    edited = undefined;
    form?.close();
    form = undefined;
    connect?.close();
    connect = undefined;
    firmware?.close();
    firmware = undefined;
  }

  /** Where a bus ends: buses with the same end are one wire. */
  function wireOf(id: string): string {
    const bus = RED.nodes.node(id) as unknown as Bus | null;
    if (bus?.type !== 'edge-trainer-bus') return id;
    if (bus.wire === 'serial') return bus.path;
    if (bus.wire === 'virtual') return bus.keep ? `memory ${bus.memory}` : id;
    return `${bus.wire} ${String(bus.host).toLowerCase()}:${bus.port || 502}`;
  }

  /** A bus node as it would be stored. */
  function storedBus(id: string): unknown {
    const bus = RED.nodes.node(id) as unknown as (Bus & { _def: { defaults: object } }) | null;
    if (bus === null) return undefined;
    return Object.fromEntries(['id', ...Object.keys(bus._def.defaults)].map((name) => [name, bus[name]]));
  }

  /** Another device that has the same trainer. */
  function rival({ id }: Device, bus: string, unit: string): Device | undefined {
    let found: Device | undefined;
    RED.nodes.eachConfig((node) => {
      const other = node as unknown as Device;
      if (
        other.type === 'edge-trainer-device' &&
        other.id !== id &&
        other.d !== true &&
        String(other.unit) === unit &&
        wireOf(other.bus) === wireOf(bus)
      )
        found ??= other;
      return true;
    });
    return found;
  }

  function unitProblem(device: Device, value: unknown): string | undefined {
    if (!EdgeTrainer.wholeNumber(1, 247)(value)) return EdgeTrainer.text('device.problem.unit');
    const bus = edited === device.id ? String($('#node-config-input-bus').val()) : device.bus;
    const other = bus && !EdgeTrainer.isEnvironment(value) ? rival(device, bus, String(value)) : undefined;
    return other && EdgeTrainer.text('device.problem.taken', { holder: nameOf(other) });
  }

  /** The key itself is in the credentials, which an export leaves out; `keyed` says that there was one. */
  function keyProblem(device: Device, keyed: unknown): string | undefined {
    const { key = '', has_key: has } = device.credentials ?? {};
    if (!isKey(key)) return EdgeTrainer.text('device.problem.key');
    if (keyed !== true || key !== '') return undefined;
    return (has ?? EdgeTrainer.hasKey(device.id)) === false
      ? EdgeTrainer.text('device.problem.keyMissing')
      : undefined;
  }

  function isKey(value: string): boolean {
    return value === '' || value === HIDDEN || KEY.test(value) || EdgeTrainer.isEnvironment(value);
  }

  function nameOf(device: Device): string {
    const named = EdgeTrainer.isObject(device.definition) ? device.definition.name : undefined;
    return (
      device.name ||
      (typeof named === 'string' ? named : `${EdgeTrainer.text('common.device')} ${device.unit}`)
    );
  }

  RED.nodes.registerType('edge-trainer-device', {
    category: 'config',
    defaults: {
      name: { value: '' },
      version: { value: EdgeTrainer.version('device') },
      bus: { value: '', type: 'edge-trainer-bus', required: true },
      unit: { value: '1', required: true, validate: EdgeTrainer.saying(unitProblem) },
      keyed: { value: false, validate: EdgeTrainer.saying(keyProblem) },
      definition: {
        value: {},
        validate: EdgeTrainer.saying(
          (_device: Device, value) => EdgeTrainer.definitionProblems(value).join('\n  - ') || undefined,
        ),
      },
    },
    // The published types do not know that a credential can be validated.
    credentials: { key: { type: 'password', validate: (value: unknown) => isKey(String(value ?? '')) } } as {
      key: { type: 'password' };
    },
    label(this: Device) {
      return nameOf(this);
    },
    oneditprepare(this: Device) {
      closeForm();
      edited = this.id;
      const number = opened;
      $('#node-config-input-bus').on('change', () => $('#node-config-input-unit').trigger('change'));
      if (this.keyed === true && this.credentials?.has_key !== true)
        $('.edge-trainer-key-missing').text(EdgeTrainer.text('device.problem.keyMissing'));
      connect = new EdgeTrainer.ConnectStep(
        $('.edge-trainer-connect').empty(),
        () => storedBus(String($('#node-config-input-bus').val())),
        $('#node-config-input-unit'),
      );
      const container = $('#edge-trainer-definition').empty();
      EdgeTrainer.ask<EdgeTrainer.Facts>('definition-schema').then(
        (facts) => {
          if (number !== opened) return;
          form = new EdgeTrainer.DefinitionForm(container, facts, this.definition, this.id);
          const chosen = EdgeTrainer.isObject(this.definition) ? this.definition.board : undefined;
          firmware = new EdgeTrainer.FlashPart($('.edge-trainer-firmware').empty(), facts.flashable, chosen, {
            bus: () => storedBus(String($('#node-config-input-bus').val())),
            unit: () => $('#node-config-input-unit').val(),
            device: this.id,
          });
        },
        (error: Error) => {
          if (number === opened) container.addClass('edge-trainer-bad').text(error.message);
        },
      );
    },
    oneditsave(this: Device) {
      if (form !== undefined) this.definition = form.value;
      const keyed = String($('#node-config-input-key').val() ?? '') !== '';
      if (keyed !== (this.keyed === true)) this.keyed = keyed;
      closeForm();
      // A device that had the same trainer as this one may be all right now, or not any more.
      window.setTimeout(() => EdgeTrainer.revalidate('edge-trainer-device'));
    },
    oneditcancel: closeForm,
    oneditdelete: closeForm,
  });
})();
