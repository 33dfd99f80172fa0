/**
 * The sparse scheme that fits a board at the least loss. A short training with the head and one part more says what each part is worth
 * (Lin et al. 2022, section 3.2, measure it in the same way); a beam search adds parts up under the board's memory; the best of its
 * schemes, and the plain ones beside them, are trained with several seeds, and the least loss wins.
 */
import {
  boardOf,
  type CompleteDefinition,
  encodeDefinition,
  type MemoryPlanner,
  memoryError,
  planMemory,
} from '../definition';
import type { NetworkWeights } from '../network';
import { text } from '../text';
import { firmwarePlanner } from '../virtual';
import { type FitData, FitError, type Outcome, trained } from './run';
import { changed, headOf, networkOf, type Part, partsOf, type Scheme, schemeOf, withScheme } from './scheme';

const EPOCHS_MOST = 8;
const SEEDS = 3;
const BEAM = 8;
/** Schemes of the search that are trained. */
const TRIED = 4;
/** Tried beside the search, also where they do not fit. */
const PLAIN = ['frozen', 'bias', 'all'] as const;
/** More than any board has. */
const UNBOUNDED = 0xffff_fff0;

/** What training one part of a layer is worth, beside the head. */
export interface Sensitivity {
  /** The first is 1. */
  readonly layer: number;
  readonly part: Part;
  readonly neededBytes: number;
  readonly loss: number;
  /** Loss with the head alone, less this one. */
  readonly gain: number;
}

export interface Candidate {
  readonly scheme: Scheme;
  readonly neededBytes: number;
  readonly fits: boolean;
  /** Multiply-accumulates of a backward pass. */
  readonly backwardMacs: number;
  /** From the sensitivities alone. */
  readonly expectedLoss: number;
  /** Mean over the seeds. */
  readonly loss: number;
  readonly accuracy: number;
}

export interface Fit {
  readonly board: string;
  readonly arenaBytes: number;
  /** Of every short training. */
  readonly epochs: number;
  readonly seeds: number;
  readonly sensitivities: readonly Sensitivity[];
  /** Least loss first. */
  readonly candidates: readonly Candidate[];
  readonly chosen: Candidate;
  readonly definition: CompleteDefinition;
}

export interface FitOptions {
  /** Default: the board of the definition. */
  readonly board?: string;
  readonly onProgress?: (done: number, total: number) => void;
}

const keyOf = (scheme: Scheme): string => scheme.join();

class Fitting {
  private readonly network: NonNullable<ReturnType<typeof networkOf>>;
  private readonly needs = new Map<string, number>();
  private readonly short: CompleteDefinition;
  private readonly gains = new Map<string, number>();
  private base = 0;
  private done = 0;

  constructor(
    private readonly definition: CompleteDefinition,
    private readonly weights: NetworkWeights,
    private readonly data: FitData,
    private readonly planner: MemoryPlanner,
    private readonly arena: number,
    private readonly onProgress: (done: number, total: number) => void,
  ) {
    const network = networkOf(definition);
    if (network === undefined) throw new FitError(text('fit.noNetwork'));
    this.network = network;
    const epochs = Math.min(network.epochs, EPOCHS_MOST);
    this.short = { ...definition, model: { ...network, epochs, patience: 0, warmStart: true } };
  }

  get epochs(): number {
    return networkOf(this.short)?.epochs ?? 0;
  }

  private need(scheme: Scheme): number {
    const key = keyOf(scheme);
    const known = this.needs.get(key);
    if (known !== undefined) return known;
    const { total } = planMemory(withScheme(this.definition, scheme), this.planner, UNBOUNDED);
    this.needs.set(key, total);
    return total;
  }

  private async run(scheme: Scheme, seed: number): Promise<Outcome> {
    const outcome = await trained(withScheme(this.short, scheme), this.weights, this.data, seed);
    this.onProgress(++this.done, this.runs);
    return outcome;
  }

  /** Layers besides the head, with the parts that can be added to them. */
  private get steps(): readonly (readonly [number, Part])[] {
    const head = headOf(this.network);
    return this.network.layers.flatMap((_, index) =>
      index === head
        ? []
        : partsOf(this.network, index)
            .slice(1)
            .map((part) => [index, part] as const),
    );
  }

  private get runs(): number {
    return 1 + this.steps.length + SEEDS * (TRIED + PLAIN.length);
  }

  async sensitivities(): Promise<Sensitivity[]> {
    const head = schemeOf(this.network, 'frozen');
    if (this.need(head) > this.arena)
      throw memoryError(withScheme(this.definition, head), this.need(head), this.arena, this.planner);
    const { seed } = this.definition;
    this.base = (await this.run(head, seed)).loss;
    const found: Sensitivity[] = [];
    for (const [index, part] of this.steps) {
      const scheme = changed(head, index, part);
      const { loss } = await this.run(scheme, seed);
      const gain = this.base - loss;
      this.gains.set(`${index} ${part}`, gain);
      found.push({ layer: index + 1, part, neededBytes: this.need(scheme), loss, gain });
    }
    return found;
  }

  private gainOf(scheme: Scheme): number {
    return scheme.reduce((sum, part, index) => sum + (this.gains.get(`${index} ${part}`) ?? 0), 0);
  }

  /** Schemes that fit, the best first: a beam search over the parts that are worth something. */
  private search(): Scheme[] {
    const found = new Map<string, Scheme>();
    let beam: Scheme[] = [schemeOf(this.network, 'frozen')];
    const best = (schemes: Iterable<Scheme>): Scheme[] =>
      [...schemes].sort((a, b) => this.gainOf(b) - this.gainOf(a) || this.need(a) - this.need(b));
    while (beam.length > 0) {
      const next = new Map<string, Scheme>();
      for (const scheme of beam)
        for (const [index, part] of this.steps) {
          const larger = changed(scheme, index, part);
          if (found.has(keyOf(larger)) || this.gainOf(larger) <= this.gainOf(scheme)) continue;
          if (this.need(larger) <= this.arena) next.set(keyOf(larger), larger);
        }
      beam = best(next.values()).slice(0, BEAM);
      for (const scheme of beam) found.set(keyOf(scheme), scheme);
    }
    return best(found.values()).slice(0, TRIED);
  }

  private async candidate(scheme: Scheme): Promise<Candidate> {
    let [loss, accuracy] = [0, 0];
    for (let i = 0; i < SEEDS; i++) {
      const outcome = await this.run(scheme, this.definition.seed + i);
      loss += outcome.loss / SEEDS;
      accuracy += outcome.accuracy / SEEDS;
    }
    const plan = this.planner.network(encodeDefinition(withScheme(this.definition, scheme)));
    const neededBytes = this.need(scheme);
    return {
      ...{ scheme, neededBytes, fits: neededBytes <= this.arena, backwardMacs: plan?.backwardMacs ?? 0 },
      ...{ expectedLoss: this.base - this.gainOf(scheme), loss, accuracy },
    };
  }

  /** Those of the search and the plain ones, the least loss first. */
  async candidates(): Promise<Candidate[]> {
    const plain = PLAIN.map((part) => schemeOf(this.network, part));
    const all = new Map([...plain, ...this.search()].map((scheme) => [keyOf(scheme), scheme]));
    const found: Candidate[] = [];
    for (const scheme of all.values()) found.push(await this.candidate(scheme));
    return found.sort((a, b) => a.loss - b.loss || a.neededBytes - b.neededBytes);
  }
}

/**
 * @throws FitError, DefinitionError, WeightsError; MemoryError when the board does not even hold a training of the head alone
 */
export async function fitScheme(
  definition: CompleteDefinition,
  weights: NetworkWeights,
  data: FitData,
  { board = definition.board, onProgress = () => undefined }: FitOptions = {},
): Promise<Fit> {
  const { arena } = boardOf(board);
  const fitting = new Fitting(definition, weights, data, await firmwarePlanner(), arena, onProgress);
  const sensitivities = await fitting.sensitivities();
  const candidates = await fitting.candidates();
  const chosen = candidates.find(({ fits }) => fits) as Candidate;
  return {
    ...{ board, arenaBytes: arena, epochs: fitting.epochs, seeds: SEEDS, sensitivities, candidates, chosen },
    definition: withScheme(definition, chosen.scheme),
  };
}
