/** What a decision is made from, or a stream consists of: a list, or for a network one array, which a message gives or a stream. */
namespace EdgeTrainer {
  export interface InputsPage {
    readonly node: SchemaNode;
    /** "features" or "channels". */
    readonly name: string;
    readonly definition: () => Json;
    readonly rows: () => Json[];
    readonly changed: () => void;
    /** Single values become one array, or the other way; undefined: the model knows no array. */
    readonly choose: ((array: Json | undefined) => void) | undefined;
    /** Builds the page anew: its rows are others. */
    readonly rebuild: () => void;
    /** Id of the device. */
    readonly device: string | undefined;
  }

  /** Single values, an array that a message gives, or one that is a window of a stream. */
  const SHAPES = ['values', 'array', 'window'] as const;
  type Shape = (typeof SHAPES)[number];

  /** Sections that an array leaves no place for. */
  const OF_SINGLE: readonly string[] = ['features', 'startRule', 'io'];
  /** The schema's fewest values of an array. */
  const FEWEST = 2;

  /** The only feature, when it is an array. */
  export function arrayIn(definition: Json): Json | undefined {
    const [first] = Array.isArray(definition.features) ? (definition.features as unknown[]) : [];
    return isObject(first) && first.count !== undefined ? first : undefined;
  }

  /** Whether a stream gives the only feature. */
  export const readsWindow = (definition: Json): boolean => arrayIn(definition)?.streamChannels !== undefined;

  /** An array in place of the single values that a definition has, or the one that it has, from another source. */
  function arrayFor(definition: Json, shape: Shape): Json {
    const { streamChannels, ...array } = arrayIn(definition) ?? freshArray(definition);
    return shape === 'window' ? { ...array, streamChannels: streamChannels ?? 1 } : array;
  }

  function freshArray({ features }: Json): Json {
    const rows = (Array.isArray(features) ? features : []).filter(isObject);
    const { min = 0, max = 100 } = rows[0] ?? {};
    return { name: text('form.fresh.array'), min, max, count: Math.max(FEWEST, rows.length) };
  }

  /**
   * One array from now on, or single values again. What only the other one has is laid aside in `aside`, so that the way back brings it
   * back.
   * @param most single values that a definition may have
   */
  export function chooseArray(
    definition: Json,
    array: Json | undefined,
    most: number,
    aside: Map<string, Json>,
  ): void {
    const before = arrayIn(definition);
    if (array !== undefined) {
      if (before === undefined) {
        const leaving = OF_SINGLE.filter((field) => field in definition);
        aside.set('single', Object.fromEntries(leaving.map((field) => [field, definition[field]])));
        for (const field of leaving) delete definition[field];
      }
      definition.features = [array];
      // A board that decides by itself has no array from a message.
      if (!readsWindow(definition)) delete definition.io;
      return;
    }
    if (before === undefined) return;
    const { name, min, max, count } = before;
    const expanded = Array.from({ length: Math.min(most, Number(count) || 1) }, (_, i) => ({
      ...{ name: `${String(name)} ${i + 1}`, min, max },
    }));
    Object.assign(definition, aside.get('single') ?? { features: expanded });
  }

  function arrayFields(element: JQuery, page: InputsPage): void {
    const properties = page.node.items?.properties ?? {};
    const value = (): Json => page.rows()[0] ?? {};
    const [first, settled] = [value().name, value().id !== undefined];
    const stream = value().streamChannels === undefined ? [] : ['streamChannels'];
    for (const name of ['name', 'unit', 'min', 'max', 'count', ...stream])
      fieldRow(properties[name] ?? {}, {
        ...{ holder: value, name, path: `${page.name}[0].${name}`, words: `feature.${name}` },
        changed: () => {
          if (name === 'name' && !settled) keepIdentity([value()], value(), 'name', first);
          page.changed();
        },
      }).appendTo(element);
  }

  /** The choice between single values and one array, and where it comes from. */
  function choice(element: JQuery, shape: Shape, chosen: (shape: Shape) => void): void {
    const row = $('<div>', { class: 'edge-trainer-field' }).attr('data-path', 'features').appendTo(element);
    const id = 'edge-trainer-definition-takes';
    $('<label>', { for: id, text: text('form.takes.label'), title: text('form.takes.tip') }).appendTo(row);
    const select = $('<select>', { id }).appendTo(
      $('<div>', { class: 'edge-trainer-field-input' }).appendTo(row),
    );
    for (const value of SHAPES) $('<option>', { value, text: text(`form.takes.${value}`) }).appendTo(select);
    select.val(shape);
    select.on('change', () => chosen(select.val() as Shape));
  }

  export function inputsPage(element: JQuery, page: InputsPage): void {
    const { name, definition, choose, rows, changed } = page;
    const array = name === 'features' ? arrayIn(definition()) : undefined;
    $('<p>', { class: 'edge-trainer-hint', text: text(`form.about.${name}`) }).appendTo(element);
    const shape = array === undefined ? 'values' : readsWindow(definition()) ? 'window' : 'array';
    if (choose !== undefined)
      choice(element, shape, (wanted) =>
        choose(wanted === 'values' ? undefined : arrayFor(definition(), wanted)),
      );
    if (array !== undefined) arrayFields(element, page);
    else
      table(element, {
        ...{ node: page.node, name, words: 'feature', rows, changed },
        columns: ['name', 'unit', 'min', 'max', 'scale'],
        fresh: (index) => ({ name: `${text(`form.fresh.${name}`)} ${index + 1}`, min: 0, max: 100 }),
      });
    fromMessage(element, {
      ...{ device: page.device, name, rows, array: choose },
      taken: page.rebuild,
    });
  }
}
