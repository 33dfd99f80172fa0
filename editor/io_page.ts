/** The loop that a board closes by itself: which of its channels gives each feature and the outcome, and which gets the actuation. */
namespace EdgeTrainer {
  export interface IoPage {
    /** Schema of the section. */
    readonly node: SchemaNode;
    readonly definition: () => Json;
    readonly labels: () => string[];
    /** Board of the definition. */
    readonly board: Board | undefined;
    readonly changed: () => void;
    /** Builds the page anew: the section came or went. */
    readonly rebuild: () => void;
  }

  /** From one decision to the next, before anybody has said so. */
  const FRESH_INTERVAL_MS = 1000;
  const COLUMNS: readonly string[] = ['channel', 'gain', 'offset'];

  /**
   * Whether a board can close the loop by itself. A board that is not known here may; the virtual trainer of a bus has no channels,
   * because a program has to give them.
   */
  export function hasChannels(board: Board | undefined): boolean {
    return board === undefined || (board.channels?.outputs ?? 0) > 0;
  }

  const ioOf = (definition: Json): Json | undefined => (isObject(definition.io) ? definition.io : undefined);

  const listOf = (value: unknown): Json[] => (Array.isArray(value) ? value : []).filter(isObject);

  /** The channel behind those that are taken. */
  const nextChannel = (inputs: readonly Json[]): number =>
    Math.max(-1, ...inputs.map(({ channel }) => Number(channel)).filter(Number.isInteger)) + 1;

  /**
   * One input for each feature, in their order. An input whose feature was renamed follows it, one whose feature is gone goes, a new
   * feature gets the next channel.
   */
  export function inputsFor(features: readonly string[], before: readonly Json[]): Json[] {
    const left = [...before];
    const take = (fits: (input: Json) => boolean): Json | undefined => {
      const at = left.findIndex(fits);
      return at < 0 ? undefined : left.splice(at, 1)[0];
    };
    const named = features.map((name) => take(({ feature }) => feature === name));
    const inputs = named.map((input) => input ?? take(() => true));
    const fresh = inputs.filter((input) => input !== undefined);
    return inputs.map((input, index) => {
      const feature = features[index];
      if (input !== undefined) return { ...input, feature };
      const added = { feature, channel: nextChannel(fresh) };
      fresh.push(added);
      return added;
    });
  }

  /** The inputs follow the features, when the board reads them by itself. */
  export function followFeatures(definition: Json): void {
    const io = ioOf(definition);
    if (io === undefined || !Array.isArray(io.inputs)) return;
    const read = listOf(definition.features).filter(({ streamChannels }) => streamChannels === undefined);
    const names = read.map(({ name }) => String(name ?? ''));
    io.inputs = inputsFor(names, listOf(io.inputs));
  }

  function inputsTable(element: JQuery, node: SchemaNode, io: Json, changed: () => void): void {
    const properties = node.items?.properties ?? {};
    const head = $('<div>', { class: 'edge-trainer-table-head edge-trainer-io-head' }).appendTo(element);
    for (const column of ['feature', ...COLUMNS])
      $('<span>', { text: text(`field.io.${column}.label`), title: text(`field.io.${column}.tip`) }).appendTo(
        head,
      );
    const list = $('<div>', { class: 'edge-trainer-io-inputs' })
      .attr('data-path', 'io.inputs')
      .appendTo(element);
    listOf(io.inputs).forEach((value, index) => {
      const row = $('<div>', { class: 'edge-trainer-table-row' })
        .attr('data-path', `io.inputs[${index}]`)
        .appendTo(list);
      const feature = String(value.feature ?? '');
      $('<span>', { text: feature }).attr('data-column', 'feature').appendTo(row);
      for (const column of COLUMNS)
        input(properties[column] ?? {}, { holder: () => value, name: column, path: '', words: '', changed })
          .attr({
            'data-column': column,
            'aria-label': joined([feature, text(`field.io.${column}.label`)], 'colon'),
          })
          .attr('title', text(`field.io.${column}.tip`))
          .appendTo(row);
    });
  }

  /** A choice between two ways, with nothing to fill in behind the first. */
  function either(
    element: JQuery,
    path: string,
    words: string,
    on: boolean,
    chosen: (on: boolean) => void,
  ): void {
    const row = $('<div>', { class: 'edge-trainer-field' }).attr('data-path', path).appendTo(element);
    const id = `edge-trainer-definition-${path.replace('.', '-')}`;
    const tip = text(`field.io.${words}.tip`);
    $('<label>', { for: id, text: text(`field.io.${words}.label`), title: tip }).appendTo(row);
    const select = $('<select>', { id, title: tip }).appendTo(
      $('<div>', { class: 'edge-trainer-field-input' }).appendTo(row),
    );
    for (const way of ['master', 'board'])
      $('<option>', { value: way, text: text(`form.io.${words}.${way}`) }).appendTo(select);
    select.val(on ? 'board' : 'master').on('change', () => chosen(select.val() === 'board'));
  }

  function outcome(element: JQuery, io: Json, page: IoPage): void {
    const node = page.node.properties?.outcome ?? {};
    either(element, 'io.outcome', 'outcome', isObject(io.outcome), (on) => {
      if (on) io.outcome = { channel: nextChannel(listOf(io.inputs)) };
      else delete io.outcome;
      page.rebuild();
    });
    if (!isObject(io.outcome)) return;
    for (const name of COLUMNS)
      fieldRow(node.properties?.[name] ?? {}, {
        ...{ holder: () => sectionOf(io, 'outcome'), name, path: `io.outcome.${name}` },
        ...{ words: `io.${name}`, changed: page.changed },
      })
        .addClass('edge-trainer-io-outcome')
        .appendTo(element);
  }

  export function ioPage(element: JQuery, page: IoPage): void {
    const { node, definition, labels, board, changed, rebuild } = page;
    const io = ioOf(definition());
    $('<p>', { class: 'edge-trainer-hint', text: text('form.about.io') }).appendTo(element);
    either(element, 'io', 'loop', io !== undefined, (on) => {
      if (on) {
        definition().io = { intervalMs: FRESH_INTERVAL_MS, inputs: [], output: 0 };
        followFeatures(definition());
      } else delete definition().io;
      rebuild();
    });
    if (io === undefined) return;
    const { channels } = board ?? {};
    const has =
      channels === null || channels === undefined
        ? text('form.io.anyChannels')
        : text('form.io.channels', channels);
    $('<p>', { class: 'edge-trainer-hint', text: has }).appendTo(element);
    const field = (name: string, choices?: () => readonly string[]): void => {
      fieldRow(node.properties?.[name] ?? {}, {
        ...{ holder: () => io, name, path: `io.${name}`, words: `io.${name}`, changed },
        ...(choices === undefined ? {} : { choices }),
      }).appendTo(element);
    };
    field('intervalMs');
    field('output');
    field('failSafe', labels);
    if (!readsWindow(definition())) {
      $('<h4>', { text: text('field.io.inputs.label'), title: text('field.io.inputs.tip') }).appendTo(
        element,
      );
      inputsTable(element, node.properties?.inputs ?? {}, io, changed);
    }
    outcome(element, io, page);
  }
}
