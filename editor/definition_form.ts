/** The form of a trainer definition. It is built from the schema, so a field that the firmware gains is in it, too. */
namespace EdgeTrainer {
  /** Wait after the last key stroke before the firmware is asked, in milliseconds. */
  const ASK_AFTER_MS = 250;

  /** Pages that nobody has to open for a first loop. */
  const EXPERT: ReadonlySet<string> = new Set(['start', 'model', 'learning', 'io', 'json']);

  const clone = (value: Json): Json => JSON.parse(JSON.stringify(value)) as Json;
  export class DefinitionForm {
    private readonly facts: Facts;
    private readonly bar: MemoryBar;
    private readonly body: JQuery;
    private definition: Json;
    /** Text that is no JSON yet, as somebody left it. */
    private draft: string | undefined;
    private tabs: Tabs | undefined;
    private readonly choices: Choices;
    private readonly device: string | undefined;
    private timer: number | undefined;
    private asked = 0;
    private changes: ChangeList | undefined;
    private json: JsonPage | undefined;
    private layers: LayerList | undefined;
    private imported: ImportDone | undefined;
    /** What was wrong when the runtime was asked last. */
    private found: readonly Issue[] = [];

    /**
     * @param stored what the node has: a definition, {} for none, or a text that was no JSON when the dialog was closed
     * @param device id of the node; undefined for one that is not deployed yet
     */
    constructor(container: JQuery, facts: Facts, stored: unknown, device?: string) {
      this.facts = facts;
      this.device = device;
      this.choices = new Choices(facts, () => this.definition);
      if (typeof stored === 'string') this.draft = stored;
      this.definition = isObject(stored) && 'model' in stored ? clone(stored) : {};
      this.bar = new MemoryBar(container, (page, path) => this.goTo(page, path));
      if (device !== undefined) this.changes = new ChangeList(container, device);
      this.body = $('<div>', { class: 'edge-trainer-form' }).appendTo(container);
      this.build(this.draft === undefined ? undefined : 'json');
    }

    /** What was entered; {} = the board's own definition is used; a text = what is written as JSON and is none. */
    get value(): Json | string {
      const written = this.takeJson();
      return written !== undefined && 'draft' in written ? written.draft : clone(this.written());
    }

    close(): void {
      window.clearTimeout(this.timer);
      this.asked++;
      this.json?.close();
      this.json = undefined;
    }

    private get family(): Family {
      return familyOf(this.facts, this.definition);
    }

    private get board(): Board | undefined {
      const named = String(this.definition.board ?? this.property('board').default);
      return this.facts.boards.find(({ name }) => name === named);
    }

    /** Pages of the family; channels are asked for where a board has some, or the definition names them. */
    private pages(): string[] {
      const { outputs, io } = this.definition;
      const single = arrayIn(this.definition) === undefined || readsWindow(this.definition);
      const decides = outputs === undefined && single;
      const local = io !== undefined || (decides && hasChannels(this.board));
      return this.family.pages.filter((name) => name !== 'io' || local);
    }

    /** Builds the pages anew, and opens `page` if it is there. */
    private build(page?: string): void {
      const { activeElement: before } = document;
      const within = before !== null && $(before).closest(this.body).length > 0;
      this.fill(page);
      if (!within || this.tabs?.page === 'json') return;
      // The keyboard goes on where it was, or at the tab.
      const again = this.body
        .find('[id]')
        .filter((_, element) => element.id !== '' && element.id === before.id);
      (again.length > 0 ? again : this.body.find('[role="tab"][aria-selected="true"]')).trigger('focus');
    }

    private fill(page?: string): void {
      this.json?.close();
      this.json = undefined;
      this.tabs = undefined;
      this.layers = undefined;
      this.body.empty();
      if (!('model' in this.definition) && this.draft === undefined) {
        this.invite();
        return;
      }
      const pages = this.pages();
      const fill: Readonly<Record<string, (element: JQuery) => void>> = {
        general: (element) => this.general(element),
        inputs: (element) => this.inputs(element),
        classes: (element) => this.classes(element),
        model: (element) => this.tagged(element, 'model', 'type', this.family.words),
        start: (element) =>
          startPage(element, {
            node: this.property('startRule'),
            definition: () => this.definition,
            labels: () => labelsOf(this.definition),
            changed: this.changed,
            rebuild: () => this.build('start'),
          }),
        feedback: (element) => this.tagged(element, 'feedback', 'rule', 'feedback'),
        learning: (element) => this.learning(element),
        io: (element) =>
          ioPage(element, {
            ...{ node: this.property('io'), board: this.board, changed: this.changed },
            definition: () => this.definition,
            labels: () => labelsOf(this.definition),
            rebuild: () => this.build('io'),
          }),
        json: (element) => {
          this.json = new JsonPage(element, this.changed);
        },
      };
      const shown = this.draft === undefined ? pages : ['json'];
      this.tabs = new Tabs(
        this.body,
        shown.map((name) => ({
          name,
          label: text(`form.tab.${name}`),
          expert: EXPERT.has(name) && this.draft === undefined,
          fill: fill[name] ?? (() => undefined),
        })),
        (from, to) => this.mayLeave(from, to),
      );
      if (page !== undefined && this.tabs.has(page)) this.tabs.show(page);
      if (this.tabs.page === 'json') this.showJson();
      this.ask();
    }

    /** Nothing is defined yet. */
    private invite(): void {
      $('<p>', { text: text('form.noDefinition') }).appendTo(this.body);
      $('<p>', { text: text('form.begin') }).appendTo(this.body);
      templateList(this.body, ({ definition, page }) => {
        this.definition = definition();
        this.build(page);
      });
      this.importing(this.body);
      this.bar.none();
    }

    /** The JSON page is left with what is written there, or not at all. */
    private mayLeave(from: string, to: string): boolean {
      if (from === 'json') {
        const before = JSON.stringify(this.written());
        const written = this.takeJson();
        if (written !== undefined && 'draft' in written) {
          this.bar.say(`${text('form.badJson')} ${written.problem}`);
          return false;
        }
        if (JSON.stringify(this.definition) === before) return true;
        this.build(to);
        return false;
      }
      if (to === 'model') this.layers?.offerPresets();
      // Its rows are the features as they are now.
      if (to === 'io') {
        this.tabs?.refill(to);
        markFields(this.body, this.found);
      }
      if (to === 'json') window.setTimeout(() => this.showJson());
      return true;
    }

    /** Shows the field that a problem is about. */
    private goTo(page: string, path: string): void {
      this.tabs?.open(page);
      const field = fieldAt(this.body, path);
      field.parents('details').prop('open', true);
      field.find('input, select, button').addBack('input, select').first().trigger('focus');
    }

    /** A change that other parts of the form do not depend on. */
    private readonly changed = (): void => {
      window.clearTimeout(this.timer);
      this.timer = window.setTimeout(() => this.ask(), ASK_AFTER_MS);
    };

    private section(name: string): Json {
      return sectionOf(this.definition, name);
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

    private top(element: JQuery, name: string): void {
      fieldRow(this.property(name), {
        holder: () => this.definition,
        name,
        path: name,
        words: `trainer.${name}`,
        changed: this.changed,
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
          changed: () => {
            if (this.tabs?.has('io') === this.pages().includes('io')) this.changed();
            else this.build('general');
          },
          choices: () => this.facts.boards.map(({ name }) => name),
        },
      ).appendTo(element);
      board.find('option').each((_, option) => {
        const facts = this.facts.boards.find(({ name }) => name === $(option).val());
        if (facts !== undefined) $(option).text(boardTitle(facts));
      });
      for (const name of this.family.general) this.top(element, name);
      this.fields(element, 'save', this.property('save'), 'save');
      $('<button>', { type: 'button', class: 'red-ui-button edge-trainer-drop', text: text('form.drop') })
        .on('click', () => {
          this.definition = {};
          this.build();
        })
        .appendTo(element);
    }

    private inputs(element: JQuery): void {
      const { inputs: name, words } = this.family;
      inputsPage(element, {
        ...{ node: this.property(name), name, device: this.device },
        definition: () => this.definition,
        rows: () => this.list(name),
        changed: () => {
          followFeatures(this.definition);
          this.changed();
        },
        choose:
          words === 'dnn'
            ? (array) => {
                this.choices.chooseArray(array);
                this.build('inputs');
              }
            : undefined,
        rebuild: () => {
          followFeatures(this.definition);
          this.build('inputs');
        },
      });
    }

    private classes(element: JQuery): void {
      classesPage(element, {
        ...{ body: this.body, changed: this.changed, definition: () => this.definition },
        property: (name) => this.property(name),
        list: (name) => this.list(name),
        choose:
          this.family.words === 'dnn'
            ? (values) => {
                this.choices.chooseValues(values);
                this.build('classes');
              }
            : undefined,
      });
    }

    /** A section whose fields depend on a tag: the model's type, the feedback's rule. */
    private tagged(element: JQuery, name: string, tag: string, words: string): void {
      const branches = this.property(name).oneOf ?? [];
      const values = branches.map((branch) => branch.properties?.[tag]?.const ?? '');
      const chosen = String(this.section(name)[tag] ?? values[0]);
      this.section(name)[tag] = chosen;
      tagRow(element, `${name}.${tag}`, values, chosen, (value) => {
        this.choices.choose(name, tag, value);
        this.build(name);
      });
      $('<p>', { class: 'edge-trainer-hint', text: text(`form.about.${chosen}`) }).appendTo(element);
      const branch = branches.find((candidate) => candidate.properties?.[tag]?.const === chosen);
      if (branch !== undefined) this.fields(element, name, branch, words);
    }

    private fields(element: JQuery, name: string, node: SchemaNode, words: string): void {
      for (const [field, property] of Object.entries(node.properties ?? {})) {
        if (property.const !== undefined) continue;
        if (property.type === 'array') {
          this.importing(element);
          this.layers = new LayerList(element, {
            node: property,
            model: () => this.section(name),
            counts: () => countsOf(this.definition),
            changed: this.changed,
            rebuild: () => this.build(name),
          });
          continue;
        }
        const isLabel = CLASS_FIELDS.includes(field);
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

    private importing(element: JQuery): void {
      importPart(element, {
        definition: () => this.definition,
        most: this.facts.importMost,
        done: this.imported,
        take: (definition, done) => {
          this.imported = done;
          this.definition = definition;
          this.build('model');
        },
      });
    }

    private learning(element: JQuery): void {
      $('<p>', { class: 'edge-trainer-hint', text: text('form.about.learning') }).appendTo(element);
      for (const name of this.family.learning) {
        $('<h4>', { text: text(`form.heading.${name}`) }).appendTo(element);
        this.fields(element, name, this.property(name), name);
      }
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
      this.json?.show(this.draft ?? JSON.stringify(this.written(), null, 2));
    }

    /** Takes over what is written as JSON while its page is open. */
    private takeJson(): Written | undefined {
      const written = this.tabs?.page === 'json' ? this.json?.written : undefined;
      if (written === undefined) return undefined;
      if ('document' in written) {
        this.definition = written.document;
        this.draft = undefined;
      }
      return written;
    }

    private ask(): void {
      const number = ++this.asked;
      const written = this.takeJson();
      if (written !== undefined && 'draft' in written) {
        this.bar.say(`${text('form.badJson')} ${written.problem}`);
        this.tabs?.mark(new Set(['json']));
        return;
      }
      const definition = this.written();
      ask<MemoryReport>('memory', definition).then(
        (report) => {
          if (number === this.asked) this.show(definition, report);
        },
        (error: Error) => {
          if (number === this.asked) this.bar.say(error.message);
        },
      );
    }

    private show(definition: Json, report: MemoryReport): void {
      if (report.issues.length === 0 && report.fits) this.changes?.look(definition);
      else this.changes?.clear();
      this.layers?.show(report.network);
      const words = wordsOf(this.facts, definition);
      const found = report.issues.map((issue) => ({
        path: issue.path,
        problem: worded(issue.problem),
        sentence: problemText(issue, words),
        page: placeOf(issue.path, words).page,
      }));
      remember(
        definition,
        found.map(({ sentence }) => sentence),
      );
      this.bar.show(
        report,
        found,
        this.facts.boards.find(({ name }) => name === report.board),
      );
      this.tabs?.mark(new Set(found.map(({ page }) => page)));
      this.found = found;
      markFields(this.body, found);
    }
  }
}
