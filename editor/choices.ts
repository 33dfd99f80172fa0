/** Another model or another rule in a definition: it stays valid, and the way back brings everything back. */
namespace EdgeTrainer {
  /** Sections that only one kind of model has; the first of them lists its inputs. */
  const SUPERVISED: readonly string[] = [
    ...['features', 'classes', 'outputs', 'defaultClass', 'feedback', 'startRule', 'io'],
  ];
  const STREAM: readonly string[] = ['channels'];

  /** A section of the definition, made where it is missing. */
  export function sectionOf(definition: Json, name: string): Json {
    const present = definition[name];
    if (isObject(present)) return present;
    const fresh: Json = {};
    definition[name] = fresh;
    return fresh;
  }

  /** Labels of the classes that have one. */
  export function labelsOf(definition: Json): string[] {
    return (Array.isArray(definition.classes) ? definition.classes : [])
      .map((entry: unknown) => (isObject(entry) ? entry.label : undefined))
      .filter((label): label is string => typeof label === 'string' && label !== '');
  }

  /** What a network reads, and of how many channels; `classes`: what its last layer has a unit for each of. */
  export interface Counts {
    readonly features: number;
    readonly classes: number;
    readonly channels: number;
  }

  export function countsOf(definition: Json): Counts {
    const count = (name: string): number => (definition[name] as unknown[] | undefined)?.length ?? 0;
    const values = Number(arrayIn(definition)?.count ?? count('features'));
    return {
      features: Number.isInteger(values) ? values : 0,
      classes: count(givesValues(definition) ? 'outputs' : 'classes'),
      channels: Number(arrayIn(definition)?.streamChannels) || 1,
    };
  }

  export class Choices {
    private readonly facts: Facts;
    private readonly document: () => Json;
    /** Sections of models and rules that were left, as long as the dialog is open. */
    private readonly aside = new Map<string, Json>();

    constructor(facts: Facts, document: () => Json) {
      this.facts = facts;
      this.document = document;
    }

    private get definition(): Json {
      return this.document();
    }

    /**
     * Another model or rule: what both know is kept, the rest is laid aside, so that the definition stays valid and the way back
     * brings everything back.
     */
    choose(name: string, tag: string, value: string): void {
      const branch = this.facts.schema.properties?.[name]?.oneOf?.find(
        (candidate) => candidate.properties?.[tag]?.const === value,
      );
      const before = sectionOf(this.definition, name);
      const known = Object.entries(before).filter(([key]) => branch?.properties?.[key] !== undefined);
      this.aside.set(`${name} ${String(before[tag])}`, before);
      const laidAside = this.aside.get(`${name} ${value}`);
      this.definition[name] = { ...laidAside, ...Object.fromEntries(known), [tag]: value };
      if (name === 'model') {
        const was = familyOf(this.facts, { model: before });
        const now = familyOf(this.facts, this.definition);
        if (now.words !== 'dnn') {
          this.chooseValues(false);
          this.chooseArray(undefined);
        }
        this.chooseInputs(was.stream, now.stream);
        this.chooseGeneral(was.general, now.general);
        if (branch?.properties?.layers !== undefined && laidAside === undefined) this.network();
      } else if (laidAside === undefined) this.startRule(value);
    }

    /** A network gives continuous values from now on, or a class again. */
    chooseValues(values: boolean): void {
      chooseValues(this.definition, values, this.aside);
    }

    /** A network reads this array from now on, or single values again. */
    chooseArray(array: Json | undefined): void {
      const most = this.facts.schema.properties?.features?.maxItems ?? 1;
      chooseArray(this.definition, array, most, this.aside);
    }

    /** A network that is chosen for the first time has layers. */
    private network(): void {
      const { features, classes } = countsOf(this.definition);
      Object.assign(
        sectionOf(this.definition, 'model'),
        networkPresets[0]?.model(Math.max(1, features), classes),
      );
    }

    /** Fields of the first page that another family does not have are laid aside, too. */
    private chooseGeneral(before: readonly string[], after: readonly string[]): void {
      const { definition } = this;
      for (const name of before.filter((field) => !after.includes(field) && field in definition)) {
        this.aside.set(name, { [name]: definition[name] });
        delete definition[name];
      }
      for (const name of after.filter((field) => !before.includes(field)))
        Object.assign(definition, this.aside.get(name));
    }

    /** A rule that is chosen for the first time says something valid. */
    private startRule(rule: string): void {
      const feedback = sectionOf(this.definition, 'feedback');
      const [first = '', ...rest] = labelsOf(this.definition);
      const last = rest.at(-1) ?? first;
      if (rule === 'dead-band')
        Object.assign(feedback, { setPoint: 0, band: 1, tooLow: first, tooHigh: last });
      if (rule === 'tracking') Object.assign(feedback, { setPoint: 0, gain: 1 });
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
        Object.fromEntries(
          leaving.filter((field) => field in definition).map((field) => [field, definition[field]]),
        ),
      );
      for (const field of leaving) delete definition[field];
      const { features, ...others } = templates[0]?.definition() ?? {};
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
  }
}
