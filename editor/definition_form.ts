/** The form of a trainer definition. It is built from the schema, so a field that the firmware gains is in it, too. */
namespace EdgeTrainer {
  /** Wait after the last key stroke before the firmware is asked, in milliseconds. */
  const ASK_AFTER_MS = 250;

  /** A definition that is small, valid and explains itself. */
  function starter(): Json {
    return {
      name: 'zone comfort',
      board: 'virtual',
      features: [
        { name: 'air temperature', unit: '°C', min: 0, max: 50 },
        { name: 'relative humidity', unit: '%', min: 0, max: 100 },
      ],
      classes: [
        { label: 'heat', actuation: 100 },
        { label: 'hold', actuation: 0 },
        { label: 'cool', actuation: -100 },
      ],
      defaultClass: 'hold',
      model: { type: 'svm-linear' },
      feedback: { rule: 'dead-band', setPoint: 22, band: 0.5, unit: '°C', tooLow: 'heat', tooHigh: 'cool' },
    };
  }

  /** Sections that only one kind of model has; the first of them lists its inputs. */
  const SUPERVISED: readonly string[] = ['features', 'classes', 'defaultClass', 'feedback'];
  const STREAM: readonly string[] = ['channels'];

  /** Models that listen to channels; the words of their fields are under the same name. */
  const STREAM_TYPES: readonly unknown[] = ['esn', 'correlation'];
  const isStreamType = (type: unknown): boolean => STREAM_TYPES.includes(type);

  const clone = (value: Json): Json => JSON.parse(JSON.stringify(value)) as Json;
  const labelsOf = (definition: Json): string[] =>
    (Array.isArray(definition.classes) ? definition.classes : [])
      .map((one: unknown) => (isObject(one) ? one.label : undefined))
      .filter((one): one is string => typeof one === 'string' && one !== '');

  export class DefinitionForm {
    private readonly facts: Facts;
    private readonly bar: MemoryBar;
    private readonly body: JQuery;
    private definition: Json;
    /** Sections of models and rules that were left, as long as the dialog is open. */
    private readonly aside = new Map<string, Json>();
    private timer: number | undefined;
    private asked = 0;
    private json: AceAjax.Editor | undefined;

    constructor(container: JQuery, facts: Facts, definition: unknown) {
      this.facts = facts;
      this.definition = isObject(definition) && 'model' in definition ? clone(definition) : {};
      this.bar = new MemoryBar(container);
      this.body = $('<div>', { class: 'edge-trainer-form' }).appendTo(container);
      this.build();
    }

    /** What was entered; {} = the board's own definition is used. */
    get value(): Json {
      this.takeJson();
      return clone(this.definition);
    }

    close(): void {
      window.clearTimeout(this.timer);
      this.asked++;
      this.json?.destroy();
      this.json = undefined;
    }

    private get stream(): boolean {
      return isObject(this.definition.model) && isStreamType(this.definition.model.type);
    }

    /** Where the words of the model's fields are. */
    private get modelWords(): string {
      const type = this.section('model').type;
      return isStreamType(type) ? String(type) : 'svm';
    }

    /** Builds the pages anew, and opens `open` (a tab's id) if it is there. */
    private build(open?: string): void {
      this.json?.destroy();
      this.json = undefined;
      this.body.empty();
      if (!('model' in this.definition)) {
        $('<p>', { text: text('form.noDefinition') }).appendTo(this.body);
        $('<button>', { type: 'button', class: 'red-ui-button edge-trainer-begin', text: text('form.begin') })
          .on('click', () => {
            this.definition = starter();
            this.build();
          })
          .appendTo(this.body);
        this.bar.none();
        return;
      }
      $('<ul>', { id: 'edge-trainer-tabs' }).appendTo(this.body);
      const pages = $('<div>', { class: 'edge-trainer-pages' }).appendTo(this.body);
      const page = (name: string, fill: (page: JQuery) => void): void => {
        const element = $('<div>', { id: `edge-trainer-page-${name}`, class: 'edge-trainer-page' }).appendTo(
          pages,
        );
        fill(element.hide());
      };
      page('general', (element) => this.general(element));
      page('inputs', (element) => this.inputs(element));
      if (!this.stream) page('classes', (element) => this.classes(element));
      page('model', (element) => this.tagged(element, 'model', 'type', this.modelWords));
      if (!this.stream) page('feedback', (element) => this.tagged(element, 'feedback', 'rule', 'feedback'));
      page('learning', (element) => this.learning(element));
      page('json', (element) => this.jsonPage(element));
      // The published types say that a tab is named by its id; the editor hands over the tab itself.
      const tabs = RED.tabs.create({
        element: $('#edge-trainer-tabs'),
        onchange: (item: unknown) => {
          const tab = item as { id: string };
          const leaving = pages.children(':visible').attr('id') === 'edge-trainer-page-json';
          if (leaving && tab.id !== 'edge-trainer-page-json' && this.takeJson()) {
            this.build(tab.id);
            return;
          }
          pages.children().hide();
          $(`#${tab.id}`).show();
          if (tab.id === 'edge-trainer-page-json') this.showJson();
        },
      });
      pages.children().each((index, element) => {
        const id = String($(element).attr('id'));
        tabs.addTab({ id, label: text(`form.tab.${id.replace('edge-trainer-page-', '')}`) }, index);
      });
      if (open !== undefined && $(`#${open}`).length > 0) tabs.activateTab(open);
      this.ask();
    }

    /** A change that other parts of the form do not depend on. */
    private readonly changed = (): void => {
      window.clearTimeout(this.timer);
      this.timer = window.setTimeout(() => this.ask(), ASK_AFTER_MS);
    };

    private section(name: string): Json {
      const present = this.definition[name];
      if (isObject(present)) return present;
      const fresh: Json = {};
      this.definition[name] = fresh;
      return fresh;
    }

    private list(name: string): Json[] {
      const present = this.definition[name];
      if (Array.isArray(present)) return present as Json[];
      const fresh: Json[] = [];
      this.definition[name] = fresh;
      return fresh;
    }

    private property(name: string): SchemaNode {
      return this.facts.schema.properties?.[name] ?? {};
    }

    private top(element: JQuery, name: string, choices?: () => readonly string[]): void {
      fieldRow(this.property(name), {
        holder: () => this.definition,
        name,
        path: name,
        words: `trainer.${name}`,
        changed: this.changed,
        ...(choices === undefined ? {} : { choices }),
      }).appendTo(element);
    }

    private general(element: JQuery): void {
      this.top(element, 'name');
      const board = fieldRow(
        { ...this.property('board') },
        {
          holder: () => this.definition,
          name: 'board',
          path: 'board',
          words: 'trainer.board',
          changed: this.changed,
          choices: () => this.facts.boards.map(({ name }) => name),
        },
      ).appendTo(element);
      board.find('option').each((_, option) => {
        const facts = this.facts.boards.find(({ name }) => name === $(option).val());
        if (facts !== undefined) $(option).text(facts.title);
      });
      for (const name of ['scaling', 'outOfRange', ...(this.stream ? [] : ['storage']), 'seed'])
        this.top(element, name);
      this.fields(element, 'save', this.property('save'), 'save');
      $('<button>', { type: 'button', class: 'red-ui-button edge-trainer-drop', text: text('form.drop') })
        .on('click', () => {
          this.definition = {};
          this.build();
        })
        .appendTo(element);
    }

    private inputs(element: JQuery): void {
      const name = this.stream ? 'channels' : 'features';
      $('<p>', { class: 'edge-trainer-hint', text: text(`form.about.${name}`) }).appendTo(element);
      table(element, {
        node: this.property(name),
        name,
        words: 'feature',
        columns: ['name', 'unit', 'min', 'max', 'scale'],
        rows: () => this.list(name),
        changed: this.changed,
        fresh: (index) => ({ name: `${text(`form.fresh.${name}`)} ${index + 1}`, min: 0, max: 100 }),
      });
    }

    private classes(element: JQuery): void {
      $('<p>', { class: 'edge-trainer-hint', text: text('form.about.classes') }).appendTo(element);
      table(element, {
        node: this.property('classes'),
        name: 'classes',
        words: 'class',
        columns: ['label', 'actuation', 'weight'],
        rows: () => this.list('classes'),
        changed: () => {
          this.refreshLabels();
          this.changed();
        },
        fresh: (index) => ({ label: `${text('form.fresh.classes')} ${index + 1}`, actuation: index }),
      });
      this.top(element, 'defaultClass', () => labelsOf(this.definition));
    }

    /** Choices of a class follow the classes. */
    private refreshLabels(): void {
      const labels = labelsOf(this.definition);
      this.body.find('.edge-trainer-field').each((_, row) => {
        const path = String($(row).attr('data-path'));
        if (!['defaultClass', 'feedback.tooLow', 'feedback.tooHigh', 'feedback.truth'].includes(path)) return;
        const select = $(row).find('select');
        const chosen = String(select.val() ?? '');
        select.empty().append($('<option>', { value: '', text: '—' }));
        for (const value of new Set([...labels, ...(chosen === '' ? [] : [chosen])]))
          $('<option>', { value, text: value }).appendTo(select);
        select.val(chosen);
      });
    }

    /** A section whose fields depend on a tag: the model's type, the feedback's rule. */
    private tagged(element: JQuery, name: string, tag: string, words: string): void {
      const branches = this.property(name).oneOf ?? [];
      const values = branches.map((branch) => branch.properties?.[tag]?.const ?? '');
      const chosen = String(this.section(name)[tag] ?? values[0]);
      this.section(name)[tag] = chosen;
      const row = $('<div>', { class: 'edge-trainer-field' })
        .attr('data-path', `${name}.${tag}`)
        .appendTo(element);
      $('<label>', {
        text: text(`field.${name}.${tag}.label`),
        title: text(`field.${name}.${tag}.tip`),
      }).appendTo(row);
      const select = $('<select>').appendTo($('<div>', { class: 'edge-trainer-field-input' }).appendTo(row));
      for (const value of values) $('<option>', { value, text: text(`choice.${value}`) }).appendTo(select);
      select.val(chosen);
      select.on('change', () => {
        this.choose(name, tag, String(select.val()));
        this.build(`edge-trainer-page-${name}`);
      });
      $('<p>', { class: 'edge-trainer-hint', text: text(`form.about.${chosen}`) }).appendTo(element);
      const branch = branches.find((one) => one.properties?.[tag]?.const === chosen);
      if (branch !== undefined) this.fields(element, name, branch, words);
    }

    /**
     * Another model or rule: what both know is kept, the rest is laid aside, so that the definition stays valid and the way back
     * brings everything back.
     */
    private choose(name: string, tag: string, value: string): void {
      const branch = this.property(name).oneOf?.find((one) => one.properties?.[tag]?.const === value);
      const before = this.section(name);
      const known = Object.entries(before).filter(([key]) => branch?.properties?.[key] !== undefined);
      this.aside.set(`${name} ${String(before[tag])}`, before);
      const laidAside = this.aside.get(`${name} ${value}`);
      this.definition[name] = { ...laidAside, ...Object.fromEntries(known), [tag]: value };
      if (name === 'model') this.chooseInputs(isStreamType(before[tag]), isStreamType(value));
      else if (laidAside === undefined) this.startRule(value);
    }

    /** A rule that is chosen for the first time says something valid. */
    private startRule(rule: string): void {
      const feedback = this.section('feedback');
      const [first = '', ...rest] = labelsOf(this.definition);
      const last = rest.at(-1) ?? first;
      if (rule === 'dead-band')
        Object.assign(feedback, { setPoint: 0, band: 1, tooLow: first, tooHigh: last });
      if (rule === 'limit') Object.assign(feedback, { limit: 0, side: 'above', truth: last });
    }

    /** A stream model has channels; every other one has features, classes and feedback. */
    private chooseInputs(wasStream: boolean, stream: boolean): void {
      if (stream === wasStream) return;
      const { definition } = this;
      const [leaving, entering] = stream ? [SUPERVISED, STREAM] : [STREAM, SUPERVISED];
      const inputs = definition[leaving[0] as string];
      this.aside.set(
        leaving.join(),
        Object.fromEntries(leaving.filter((one) => one in definition).map((one) => [one, definition[one]])),
      );
      for (const one of leaving) delete definition[one];
      const { features, ...others } = starter();
      const fresh = stream
        ? { channels: inputs ?? features }
        : {
            features: inputs ?? features,
            classes: others.classes,
            defaultClass: others.defaultClass,
            feedback: others.feedback,
          };
      Object.assign(definition, this.aside.get(entering.join()) ?? fresh);
    }

    private fields(element: JQuery, name: string, node: SchemaNode, words: string): void {
      for (const [field, property] of Object.entries(node.properties ?? {})) {
        if (property.const !== undefined) continue;
        const isLabel = ['tooLow', 'tooHigh', 'truth'].includes(field);
        fieldRow(property, {
          holder: () => this.section(name),
          name: field,
          path: `${name}.${field}`,
          words: `${words}.${field}`,
          changed: this.changed,
          ...(isLabel ? { choices: () => labelsOf(this.definition) } : {}),
        }).appendTo(element);
      }
    }

    private learning(element: JQuery): void {
      for (const name of this.stream ? ['training'] : ['stitching', 'training']) {
        $('<h4>', { text: text(`form.heading.${name}`) }).appendTo(element);
        this.fields(element, name, this.property(name), name);
      }
    }

    // The same as a JSON document, to copy it or to bring one

    private jsonPage(element: JQuery): void {
      $('<p>', { class: 'edge-trainer-hint', text: text('form.about.json') }).appendTo(element);
      $('<div>', { id: 'edge-trainer-json', class: 'node-text-editor' }).appendTo(element);
    }

    /** Sections that nobody filled in are left out. */
    private written(): Json {
      return Object.fromEntries(
        Object.entries(this.definition).filter(
          ([, value]) => !isObject(value) || Object.keys(value).length > 0,
        ),
      );
    }

    private showJson(): void {
      const value = JSON.stringify(this.written(), null, 2);
      if (this.json === undefined)
        this.json = RED.editor.createEditor({ id: 'edge-trainer-json', mode: 'ace/mode/json', value });
      else this.json.setValue(value, -1);
      this.json.focus();
    }

    /** Takes over what was written as JSON; true when that changed anything. What is no JSON is not taken. */
    private takeJson(): boolean {
      this.definition = this.written();
      if (this.json === undefined) return false;
      let written: unknown;
      try {
        written = JSON.parse(this.json.getValue());
      } catch {
        RED.notify(text('form.badJson'), 'error');
        return false;
      }
      if (!isObject(written) || JSON.stringify(written) === JSON.stringify(this.definition)) return false;
      this.definition = written;
      return true;
    }

    private ask(): void {
      const number = ++this.asked;
      ask<MemoryReport>('memory', this.written()).then(
        (report) => {
          if (number !== this.asked) return;
          this.bar.show(
            report,
            this.facts.boards.find(({ name }) => name === report.board),
          );
          this.mark(report.issues);
        },
        (error: Error) => {
          if (number === this.asked) this.bar.failed(error);
        },
      );
    }

    private mark(issues: readonly Issue[]): void {
      this.body.find('.input-error').removeClass('input-error');
      for (const { path, problem } of issues) {
        const field = this.body
          .find('[data-path]')
          .filter((_, element) => $(element).attr('data-path') === path);
        field.find('input, select').addClass('input-error').attr('title', problem);
        const cell = /^(\w+\[\d+\])\.(\w+)$/.exec(path);
        if (cell === null) continue;
        this.body
          .find('.edge-trainer-table-row')
          .filter((_, row) => $(row).attr('data-path') === cell[1])
          .find(`[data-column="${cell[2]}"]`)
          .addClass('input-error')
          .attr('title', problem);
      }
    }
  }
}
