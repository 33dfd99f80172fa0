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

  export function startPage(element: JQuery, page: StartPage): void {
    const { node, definition, labels, changed, rebuild } = page;
    const branches = node.oneOf ?? [];
    const present = isObject(definition().startRule) ? (definition().startRule as Json) : undefined;
    const chosen = String(present?.rule ?? NONE);
    const features = (Array.isArray(definition().features) ? (definition().features as unknown[]) : [])
      .map((one) => (isObject(one) ? one.name : undefined))
      .filter((one): one is string => typeof one === 'string');
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
      // Lists and objects are written on the JSON page.
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
