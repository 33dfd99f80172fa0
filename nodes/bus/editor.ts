(() => {
  const { isMemoryName, LONGEST_WAIT_MS, unitsOf } = EdgeTrainer.busRules;

  interface FoundPort {
    path: string;
    manufacturer?: string;
    serialNumber?: string;
  }

  interface Bus extends EditedNode {
    wire: string;
    path: string;
    host: string;
    port: string;
    virtualUnit: string;
    dataBits: string;
    memory: string;
  }

  /** `this` of a validator is the node, or undefined while it is made. */
  const on = (wires: readonly string[], check: (value: unknown) => boolean) =>
    function (this: unknown, value: unknown): boolean {
      const chosen = $('#node-config-input-wire').is(':visible')
        ? String($('#node-config-input-wire').val())
        : ((this as Bus | undefined)?.wire ?? 'virtual');
      return !wires.includes(chosen) || check(value);
    };
  const notEmpty = (value: unknown): boolean => typeof value === 'string' && value.trim() !== '';

  /** Modbus RTU has 8 data bits; a flow from before may say 7. */
  const isEight = (value: unknown): boolean => value === undefined || value === '' || String(value) === '8';

  /** A new bus gets a memory of its own; an imported one brings its name along. */
  const newMemory = ({ id }: EditedNode): string => `trainer-${id.slice(0, 8)}`;
  RED.events.on('nodes:add', (node: unknown) => {
    const bus = node as Bus;
    if (bus.type === 'edge-trainer-bus') bus.memory ||= newMemory(bus);
  });

  /** A port with its USB names, to choose it by. */
  function portButton({ path, manufacturer, serialNumber }: FoundPort): JQuery {
    const { joined } = EdgeTrainer;
    const known = [manufacturer, serialNumber].filter((part) => part !== undefined && part !== '');
    const names = joined(known as string[], 'facts');
    return $('<button>', {
      type: 'button',
      class: 'edge-trainer-unit-found',
      text: names === '' ? path : joined([path, names], 'colon'),
    })
      .attr('data-path', path)
      .on('click', () => $('#node-config-input-path').val(path).trigger('change'));
  }

  /** Lists the ports, then asks each whether a trainer answers there as unit 1, with the settings of the dialog. */
  async function showPorts(
    id: string,
    ports: readonly FoundPort[],
    say: (key: string, values?: Record<string, string>) => void,
  ): Promise<void> {
    const list = $('#edge-trainer-ports').empty();
    for (const { path, manufacturer } of ports)
      $('<option>', { value: path, text: manufacturer ?? '' }).appendTo(list);
    const [first] = ports;
    if (first === undefined) {
      say('noPorts');
      return;
    }
    if ($('#node-config-input-path').val() === '')
      $('#node-config-input-path').val(first.path).trigger('change');
    const buttons = ports.map(portButton);
    $('.edge-trainer-found').empty().append(buttons);
    const setting = (name: string): string => String($(`#node-config-input-${name}`).val());
    for (const [index, { path }] of ports.entries()) {
      const bus = {
        id,
        version: EdgeTrainer.version('bus'),
        wire: 'serial',
        path,
        ...Object.fromEntries(
          ['baudRate', 'parity', 'stopBits', 'settle'].map((name) => [name, setting(name)]),
        ),
      };
      const found = await EdgeTrainer.ask<{ board: string }>('identify', { bus, unit: 1 }).catch(
        () => undefined,
      );
      // The dialog was closed meanwhile: no other port is opened.
      if (!buttons[0]?.is(':visible')) return;
      if (found === undefined) continue;
      const answers = RED._('@edge-trainer/node-red-trainer/bus:bus.answers', { board: found.board });
      buttons[index]?.addClass('edge-trainer-answers').append($('<b>', { text: ` ✓ ${answers}` }));
    }
  }

  RED.nodes.registerType('edge-trainer-bus', {
    category: 'config',
    defaults: {
      name: { value: '' },
      version: { value: EdgeTrainer.version('bus') },
      wire: { value: 'virtual', required: true },
      path: { value: '', validate: on(['serial'], notEmpty) },
      baudRate: { value: '115200', validate: on(['serial'], EdgeTrainer.wholeNumber(50, 12_000_000)) },
      parity: { value: 'none' },
      dataBits: { value: '8', validate: on(['serial'], isEight) },
      stopBits: { value: '1' },
      host: { value: '', validate: on(['tcp', 'rtu-tcp'], notEmpty) },
      port: { value: '502', validate: on(['tcp', 'rtu-tcp'], EdgeTrainer.wholeNumber(1, 65535, true)) },
      virtualUnit: {
        value: '1',
        validate: on(
          ['virtual'],
          (value) => EdgeTrainer.isEnvironment(value) || unitsOf(String(value)) !== undefined,
        ),
      },
      keep: { value: true },
      memory: {
        value: '',
        validate: on(['virtual'], (value) => EdgeTrainer.isEnvironment(value) || isMemoryName(String(value))),
      },
      responseTimeout: { value: '', validate: EdgeTrainer.wholeNumber(1, LONGEST_WAIT_MS, true) },
      settle: { value: '', validate: EdgeTrainer.wholeNumber(0, LONGEST_WAIT_MS, true) },
    },
    label(this: Bus) {
      if (this.name) return this.name;
      if (this.wire === 'serial') return this.path;
      if (this.wire === 'virtual') return RED._('@edge-trainer/node-red-trainer/bus:bus.virtual');
      return `${this.host}:${this.port || 502}`;
    },
    oneditprepare(this: Bus) {
      if ($('#node-config-input-memory').val() === '')
        $('#node-config-input-memory').val(newMemory(this)).trigger('change');
      const remembers = (): void => {
        $('.edge-trainer-memory-name').toggle($('#node-config-input-keep').prop('checked') as boolean);
      };
      $('#node-config-input-keep').on('change', remembers);
      remembers();
      if (!isEight(this.dataBits)) {
        const words = RED._('@edge-trainer/node-red-trainer/bus:bus.label.dataBits', { bits: this.dataBits });
        $('.edge-trainer-data-bits').text(words).prop('hidden', false);
        $('#node-config-input-dataBits').val('8').trigger('change');
      }
      EdgeTrainer.showWhile('#node-config-input-wire', ['virtual'], '.edge-trainer-wire-virtual');
      EdgeTrainer.showWhile('#node-config-input-wire', ['serial'], '.edge-trainer-wire-serial');
      EdgeTrainer.showWhile('#node-config-input-wire', ['tcp', 'rtu-tcp'], '.edge-trainer-wire-tcp');
      // Validity of the other fields depends on the wire.
      $('#node-config-input-wire').on('change', () => {
        $('#node-config-input-path, #node-config-input-host, #node-config-input-port').trigger('change');
      });
      // What a Modbus device has that nobody has set (trainer/bus/line_settings.ts).
      $('#edge-trainer-modbus-line').on('click', () => {
        for (const [name, value] of Object.entries({
          baudRate: 19200,
          parity: 'even',
          stopBits: 1,
        }))
          $(`#node-config-input-${name}`).val(value).trigger('change');
      });
      const say = (key: string, values: Record<string, string> = {}): void => {
        $('.edge-trainer-found').text(RED._(`@edge-trainer/node-red-trainer/bus:bus.${key}`, values));
      };
      $('#edge-trainer-find-ports').on('click', () => {
        say('searching');
        EdgeTrainer.ask<FoundPort[]>('serial-ports').then(
          (ports) => void showPorts(this.id, ports, say),
          (error: Error) => {
            $('.edge-trainer-found').text(error.message);
          },
        );
      });
    },
  });
})();
