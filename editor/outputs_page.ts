/** What a network gives: a class, or continuous values with their ranges. */
namespace EdgeTrainer {
  /** Sections of a definition that only classes have. */
  const OF_CLASSES: readonly string[] = ['classes', 'defaultClass', 'startRule', 'feedback', 'io'];

  const COLUMNS: readonly string[] = [
    'name',
    'unit',
    'min',
    'max',
    'tolerance',
    'initial',
    'maxChange',
    'scale',
  ];

  export const givesValues = (definition: Json): boolean => Array.isArray(definition.outputs);

  /** The choice between the two; `chosen` gets what was chosen. */
  export function choiceOfValues(element: JQuery, values: boolean, chosen: (values: boolean) => void): void {
    const row = $('<div>', { class: 'edge-trainer-field' }).attr('data-path', 'outputs').appendTo(element);
    const id = 'edge-trainer-definition-gives';
    $('<label>', { for: id, text: text('form.gives.label'), title: text('form.gives.tip') }).appendTo(row);
    const select = $('<select>', { id }).appendTo(
      $('<div>', { class: 'edge-trainer-field-input' }).appendTo(row),
    );
    for (const kind of ['classes', 'outputs'])
      $('<option>', { value: kind, text: text(`form.gives.${kind}`) }).appendTo(select);
    select.val(values ? 'outputs' : 'classes');
    select.on('change', () => chosen(select.val() === 'outputs'));
  }

  export function outputsTable(
    element: JQuery,
    node: SchemaNode,
    rows: () => Json[],
    changed: () => void,
  ): void {
    $('<p>', { class: 'edge-trainer-hint', text: text('form.about.outputs') }).appendTo(element);
    table(element, {
      node,
      name: 'outputs',
      words: 'output',
      columns: COLUMNS,
      rows,
      changed,
      fresh: (index) => ({ name: `${text('form.fresh.outputs')} ${index + 1}`, min: 0, max: 100 }),
    });
  }

  /**
   * The definition gives values from now on, or classes again. What only the other one has is laid aside in `aside`, so that the way back
   * brings it back; the last layer gets a unit for each of what there is now.
   */
  export function chooseValues(definition: Json, values: boolean, aside: Map<string, Json>): void {
    if (givesValues(definition) === values) return;
    const leaving = values ? OF_CLASSES : ['outputs'];
    aside.set(
      leaving.join(),
      Object.fromEntries(
        leaving.filter((field) => field in definition).map((field) => [field, definition[field]]),
      ),
    );
    for (const field of leaving) delete definition[field];
    const { classes, defaultClass } = templates[0]?.definition() ?? {};
    const fresh = values
      ? { outputs: [{ name: `${text('form.fresh.outputs')} 1`, min: 0, max: 100 }] }
      : { classes, defaultClass, feedback: { rule: 'label' } };
    Object.assign(definition, aside.get((values ? ['outputs'] : OF_CLASSES).join()) ?? fresh);
    if (values) definition.feedback = { rule: 'label' };
    const { layers } = (isObject(definition.model) ? definition.model : {}) as { layers?: Json[] };
    const last = layers?.at(-1);
    const count = (definition[values ? 'outputs' : 'classes'] as unknown[] | undefined)?.length ?? 1;
    if (last?.kind === 'dense') last.units = count;
  }
}
