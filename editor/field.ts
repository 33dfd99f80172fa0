/** One field of the definition, made from its schema: label, input, default as placeholder, its problem when it has one. */
namespace EdgeTrainer {
  export interface FieldPlace {
    /** Object that holds the value; asked each time, because a section may be replaced. */
    readonly holder: () => Json;
    readonly name: string;
    /** Where the field is in the definition, as the validator names it: "model.cost". */
    readonly path: string;
    /** Where its label and tip are in the catalogue: "svm.cost". */
    readonly words: string;
    readonly changed: () => void;
    /** Instead of free text, one of these. */
    readonly choices?: () => readonly string[];
    /** Instead of a number, one of these with what they mean. */
    readonly numbers?: () => Named;
    /** Where the choices of the schema are in the catalogue. */
    readonly choiceWords?: string;
  }

  /** Values with what they mean; undefined = left out. */
  export type Named = ReadonlyMap<number | string | boolean | undefined, string>;

  /** Sets or, for undefined, removes a value: what is left out takes its default. */
  function put(place: FieldPlace, value: unknown): void {
    const holder = place.holder();
    if (value === undefined) delete holder[place.name];
    else holder[place.name] = value;
    place.changed();
  }

  function choice(node: SchemaNode, place: FieldPlace, values: readonly string[]): JQuery {
    const select = $('<select>');
    const present = place.holder()[place.name];
    const fallback = typeof node.default === 'string' ? node.default : undefined;
    if (place.choices !== undefined && fallback === undefined)
      $('<option>', { value: '', text: '—' }).appendTo(select);
    for (const value of values) {
      const words = place.choices === undefined ? text(`${place.choiceWords ?? 'choice'}.${value}`) : value;
      $('<option>', { value, text: words }).appendTo(select);
    }
    const shown = typeof present === 'string' ? present : (fallback ?? '');
    // A label that no class has any more stays visible, so that it can be mended.
    if (shown !== '' && !values.includes(shown))
      $('<option>', { value: shown, text: shown }).appendTo(select);
    select.val(shown);
    select.on('change', () => {
      const value = String(select.val());
      put(place, value === '' ? undefined : value);
    });
    return select;
  }

  /** A value that stands for something with a name. */
  function named(node: SchemaNode, place: FieldPlace, names: Named): JQuery {
    const present = place.holder()[place.name] ?? node.default ?? '';
    const select = $('<select>');
    const known = new Map([...names].map(([value, words]) => [String(value ?? ''), { value, words }]));
    for (const [value, { words }] of known) $('<option>', { value, text: words }).appendTo(select);
    // What stands for nothing stays visible, so that it can be mended.
    if (!known.has(String(present)))
      $('<option>', { value: String(present), text: String(present) || '—' }).appendTo(select);
    select.val(String(present));
    select.on('change', () => {
      const value = known.get(String(select.val()))?.value;
      put(place, value === node.default ? undefined : value);
    });
    return select;
  }

  /** Left out, a choice that follows from other fields is neither yes nor no. */
  const decided = (): Named =>
    new Map([
      [undefined, text('form.automatic')],
      [true, text('form.yes')],
      [false, text('form.no')],
    ]);

  function checkbox(node: SchemaNode, place: FieldPlace): JQuery {
    const present = place.holder()[place.name];
    const box = $('<input>', { type: 'checkbox', class: 'edge-trainer-checkbox' });
    box.prop('checked', typeof present === 'boolean' ? present : node.default === true);
    box.on('change', () => put(place, box.prop('checked') as boolean));
    return box;
  }

  function entry(node: SchemaNode, place: FieldPlace): JQuery {
    const present = place.holder()[place.name];
    const numeric = node.type === 'number' || node.type === 'integer';
    // A text field: one for numbers shows ${ENV} as empty, and erases it.
    const box = $('<input>', { type: 'text', ...(numeric ? { inputmode: 'decimal' } : {}) });
    if (node.default !== undefined) box.attr('placeholder', String(node.default));
    else if (node['x-default'] !== undefined) box.attr('placeholder', text('form.automatic'));
    box.val(present === undefined ? '' : String(present));
    box.on('input', () => {
      const given = String(box.val()).trim();
      const number = Number(given.replace(/^(-?\d+),(\d+)$/, '$1.$2'));
      if (given === '') put(place, undefined);
      // What is no number stays as it is written: the validator names it, and the runtime replaces ${ENV}.
      else if ((numeric || node.anyOf !== undefined) && !Number.isNaN(number)) put(place, number);
      else put(place, given);
    });
    return box;
  }

  export function input(node: SchemaNode, place: FieldPlace): JQuery {
    if (place.numbers !== undefined) return named(node, place, place.numbers());
    const values = place.choices?.() ?? node.enum;
    if (values !== undefined) return choice(node, place, values);
    if (node.type === 'boolean')
      return node['x-default'] === undefined ? checkbox(node, place) : named(node, place, decided());
    return entry(node, place);
  }

  /** The choice that says which further fields a section has: the type of the model, the rule of the feedback. */
  export function tagRow(
    element: JQuery,
    path: string,
    values: readonly string[],
    chosen: string,
    choose: (value: string) => void,
  ): void {
    const row = $('<div>', { class: 'edge-trainer-field' }).attr('data-path', path).appendTo(element);
    const id = `edge-trainer-definition-${path.replace('.', '-')}`;
    const [label, title] = [text(`field.${path}.label`), text(`field.${path}.tip`)];
    $('<label>', { for: id, text: label, title }).appendTo(row);
    const select = $('<select>', { id }).appendTo(
      $('<div>', { class: 'edge-trainer-field-input' }).appendTo(row),
    );
    for (const value of values) $('<option>', { value, text: text(`choice.${value}`) }).appendTo(select);
    select.val(chosen).on('change', () => choose(String(select.val())));
  }

  /** Label, input and unit in one row. */
  export function fieldRow(node: SchemaNode, place: FieldPlace): JQuery {
    const id = `edge-trainer-definition-${place.path.replace(/[^\w]/g, '-')}`;
    const row = $('<div>', { class: 'edge-trainer-field' }).attr('data-path', place.path);
    $('<label>', {
      for: id,
      text: text(`field.${place.words}.label`),
      title: text(`field.${place.words}.tip`),
    }).appendTo(row);
    const holder = $('<div>', { class: 'edge-trainer-field-input' }).appendTo(row);
    input(node, place)
      .attr('id', id)
      .attr('title', text(`field.${place.words}.tip`))
      .appendTo(holder);
    const unit = node['x-unit'];
    if (unit !== undefined)
      $('<span>', { class: 'edge-trainer-unit', text: text(`unit.${unit}`) }).appendTo(holder);
    return row;
  }
}
