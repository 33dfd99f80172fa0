/** The start rule: what decides until the trainer has shown that it is better. It may be left out, unlike model and feedback. */
namespace EdgeTrainer {
  export interface StartPage {
    readonly node: SchemaNode;
    readonly definition: () => Json;
    readonly labels: () => string[];
    readonly changed: () => void;
    /** Builds the page anew, after another rule was chosen. */
    readonly rebuild: () => void;
  }

  const NONE = 'default-class';
  /** Fields that name a class. */
  export const CLASS_FIELDS: readonly string[] = ['tooLow', 'within', 'tooHigh', 'truth', 'above'];

  /** A rule that is chosen for the first time says something valid. */
  function fresh(rule: string, features: readonly string[], labels: readonly string[], feedback: Json): Json {
    const [first = ''] = features;
    const [low = '', ...rest] = labels;
    const high = rest.at(-1) ?? low;
    const middle = rest.length > 1 ? (rest[0] ?? low) : low;
    const { setPoint = 0, band = 1 } = feedback;
    switch (rule) {
      case 'choice':
        return { rule, feature: first };
      case 'dead-band':
        return { rule, feature: first, setPoint, band, tooLow: low, within: middle, tooHigh: high };
      case 'table':
        return { rule, feature: first, steps: [{ upTo: setPoint, class: low }], above: high };
      default:
        return {
          rule,
          steps: [
            { upTo: -0.5, class: low },
            { upTo: 0.5, class: middle },
          ],
          above: high,
          air: { feature: first },
        };
    }
  }

  type Naming = 'automatic' | 'none' | 'named';

  /** A list of features: as the firmware chooses them, none, or those that are ticked. */
  function featuresRow(place: FieldPlace, features: readonly string[]): JQuery {
    const present = place.holder()[place.name];
    const named = new Set((Array.isArray(present) ? present : []).map(String));
    const id = `edge-trainer-definition-${place.path.replace(/[^\w]/g, '-')}`;
    const tip = text(`field.${place.words}.tip`);
    const row = $('<div>', { class: 'edge-trainer-field' }).attr('data-path', place.path);
    $('<label>', { for: id, text: text(`field.${place.words}.label`), title: tip }).appendTo(row);
    const holder = $('<div>', { class: 'edge-trainer-field-input' }).appendTo(row);
    const select = $('<select>', { id, title: tip }).appendTo(holder);
    for (const how of ['automatic', 'none', 'named'] satisfies Naming[])
      $('<option>', { value: how, text: text(`form.features.${how}`) }).appendTo(select);
    const boxes = $('<div>', { class: 'edge-trainer-ticks' });
    const put = (): void => {
      const how = select.val() as Naming;
      boxes.toggle(how === 'named');
      if (how === 'automatic') delete place.holder()[place.name];
      else place.holder()[place.name] = how === 'none' ? [] : [...named];
      place.changed();
    };
    // A feature that is gone stays visible, so that it can be mended.
    for (const name of new Set([...features, ...named])) {
      const box = $('<input>', { type: 'checkbox', class: 'edge-trainer-checkbox', value: name });
      box.prop('checked', named.has(name)).on('change', () => {
        if (box.prop('checked') === true) named.add(name);
        else named.delete(name);
        put();
      });
      $('<label>').append(box, document.createTextNode(name)).appendTo(boxes);
    }
    select.val(present === undefined ? 'automatic' : named.size === 0 ? 'none' : 'named');
    boxes.toggle(named.size > 0);
    select.on('change', put);
    return row.append(boxes);
  }

  export function startPage(element: JQuery, page: StartPage): void {
    const { node, definition, labels, changed, rebuild } = page;
    const branches = node.oneOf ?? [];
    const present = isObject(definition().startRule) ? (definition().startRule as Json) : undefined;
    const chosen = String(present?.rule ?? NONE);
    const features = (Array.isArray(definition().features) ? (definition().features as unknown[]) : [])
      .map((entry) => (isObject(entry) ? entry.name : undefined))
      .filter((name): name is string => typeof name === 'string');
    $('<p>', { class: 'edge-trainer-hint', text: text('form.about.start') }).appendTo(element);
    const row = $('<div>', { class: 'edge-trainer-field' })
      .attr('data-path', 'startRule.rule')
      .appendTo(element);
    const id = 'edge-trainer-definition-startRule-rule';
    $('<label>', { for: id, text: text('field.startRule.rule.label') }).appendTo(row);
    const select = $('<select>', { id }).appendTo(
      $('<div>', { class: 'edge-trainer-field-input' }).appendTo(row),
    );
    for (const { properties } of branches) {
      const value = properties?.rule?.const ?? '';
      $('<option>', { value, text: text(`field.startRule.rule.${value}`) }).appendTo(select);
    }
    select.val(chosen).on('change', () => {
      const rule = String(select.val());
      if (rule === NONE) delete definition().startRule;
      else {
        const { feedback } = definition();
        definition().startRule = fresh(rule, features, labels(), isObject(feedback) ? feedback : {});
      }
      rebuild();
    });
    const branch = branches.find(({ properties }) => properties?.rule?.const === chosen);
    for (const [name, property] of Object.entries(branch?.properties ?? {})) {
      if (property.const !== undefined || present === undefined) continue;
      if (property.items?.type === 'string') {
        const holder = (): Json => definition().startRule as Json;
        const [path, words] = [`startRule.${name}`, `startRule.${name}`];
        featuresRow({ holder, name, path, words, changed }, features).appendTo(element);
        continue;
      }
      // Other lists and objects are written on the JSON page.
      if (property.type === 'array' || property.type === 'object') continue;
      const choices = CLASS_FIELDS.includes(name) ? labels : name === 'feature' ? () => features : undefined;
      fieldRow(property, {
        holder: () => definition().startRule as Json,
        name,
        path: `startRule.${name}`,
        words: `startRule.${name}`,
        changed,
        ...(choices === undefined ? {} : { choices }),
      }).appendTo(element);
    }
    if (chosen === 'table' || chosen === 'pmv')
      $('<p>', { class: 'edge-trainer-hint', text: text(`form.about.${chosen}`) }).appendTo(element);
  }
}
