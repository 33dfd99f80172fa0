/** Where a problem is, in the words of the form: a path of the validator -> page and field. */
namespace EdgeTrainer {
  export interface Place {
    readonly page: string;
    /** "Feature 2, Least"; empty for the document as a whole. */
    readonly label: string;
  }

  const PAGES: Readonly<Record<string, string>> = {
    features: 'inputs',
    channels: 'inputs',
    classes: 'classes',
    defaultClass: 'classes',
    startRule: 'start',
    model: 'model',
    feedback: 'feedback',
    stitching: 'learning',
    training: 'learning',
    io: 'io',
  };

  function labelOf(key: string): string | undefined {
    const path = `field.${key}.label`;
    const found = text(path);
    // A key without a text comes back as it is.
    return found.endsWith(path) ? undefined : found;
  }

  /** @param words catalogue section of the chosen model's fields */
  export function placeOf(path: string, words: string): Place {
    const [, section = '', index, field] = /^(\w+)(?:\[(\d+)\])?(?:\.(\w+))?/.exec(path) ?? [];
    const page = PAGES[section] ?? (section === '' ? 'json' : 'general');
    if (index !== undefined) {
      const entry = section === 'classes' ? 'class' : 'feature';
      const name = `${text(`form.one.${section}`)} ${Number(index) + 1}`;
      const column = field === undefined ? undefined : (labelOf(`${entry}.${field}`) ?? field);
      return { page, label: column === undefined ? name : joined([name, column], 'facts') };
    }
    if (section === '') return { page, label: '' };
    const [, layer, setting] = /^model\.layers\[(\d+)\](?:\.(\w+))?/.exec(path) ?? [];
    if (layer !== undefined) {
      const name = `${text('form.one.layers')} ${Number(layer) + 1}`;
      return {
        page,
        label: setting === undefined ? '' : joined([name, labelOf(`layer.${setting}`) ?? setting], 'facts'),
      };
    }
    const [, input, column] = /^io\.inputs\[(\d+)\]\.(\w+)$/.exec(path) ?? [];
    if (input !== undefined)
      return {
        page,
        label: joined(
          [`${text('form.one.io')} ${Number(input) + 1}`, labelOf(`io.${column}`) ?? column ?? ''],
          'facts',
        ),
      };
    const of = section === 'model' && field !== 'type' ? words : section;
    // Fields of a section within the section: "io.outcome.channel".
    const [, inner] = /^\w+\.\w+\.(\w+)$/.exec(path) ?? [];
    const within = inner === undefined ? undefined : labelOf(`${of}.${inner}`);
    const label =
      field === undefined
        ? (labelOf(`trainer.${section}`) ?? section)
        : (labelOf(`${of}.${field}`) ?? labelOf(`${section}.${field}`) ?? field);
    return { page, label: within === undefined ? label : joined([label, within], 'facts') };
  }

  /** One sentence for people: "Feedback, Set point: does not fit a register …". */
  export function problemText({ path, problem }: Issue, words: string): string {
    const { page, label } = placeOf(path, words);
    const where = [text(`form.tab.${page}`), label].filter((part) => part !== '').join(' › ');
    return joined([where, problem], 'colon');
  }
}
