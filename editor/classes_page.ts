/** What is decided: a class of a list, or with a network continuous values. */
namespace EdgeTrainer {
  export interface ClassesPage {
    readonly property: (name: string) => SchemaNode;
    readonly definition: () => Json;
    readonly list: (name: string) => Json[];
    readonly changed: () => void;
    /** Values in place of classes, or the other way; undefined: the model decides between classes. */
    readonly choose: ((values: boolean) => void) | undefined;
    /** Where the choices of a class are, on all pages. */
    readonly body: JQuery;
  }

  /** Choices of a class follow the classes. */
  function followLabels(body: JQuery, labels: readonly string[]): void {
    body.find('.edge-trainer-field').each((_, row) => {
      const path = String($(row).attr('data-path'));
      const [section, field] = path.split('.');
      const isLabel =
        path === 'defaultClass' ||
        (['feedback', 'startRule'].includes(section ?? '') && CLASS_FIELDS.includes(field ?? ''));
      if (!isLabel) return;
      const select = $(row).find('select');
      const chosen = String(select.val() ?? '');
      select.empty().append($('<option>', { value: '', text: '—' }));
      for (const value of new Set([...labels, ...(chosen === '' ? [] : [chosen])]))
        $('<option>', { value, text: value }).appendTo(select);
      select.val(chosen);
    });
  }

  export function classesPage(element: JQuery, page: ClassesPage): void {
    const { property, definition, list, changed, choose, body } = page;
    if (choose !== undefined) choiceOfValues(element, givesValues(definition()), choose);
    if (givesValues(definition())) {
      outputsTable(element, property('outputs'), () => list('outputs'), changed);
      return;
    }
    $('<p>', { class: 'edge-trainer-hint', text: text('form.about.classes') }).appendTo(element);
    table(element, {
      node: property('classes'),
      name: 'classes',
      words: 'class',
      columns: ['label', 'actuation', 'weight', 'holdSeconds'],
      rows: () => list('classes'),
      changed: () => {
        followLabels(body, labelsOf(definition()));
        changed();
      },
      fresh: (index) => ({ label: `${text('form.fresh.classes')} ${index + 1}`, actuation: index }),
    });
    fieldRow(property('defaultClass'), {
      ...{ holder: definition, name: 'defaultClass', path: 'defaultClass', words: 'trainer.defaultClass' },
      changed,
      choices: () => labelsOf(definition()),
    }).appendTo(element);
  }
}
