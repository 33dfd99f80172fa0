/** The layers of a network: a list that can be added to, removed from and reordered, with the shape and parameters of each. */
namespace EdgeTrainer {
  export interface LayersOptions {
    /** Schema of the list. */
    readonly node: SchemaNode;
    /** Section of the definition that holds the list. */
    readonly model: () => Json;
    readonly counts: () => Counts;
    readonly changed: () => void;
    /** Builds the page anew: other fields of the model have changed, too. */
    readonly rebuild: () => void;
  }

  /** Fields that few networks need. */
  const SELDOM: ReadonlySet<string> = new Set(['input', 'update', 'trainedRows', 'format']);
  /** Fields that name another layer. */
  const REFERENCES: readonly string[] = ['input', 'other'];
  const NETWORK = 'network';

  type Button = 'up' | 'down' | 'remove';

  /**
   * The layers in another order. Who reads a layer by its number reads the same one afterwards; a layer that is gone is read no more.
   * @param order the former numbers, from 0, in the new order
   */
  export function reordered(layers: readonly Json[], order: readonly number[]): Json[] {
    return order.map((from) => {
      const layer: Json = { ...layers[from] };
      for (const name of REFERENCES) {
        const number = layer[name];
        if (typeof number !== 'number' || number === 0 || layers[number - 1] === undefined) continue;
        const now = order.indexOf(number - 1);
        if (now < 0) delete layer[name];
        else layer[name] = now + 1;
      }
      return layer;
    });
  }

  export class LayerList {
    private readonly options: LayersOptions;
    private readonly list: JQuery;
    private readonly input: JQuery;
    private readonly presets: JQuery;
    private plan: NetworkReport | undefined;

    constructor(container: JQuery, options: LayersOptions) {
      this.options = options;
      const whole = $('<section>', { class: 'edge-trainer-layers' })
        .attr({ 'data-path': 'model.layers', 'aria-label': text('field.dnn.layers.label') })
        .appendTo(container);
      $('<h4>', { text: text('field.dnn.layers.label') }).appendTo(whole);
      $('<p>', { class: 'edge-trainer-hint', text: text('field.dnn.layers.tip') }).appendTo(whole);
      this.presets = $('<div>', { class: 'edge-trainer-presets' }).appendTo(whole);
      this.input = $('<p>', { class: 'edge-trainer-layer-input' }).appendTo(whole);
      this.list = $('<ol>', { class: 'edge-trainer-layer-list' }).appendTo(whole);
      $('<button>', { type: 'button', class: 'red-ui-button edge-trainer-layer-add' })
        .append($('<i>', { class: 'fa fa-plus', 'aria-hidden': 'true' }))
        .append(document.createTextNode(` ${text('form.layers.add')}`))
        .on('click', () => this.add())
        .appendTo(whole);
      this.offerPresets();
      this.fill();
    }

    /** Shows what the firmware makes of the layers; undefined while it cannot say. */
    show(plan: NetworkReport | undefined): void {
      this.plan = plan;
      this.input.text(plan === undefined ? '' : text('form.layers.input', { shape: shapeOf(plan.input) }));
      this.list.children().each((index, item) => {
        const layer = plan?.layers[index];
        $(item)
          .find('.edge-trainer-layer-plan')
          .text(
            layer === undefined
              ? ''
              : text('form.layers.plan', {
                  shape: shapeOf([layer.height, layer.width, layer.channels]),
                  parameters: layer.parameters.toLocaleString(),
                  bytes: layer.modelBytes.toLocaleString(),
                }),
          );
      });
    }

    private get layers(): Json[] {
      const { layers } = this.options.model();
      return Array.isArray(layers)
        ? (layers as unknown[]).map((layer) => (isObject(layer) ? layer : {}))
        : [];
    }

    private put(layers: readonly Json[]): void {
      this.options.model().layers = layers;
      this.fill();
      this.options.changed();
    }

    /** Offers what fits the features and classes as they are now. */
    offerPresets(): void {
      this.presets.empty();
      $('<span>', { text: text('form.layers.presets') }).appendTo(this.presets);
      const { features, classes, channels } = this.options.counts();
      for (const { name, model } of networkPresets) {
        const preset = model(features, classes, channels);
        $('<button>', {
          type: 'button',
          class: 'red-ui-button red-ui-button-small',
          text: text(`form.preset.${name}`),
        })
          .attr({ 'data-preset': name, ...(preset === undefined ? { title: text('form.layers.few') } : {}) })
          .prop('disabled', preset === undefined)
          .on('click', () => {
            Object.assign(this.options.model(), preset);
            this.options.rebuild();
          })
          .appendTo(this.presets);
      }
    }

    private add(): void {
      const { layers } = this;
      this.put([...layers, { kind: 'dense', units: Math.max(1, this.options.counts().classes) }]);
      this.list.children().last().find('select').first().trigger('focus');
    }

    /** Does what a button says, and leaves the focus where the next key stroke is expected. */
    private press(button: Button, index: number): void {
      const { layers } = this;
      const order = layers.map((_, i) => i);
      const [taken = index] = order.splice(index, 1);
      const to = button === 'remove' ? index : index + (button === 'up' ? -1 : 1);
      if (button !== 'remove') order.splice(to, 0, taken);
      this.put(reordered(layers, order));
      const item = this.list.children().eq(Math.min(to, order.length - 1));
      const same = item.find(`[data-button="${button}"]:enabled`);
      (same.length > 0 ? same : item.find('button:enabled').last()).trigger('focus');
      if (order.length === 0) this.list.siblings('.edge-trainer-layer-add').trigger('focus');
    }

    private fill(): void {
      const open = this.list
        .children()
        .toArray()
        .map((item) => $(item).find('details').prop('open') === true);
      this.list.empty();
      const { layers } = this;
      for (const [index, layer] of layers.entries()) {
        const item = $('<li>', { class: 'edge-trainer-layer' })
          .attr('data-path', `model.layers[${index}]`)
          .appendTo(this.list);
        const head = $('<div>', { class: 'edge-trainer-layer-head' }).appendTo(item);
        $('<b>', { text: String(index + 1) }).appendTo(head);
        this.kinds(layer, index).appendTo(head);
        $('<span>', { class: 'edge-trainer-layer-plan' }).appendTo(head);
        this.buttons(index, layers.length).appendTo(head);
        this.fields(item, index, open[index] === true);
      }
      this.show(this.plan);
    }

    private buttons(index: number, count: number): JQuery {
      const names = { up: 'fa-arrow-up', down: 'fa-arrow-down', remove: 'fa-times' } as const;
      const can = { up: index > 0, down: index < count - 1, remove: true };
      const row = $('<span>', { class: 'edge-trainer-layer-buttons' });
      for (const name of Object.keys(names) as Button[]) {
        const label = text(`form.layers.${name}`, { number: index + 1 });
        $('<button>', { type: 'button', class: 'red-ui-button red-ui-button-small', title: label })
          .attr({ 'aria-label': label, 'data-button': name })
          .prop('disabled', !can[name])
          .append($('<i>', { class: `fa ${names[name]}`, 'aria-hidden': 'true' }))
          .on('click', () => this.press(name, index))
          .appendTo(row);
      }
      return row;
    }

    private branch(kind: unknown): SchemaNode | undefined {
      return this.options.node.items?.oneOf?.find(({ properties }) => properties?.kind?.const === kind);
    }

    /** Another kind keeps what both know. */
    private kinds(layer: Json, index: number): JQuery {
      const label = text('form.layers.kind', { number: index + 1 });
      const select = $('<select>', { title: label }).attr({ 'aria-label': label, 'data-column': 'kind' });
      const kinds = (this.options.node.items?.oneOf ?? []).map(({ properties }) => properties?.kind?.const);
      for (const kind of kinds)
        $('<option>', { value: kind, text: text(`choice.layer.${kind}`) }).appendTo(select);
      // What is no kind stays visible, so that it can be mended.
      if (!kinds.includes(String(layer.kind)))
        $('<option>', { value: String(layer.kind ?? ''), text: String(layer.kind ?? '—') }).appendTo(select);
      return select.val(String(layer.kind ?? '')).on('change', () => {
        const kind = String(select.val());
        const known = this.branch(kind)?.properties ?? {};
        const { layers } = this;
        layers[index] = {
          ...fresh(kind, layer, this.options.counts().classes),
          ...Object.fromEntries(Object.entries(layer).filter(([name]) => name in known)),
          kind,
        };
        this.put(layers);
        this.list.children().eq(index).find('select').first().trigger('focus');
      });
    }

    private fields(item: JQuery, index: number, open: boolean): void {
      const layer = this.layers[index] ?? {};
      const main = $('<div>', { class: 'edge-trainer-layer-fields' }).appendTo(item);
      const details = $('<details>')
        .prop('open', open)
        .append($('<summary>', { text: text('form.layers.more') }));
      const seldom = $('<div>', { class: 'edge-trainer-layer-fields' }).appendTo(details);
      for (const [name, node] of Object.entries(this.branch(layer.kind)?.properties ?? {})) {
        if (node.const !== undefined) continue;
        const reference = REFERENCES.includes(name);
        const place = {
          holder: () => (this.options.model().layers as Json[])[index] ?? {},
          name,
          path: `model.layers[${index}].${name}`,
          words: `layer.${name}`,
          changed: this.options.changed,
          choiceWords: 'choice.layer',
        };
        const row = fieldRow(
          node,
          reference ? { ...place, numbers: () => this.sources(index, name) } : place,
        );
        row.appendTo(SELDOM.has(name) ? seldom : main);
      }
      if (seldom.children().length > 0) details.appendTo(item);
    }

    /** What layer `index` may read, by the number that the definition writes. */
    private sources(index: number, name: string): Named {
      const before = this.layers.slice(0, index);
      return new Map<number | string, string>([
        ...(name === 'input' ? [[0, text('form.layers.before')] as const] : []),
        [NETWORK, text('form.layers.network')] as const,
        ...before.map(
          ({ kind }, i) => [i + 1, joined([i + 1, text(`choice.layer.${kind}`)], 'colon')] as const,
        ),
      ]);
    }
  }

  export const shapeOf = (sides: readonly number[]): string => sides.join(' × ');

  /** What a layer of another kind needs at least; a window keeps its count of filters as units, and the other way. */
  function fresh(kind: string, before: Json, classes: number): Json {
    const count = before.units ?? before.filters;
    if (kind === 'dense') return { units: count ?? classes };
    if (kind === 'conv') return { filters: count ?? 8, kernelWidth: 3 };
    if (kind === 'depthwise') return { kernelWidth: 3 };
    if (kind === 'max-pool' || kind === 'average-pool') return { kernelWidth: 2 };
    if (kind === 'add') return { other: NETWORK };
    return {};
  }
}
