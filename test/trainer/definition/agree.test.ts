import assert from 'node:assert/strict';
import {
  boardOf,
  definitionSchema,
  encodeDefinition,
  fieldAtOffset,
  findIssues,
  firmwarePlanner,
  knownBoards,
  largestCapacity,
  MemoryError,
  type MemoryPlanner,
  parseDefinition,
  planMemory,
  type SchemaNode,
  type TrainerDefinition,
  TrainerErrors,
} from '../../../trainer';
import { uniform } from '../../support/random';
import { comfort, kernel, motor, plant, reconstructed, smallest, vibration } from './examples';

/** A value that the schema allows: an end of the range, the default, or something in between. */
function anyValue(node: SchemaNode, random: () => number): unknown {
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  if (node.default !== undefined && random() < 0.25) return node.default;
  if (node.anyOf !== undefined) return anyValue(pick(node.anyOf), random);
  if (node.const !== undefined) return node.const;
  if (node.enum !== undefined) return pick(node.enum);
  if (node.type === 'boolean') return random() < 0.5;
  if (node.type !== 'number' && node.type !== 'integer') return undefined;
  const least = node.minimum ?? (node.exclusiveMinimum as number) * 1.001;
  const most = node.maximum as number;
  const kind = random();
  if (kind < 0.2) return least;
  if (kind < 0.4) return most;
  // Small values more often than large ones: most ranges are wide.
  const value = least + (most - least) * random() ** 3;
  return node.type === 'integer' ? Math.round(value) : value;
}

/** The document with every plain field of its sections drawn anew, those of its model and rule included. */
function shuffle(document: TrainerDefinition, random: () => number): TrainerDefinition {
  const { properties } = definitionSchema as SchemaNode;
  const drawn: Record<string, unknown> = structuredClone(document) as unknown as Record<string, unknown>;
  for (const name of ['storage', 'scaling', 'outOfRange', 'seed'])
    drawn[name] = anyValue(properties?.[name] as SchemaNode, random);
  for (const section of ['model', 'feedback', 'stitching', 'training', 'save']) {
    const node = properties?.[section] as SchemaNode;
    const given = {
      ...((drawn[section] ?? (section === 'feedback' ? { rule: 'label' } : {})) as Record<string, unknown>),
    };
    const tag = node.discriminator?.propertyName;
    const branch =
      tag === undefined
        ? node
        : node.oneOf?.find((candidate) => candidate.properties?.[tag]?.const === given[tag]);
    for (const [field, fieldNode] of Object.entries(branch?.properties ?? {})) {
      const value =
        field === tag || fieldNode['x-default'] !== undefined ? undefined : anyValue(fieldNode, random);
      if (value !== undefined && random() < 0.7) given[field] = value;
    }
    drawn[section] = given;
  }
  return drawn as unknown as TrainerDefinition;
}

describe('host and firmware agree about definitions', () => {
  let planner: MemoryPlanner;
  before(async () => {
    planner = await firmwarePlanner();
  });

  for (const make of [comfort, smallest, kernel, vibration, motor, plant, reconstructed]) {
    const { model } = make();
    it(`the firmware takes whatever validation lets through (${model.type}, ${make.name})`, () => {
      const random = uniform(2024);
      let taken = 0;
      for (let round = 0; round < 3000; round++) {
        const document = shuffle(make(), random);
        if (findIssues(document).length > 0) continue;
        const definition = parseDefinition(document);
        const { error, detail } = planner.plan(encodeDefinition(definition), 2 ** 27);
        assert.equal(
          error,
          TrainerErrors.OK.code,
          `error ${error} at ${fieldAtOffset(definition, detail)}: ${JSON.stringify(document)}`,
        );
        taken++;
      }
      assert.ok(taken > 200, `only ${taken} documents got that far`);
    }).timeout(20_000);
  }

  it('the plan is the sum that the firmware gives, and grows with the data set', () => {
    const need = (capacity: number): number =>
      planMemory(parseDefinition({ ...comfort(), stitching: { capacity } }), planner).total;
    assert.ok(need(100) < need(101));
    const memory = planMemory(parseDefinition(comfort()), planner);
    assert.ok(memory.dataset + 3 * memory.model + memory.shared + memory.work <= memory.total);
  });

  for (const name of knownBoards().filter((board) => boardOf(board).arena >= 4096)) {
    it(`says exactly how many samples fit ${name}`, () => {
      const arena = boardOf(name).arena;
      const wide = {
        ...comfort(),
        board: name,
        storage: 'int16' as const,
        features: Array.from({ length: 40 }, (_, i) => ({ name: `f${i}`, min: 0, max: 1 })),
        stitching: { capacity: 4096 },
      };
      const definition = parseDefinition(wide);
      const largest = largestCapacity(definition, planner, arena);
      if (largest === 4096) return assert.ok(planMemory(definition, planner).total <= arena);
      const fits = (capacity: number): boolean => {
        const training = { ...wide.training, minSamples: Math.min(20, capacity) };
        return (
          planner.plan(
            encodeDefinition(parseDefinition({ ...wide, training, stitching: { capacity } })),
            arena,
          ).error === 0
        );
      };
      if (largest > 0) assert.ok(fits(largest));
      assert.ok(!fits(Math.max(2, largest + 1)));
      assert.throws(
        () => planMemory(definition, planner),
        (error: unknown) => error instanceof MemoryError && error.largestCapacity === largest,
      );
    });
  }
});
