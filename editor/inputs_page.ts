/** What a decision is made from, or a stream consists of: a list, or for a network one array. */
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

  /** Sections that an array leaves no place for. */
  const OF_SINGLE: readonly string[] = ['features', 'startRule', 'io'];
  /** The schema's fewest values of an array. */
  const FEWEST = 2;

  /** The only feature, when it is an array. */
  export function arrayIn(definition: Json): Json | undefined {
    const [first] = Array.isArray(definition.features) ? (definition.features as unknown[]) : [];
    return isObject(first) && first.count !== undefined ? first : undefined;
  }

  /** An array in place of the single values that a definition has. */
  export function arrayFor({ features }: Json): Json {
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
    for (const name of ['name', 'unit', 'min', 'max', 'count'])
      fieldRow(properties[name] ?? {}, {
        ...{ holder: value, name, path: `${page.name}[0].${name}`, words: `feature.${name}` },
        changed: () => {
          if (name === 'name' && !settled) keepIdentity([value()], value(), 'name', first);
          page.changed();
        },
      }).appendTo(element);
  }

  /** The choice between single values and one array. */
  function choice(element: JQuery, array: boolean, chosen: (array: boolean) => void): void {
    const row = $('<div>', { class: 'edge-trainer-field' }).attr('data-path', 'features').appendTo(element);
    const id = 'edge-trainer-definition-takes';
    $('<label>', { for: id, text: text('form.takes.label'), title: text('form.takes.tip') }).appendTo(row);
    const select = $('<select>', { id }).appendTo(
      $('<div>', { class: 'edge-trainer-field-input' }).appendTo(row),
    );
    for (const shape of ['values', 'array'])
      $('<option>', { value: shape, text: text(`form.takes.${shape}`) }).appendTo(select);
    select.val(array ? 'array' : 'values');
    select.on('change', () => chosen(select.val() === 'array'));
  }

  export function inputsPage(element: JQuery, page: InputsPage): void {
    const { name, definition, choose, rows, changed } = page;
    const array = name === 'features' ? arrayIn(definition()) : undefined;
    $('<p>', { class: 'edge-trainer-hint', text: text(`form.about.${name}`) }).appendTo(element);
    if (choose !== undefined)
      choice(element, array !== undefined, (wanted) => choose(wanted ? arrayFor(definition()) : undefined));
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
