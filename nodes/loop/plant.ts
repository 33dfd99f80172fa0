/** The plant of a loop node: what its registers and its messages say, and where its values go. */
import { type CompleteDefinition, windowOf } from '../../trainer/definition';
import type { Features } from '../../trainer/device';
import { FeaturesError, type LoopPlant, type Reading } from '../../trainer/loop';
import { type RegisterPoint, RegisterReader, writeRequest } from '../../trainer/registers';
import { MessageError } from '../shared/message_error';
import type { Plc } from '../shared/plc';
import { sampleOf } from '../shared/registers';

/** The plant counts as away when it has not answered within this time, queue and retries included, in milliseconds. */
const PLANT_MS = 2500;

/** A value is on when it is not 0. */
const isOn = (value: number | undefined): boolean => value !== undefined && value !== 0;

/** Whether features of a message are those of the definition that registers do not give. */
function givesOthers(
  features: Features,
  read: readonly string[],
  definition: CompleteDefinition | undefined,
): boolean {
  if (Array.isArray(features) || ArrayBuffer.isView(features)) return false;
  const others = definition?.features.filter(({ name, id }) => !read.includes(name) && !read.includes(id));
  return others?.some(({ name, id }) => Object.hasOwn(features, name) || Object.hasOwn(features, id)) ?? true;
}

export interface PlantOptions {
  /** Undefined: everything comes and goes by message. */
  readonly plc: Plc | undefined;
  /** Features of messages are too old to decide by after this time, milliseconds. */
  readonly oldAfterMs: number;
  readonly now: () => number;
  /** Of the trainer, as far as it is known. */
  readonly definition: () => CompleteDefinition | undefined;
  /** Gets the features that were read of registers. */
  readonly saw: (features: Record<string, number>) => void;
}

export class NodePlant implements LoopPlant {
  /** What messages have said last. */
  override = false;
  interlock = false;
  private features: Features | undefined;
  private featuresAt = 0;
  private readonly options: PlantOptions;
  private readonly points: readonly RegisterPoint[];
  private readonly actuation: readonly RegisterPoint[];
  private readonly reader: RegisterReader | undefined;

  constructor(options: PlantOptions) {
    this.options = options;
    const { plc } = options;
    const uses = ['feature', 'outcome', 'counter', 'override', 'interlock'] as const;
    this.points = uses.flatMap((use) => plc?.of(use) ?? []);
    this.actuation = plc?.of('actuation') ?? [];
    this.reader =
      plc === undefined || this.points.length === 0 ? undefined : new RegisterReader(plc.bus, this.points);
  }

  /** Whether features come from registers, all or some. */
  get readsFeatures(): boolean {
    return (this.options.plc?.of('feature').length ?? 0) > 0;
  }

  /**
   * Takes the features of a message: all of them, or by name those that registers do not give.
   * @throws MessageError when it gives none of these; what was known before stays
   */
  take(features: Features): void {
    const definition = this.options.definition();
    const read = (this.options.plc?.of('feature') ?? []).map(({ name }) => name);
    if (read.length > 0 && !givesOthers(features, read, definition))
      throw new MessageError('error.loopFeatures', { read: read });
    this.features = features;
    this.featuresAt = this.options.now();
  }

  async read(): Promise<Reading> {
    const values = (await this.reader?.read({ deadlineMs: PLANT_MS })) ?? [];
    const { plc } = this.options;
    const of = (use: 'feature' | 'outcome' | 'counter' | 'override' | 'interlock'): [string, number][] =>
      (plc?.of(use) ?? []).map((point) => [point.name, values[this.points.indexOf(point)] as number]);
    const read = of('feature');
    if (read.length > 0) this.options.saw(Object.fromEntries(read));
    const first = (use: Parameters<typeof of>[0]): number | undefined => of(use)[0]?.[1];
    const override = this.override || of('override').some(([, value]) => isOn(value));
    const interlock = this.interlock || of('interlock').some(([, value]) => isOn(value));
    return {
      // What is not decided by need not be there.
      features: override || interlock ? [] : this.allFeatures(read),
      outcome: first('outcome'),
      counter: first('counter'),
      override,
      interlock,
    };
  }

  async write(value: number): Promise<void> {
    const { plc } = this.options;
    for (const point of this.actuation)
      await plc?.bus.request(writeRequest(point, value), { priority: 'control', deadlineMs: PLANT_MS });
  }

  /** Features of registers, and those of the last message beside them. @throws FeaturesError */
  private allFeatures(read: [string, number][]): Features | undefined {
    const { features, featuresAt } = this;
    const definition = this.options.definition();
    if (definition !== undefined && windowOf(definition) !== undefined)
      return read.length === 0 ? undefined : sampleOf(Object.fromEntries(read), definition);
    if (features === undefined) {
      if (read.length === 0) throw new FeaturesError('none');
      return Object.fromEntries(read);
    }
    const age = this.options.now() - featuresAt;
    if (age > this.options.oldAfterMs) throw new FeaturesError('old', Math.round(age / 1000));
    if (read.length === 0) return features;
    return { ...(features as Record<string, number>), ...Object.fromEntries(read) };
  }
}
