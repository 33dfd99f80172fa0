/** What several node dialogs do the same way. */
namespace EdgeTrainer {
  /** Catalogue of the device node, which holds the words that are shared. */
  export const SHARED = '@edge-trainer/node-red-trainer/device:';

  export function text(key: string, values: Record<string, string | number> = {}): string {
    return RED._(SHARED + key, values as Record<string, string>);
  }

  export type Word = import('../trainer/text').Word;
  type Filling = import('../trainer/text').Filling;

  const isList = (word: Exclude<Filling, string | number>): word is readonly Word[] => Array.isArray(word);

  /** Parts as the language of the editor writes them one after the other. */
  export function joined(parts: readonly Word[], between: import('../trainer/text').Between): string {
    return parts.map(worded).join(text(`errors.between.${between}`));
  }

  /** A text that was made to be worded where it is read: the language of the editor need not be that of the runtime. */
  export function worded(word: Filling): string {
    if (typeof word !== 'object') return String(word);
    if (isList(word)) return joined(word, 'names');
    const values = Object.entries(word.values).map(([name, value]) => [
      name,
      typeof value === 'object' ? worded(value) : value,
    ]);
    return text(`errors.${word.key}`, Object.fromEntries(values) as Record<string, string | number>);
  }

  /** How a node of this palette looks: what all of them have in common. */
  export interface Look {
    category: string;
    color: string;
    icon: string;
    paletteLabel(this: EditedNode): string;
    label(this: EditedNode): string;
    labelStyle(this: EditedNode): string;
  }

  interface ConfigNode extends EditedNode {
    type: string;
    d?: boolean;
    _def: { label(this: EditedNode): string };
  }

  /** What the flow calls a device; undefined when there is none. */
  function deviceName(id: unknown): string | undefined {
    const device = RED.nodes.node(String(id)) as unknown as ConfigNode | null;
    return device?.type === 'edge-trainer-device' ? device._def.label.call(device) : undefined;
  }

  /** A further node of this palette works on the only device there is. */
  RED.events.on('nodes:add', (added: unknown) => {
    const node = added as ConfigNode & { device?: string };
    if (!node.type.startsWith('edge-trainer-') || node.device !== '') return;
    const devices: ConfigNode[] = [];
    RED.nodes.eachConfig((added) => {
      const config = added as ConfigNode;
      if (config.type === 'edge-trainer-device') devices.push(config);
      return true;
    });
    const [only] = devices;
    if (only === undefined || devices.length > 1) return;
    node.device = only.id;
    const { nodes } = RED as unknown as {
      nodes: { updateConfigNodeUsers?(node: unknown, options: object): void };
    };
    nodes.updateConfigNodeUsers?.(node, { action: 'add' });
  });

  /** A node without a name is called by the action that it does, if it has one, and by its device. */
  export function look(node: string): Look {
    return {
      category: 'Edge Trainer',
      color: '#8FC9B5',
      icon: `${node}.svg`,
      paletteLabel() {
        return this._(`${node}.palette`);
      },
      label() {
        const { action } = this;
        if (this.name) return this.name;
        const what = this._(
          typeof action === 'string' && action !== '' ? `${node}.action.${action}` : `${node}.palette`,
        );
        const device = deviceName(this.device);
        return device === undefined ? what : joined([what, device], 'colon');
      },
      labelStyle() {
        return this.name ? 'node_label_italic' : '';
      },
    };
  }

  /** A typed input for a message property. */
  export function messageProperty(selector: string): void {
    $(selector).typedInput({ default: 'msg', types: ['msg'] });
  }

  /** Shows `element` only while `select` has one of the values; returns nothing, follows changes. */
  export function showWhile(select: string, values: readonly string[], element: string): void {
    const follow = (): void => {
      $(element).toggle(values.includes(String($(select).val())));
    };
    $(select).on('change', follow);
    follow();
  }

  /** Stored properties of a node with an address list: parts/plc.html. */
  export const plcDefaults = {
    plc: { value: '', type: 'edge-trainer-bus', required: false },
    plcUnit: { value: '1', validate: wholeNumber(0, 255, true) },
    points: { value: [] as unknown[] },
  };

  /**
   * The part of a dialog that says how values arrive: parts/reading.html.
   * @param use what the registers of a PLC are read for
   */
  export function reading(node: EditedNode, use: string): void {
    messageProperty('#node-input-property');
    points(node, [use]);
    showWhile('#node-input-input', ['values', 'registers'], '.edge-trainer-message');
    showWhile('#node-input-input', ['registers'], '.edge-trainer-reading');
    showWhile('#node-input-input', ['plc'], '.edge-trainer-plc');
    showWhile('#node-input-scaling', ['divisor'], '.edge-trainer-divisor');
  }

  /** A value that Node-RED replaces by that of an environment variable when the flow starts. */
  export function isEnvironment(value: unknown): boolean {
    return typeof value === 'string' && /^\$\{[^{}]+\}$/.test(value.trim());
  }

  /** A number within bounds, or an environment variable; empty is fine when the field may be left out. */
  export function number(least: number, most: number, optional = false): (value: unknown) => boolean {
    return (value) => {
      if (value === '' || value === undefined) return optional;
      const given = Number(value);
      return isEnvironment(value) || (given >= least && given <= most);
    };
  }

  /** The same for a whole number. */
  export function wholeNumber(least: number, most: number, optional = false): (value: unknown) => boolean {
    const within = number(least, most, optional);
    return (value) =>
      within(value) && (isEnvironment(value) || value === '' || Number.isInteger(Number(value ?? 0)));
  }

  /** A validator that says what is wrong: Node-RED takes a text for that, its published types do not. */
  export function saying<N>(
    check: (node: N, value: unknown) => string | undefined,
  ): (value: string) => boolean {
    // Two arguments tell Node-RED that a text may come back.
    return function (this: N, value: unknown, _options: unknown) {
      return check(this, value) ?? true;
    } as unknown as (value: string) => boolean;
  }

  /** Calls an admin route of this package. */
  export function ask<T>(path: string, body?: unknown): Promise<T> {
    const settings: JQuery.AjaxSettings = {
      url: `edge-trainer/${path}`,
      dataType: 'json',
      ...(body === undefined
        ? { type: 'GET' }
        : { type: 'POST', contentType: 'application/json', data: JSON.stringify(body) }),
    };
    return new Promise((resolve, reject) => {
      void $.ajax(settings).then(
        (answer: T) => resolve(answer),
        (request: JQuery.jqXHR) => {
          const { text: said, message } = (request.responseJSON ?? {}) as { text?: Word; message?: string };
          const status = `${request.status} ${request.statusText}`;
          reject(new Error(said === undefined ? (message ?? status) : worded(said)));
        },
      );
    });
  }
}
