/**
 * JSON schema of the trainer definition, generated from firmware/contract/definition.json and families/: every field with its range,
 * unit, default and meaning. Validation (validate.ts), the defaults (complete.ts), docs/definition.md and the editor's form all read it
 * from here.
 *
 * Defaults that depend on other fields are marked with `x-default` (a sentence); complete.ts computes them.
 */
import { definitionSchema as generated } from '../contract/schema.generated';
import { LOCAL_IO } from './local_io_schema';
import { START_RULE } from './start_rule_schema';

/** The part of JSON schema that is used here. */
export interface SchemaNode {
  readonly type?: 'object' | 'array' | 'string' | 'number' | 'integer' | 'boolean';
  readonly description?: string;
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: false;
  readonly items?: SchemaNode;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly enum?: readonly string[];
  readonly const?: string;
  readonly default?: unknown;
  readonly discriminator?: { readonly propertyName: string };
  readonly oneOf?: readonly SchemaNode[];
  readonly anyOf?: readonly SchemaNode[];
  readonly 'x-unit'?: string;
  readonly 'x-default'?: string;
}

const {
  storage,
  scaling,
  outOfRange,
  seed,
  model,
  feedback,
  stitching,
  training,
  save,
  patternNames,
  regimeNames,
  ...first
} = generated.properties;

/** The whole schema; a valid JSON schema (draft 7 and later) on its own. The start rule, whose forms nest, has a file of its own. */
export const definitionSchema = {
  ...generated,
  properties: {
    ...first,
    startRule: START_RULE,
    ...{
      storage,
      scaling,
      outOfRange,
      seed,
      model,
      feedback,
      stitching,
      training,
      save,
      io: LOCAL_IO,
      patternNames,
      regimeNames,
    },
  },
} satisfies SchemaNode & { $id: string; title: string };
