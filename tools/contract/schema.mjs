// The JSON schema of the trainer definition. Defaults that depend on other fields are marked with `x-default` (a sentence).
import { choicesOf, NOTE } from './read.mjs';

function nodeOf(field, contract) {
  const { map, number, definition } = contract;
  const description = field.meaning;
  const extra = {
    ...(field.default === undefined ? {} : { default: field.default }),
    ...(field.unit === undefined ? {} : { 'x-unit': field.unit }),
    ...(field.derived === undefined ? {} : { 'x-default': field.derived }),
  };
  switch (field.kind) {
    case 'text':
      return {
        type: 'string',
        minLength: field.default === '' ? 0 : 1,
        maxLength: field.length,
        description,
        ...extra,
      };
    case 'texts':
      return {
        type: 'array',
        maxItems: number(field.most),
        items: { type: 'string', maxLength: field.length, description: field.entry },
        description,
        ...extra,
      };
    case 'flag':
      return { type: 'boolean', description, ...extra };
    case 'choice':
      return { type: 'string', enum: choicesOf(field, map), description, ...extra };
    case 'list': {
      if (field.variants !== undefined)
        return {
          type: 'array',
          minItems: number(field.least),
          maxItems: number(field.most),
          items: tagged({ ...field, meaning: field.entry }, {}, field.variants, contract),
          description,
          ...extra,
        };
      const { fields } = field.like ? definition.document.find((entry) => entry.name === field.like) : field;
      return {
        type: 'array',
        minItems: number(field.least),
        maxItems: number(field.most),
        items: objectOf(field.entry, fields, contract),
        description,
        ...extra,
      };
    }
    case 'object':
      return { ...objectOf(description, field.fields, contract), ...extra };
    case 'variants':
      return tagged(
        field,
        extra,
        field.variants.map((variant) => ({
          ...variant,
          fields: [...variant.fields, ...field.fields],
        })),
        contract,
      );
    case 'family':
      return tagged(
        field,
        extra,
        contract.families.flatMap(({ models, fields }) =>
          models.map((model) => ({
            ...model,
            fields: fields.filter((field) => (field.models ?? [model.name]).includes(model.name)),
          })),
        ),
        contract,
      );
    case 'integer':
    case 'number':
      return numberOf(field, extra, number);
    default:
      throw new Error(`${field.name}: unknown kind ${field.kind}`);
  }
}

function numberOf(field, extra, number) {
  const least =
    field.above === undefined ? { minimum: number(field.min) } : { exclusiveMinimum: field.above };
  const node = { type: field.kind, ...least, maximum: number(field.max) };
  if (field.word === undefined) return { ...node, description: field.meaning, ...extra };
  return { description: field.meaning, anyOf: [node, { type: 'string', const: field.word }], ...extra };
}

function objectOf(description, fields, contract, tag) {
  const properties = Object.fromEntries(fields.map((field) => [field.name, nodeOf(field, contract)]));
  const required = fields.filter((field) => field.required).map((field) => field.name);
  return {
    type: 'object',
    description,
    properties: tag === undefined ? properties : { [tag.name]: tag.node, ...properties },
    required: tag === undefined ? required : [tag.name, ...required],
    additionalProperties: false,
  };
}

function tagged(field, extra, branches, contract) {
  return {
    type: 'object',
    description: field.meaning,
    discriminator: { propertyName: field.tag },
    required: [field.tag],
    oneOf: branches.map((branch) =>
      objectOf(branch.meaning, branch.fields, contract, {
        name: field.tag,
        node: { type: 'string', const: branch.name, description: branch.label },
      }),
    ),
    ...extra,
  };
}

export function schemaFiles(contract) {
  const { definition } = contract;
  const { properties } = objectOf('', definition.document, contract);
  const schema = {
    $id: definition.id,
    title: 'Edge Trainer definition',
    type: 'object',
    additionalProperties: false,
    required: definition.document.filter((field) => field.required).map((field) => field.name),
    properties: { $schema: { type: 'string', description: 'for editors; not used' }, ...properties },
  };
  return {
    'trainer/contract/schema.generated.ts': [
      `// ${NOTE}`,
      '',
      '/** JSON schema of the trainer definition; valid (draft 7 and later) on its own. */',
      `export const definitionSchema = ${JSON.stringify(schema, null, 2)} as const;`,
      '',
    ].join('\n'),
  };
}
