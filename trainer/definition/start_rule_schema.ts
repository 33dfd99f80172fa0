/** Schema of the start rule: what decides before anything was learned. */
import { Limits } from '../contract/contract.generated';
import type { SchemaNode } from './schema';

const label = (description: string): SchemaNode => ({
  type: 'string',
  minLength: 1,
  maxLength: 64,
  description,
});
const number = (description: string, minimum: number, maximum: number, fallback?: number): SchemaNode => ({
  type: 'number',
  description,
  minimum,
  maximum,
  ...(fallback === undefined ? {} : { default: fallback }),
});
const tag = (value: string, description: string): SchemaNode => ({
  type: 'string',
  const: value,
  description,
});
const rule = (
  description: string,
  properties: Readonly<Record<string, SchemaNode>>,
  required: readonly string[] = [],
): SchemaNode => ({
  type: 'object',
  description,
  properties,
  required: ['rule', ...required],
  additionalProperties: false,
});

const LARGEST = 1e9;
/** Settings of the rule that follows the truths. */
const FOLLOWING: Readonly<Record<string, SchemaNode>> = {
  follow: {
    ...number(
      'how far a truth moves the steps of a second voice, the rule that follows, at most; 0 = there is none',
      0,
      LARGEST,
    ),
    'x-default': 'an eighth of the distance between the first and the last step; 0 with one step',
  },
  followBy: {
    type: 'array',
    maxItems: Limits.RULE_CONTEXTS,
    description:
      'features that this shift may depend on: people who take turns, a season, another use at weekends; empty = it is the same everywhere',
    items: { type: 'string', minLength: 1, maxLength: 64, description: 'name of a feature' },
    'x-default': 'for a rule that leads the first four features that it does not read, else none',
  },
  hysteresis: number(
    'how far past its end a class stays that is not the default class: fewer switches',
    0,
    LARGEST,
    0,
  ),
  leads: {
    type: 'boolean',
    description:
      'the following rule decides alone until all voices together have shown that they are better: for an actuator that moves what the rule reads',
    'x-default': 'true with a hysteresis',
  },
};

const STEPS: SchemaNode = {
  type: 'array',
  minItems: 1,
  maxItems: Limits.RULE_STEPS,
  description: 'steps, ends ascending',
  items: {
    type: 'object',
    description: 'one step',
    additionalProperties: false,
    required: ['upTo', 'class'],
    properties: {
      upTo: number('its end', -LARGEST, LARGEST),
      class: label('class up to there'),
    },
  },
};

/** One input of the PMV: measured, assumed, or a straight line over a feature. */
const input = (description: string, assumed: number): SchemaNode => ({
  type: 'object',
  description: `${description}: value + slope * feature, or the value alone`,
  additionalProperties: false,
  properties: {
    feature: {
      type: 'string',
      maxLength: 64,
      description: 'name of the feature that carries it',
      'x-default': 'none: the value is assumed',
    },
    value: {
      ...number('assumed value, or what is added', -LARGEST, LARGEST),
      'x-default': `${assumed}; 0 with a feature`,
    },
    slope: { ...number('by which the feature is multiplied', -LARGEST, LARGEST), 'x-default': '1' },
  },
  'x-default': `assumed to be ${assumed}`,
});

/** Values of the inputs of a PMV that the definition leaves out, in the order of ISO 7730. */
export const PMV_INPUTS = {
  air: 22,
  radiant: 22,
  humidity: 50,
  airSpeed: 0.1,
  metabolicRate: 1.2,
  clothing: 0.7,
} as const;

export const START_RULE: SchemaNode = {
  type: 'object',
  description:
    'start rule, such as the previous control of the plant: decides alone until other voices have proved better, and remains one of the voices',
  discriminator: { propertyName: 'rule' },
  required: ['rule'],
  oneOf: [
    rule('always the default class', { rule: tag('default-class', 'the default class') }),
    rule(
      "the PLC's own choice",
      {
        rule: tag('choice', 'a feature carries the class'),
        feature: label('name of the feature; its register holds the index of the class'),
      },
      ['feature'],
    ),
    rule(
      'a dead band on a feature',
      {
        rule: tag('dead-band', 'a feature around a set point'),
        feature: label('name of the feature'),
        setPoint: number('set point', -LARGEST, LARGEST),
        band: number('half width of the band', 0, LARGEST),
        tooLow: label('class below the band'),
        within: label('class within the band'),
        tooHigh: label('class above the band'),
        ...FOLLOWING,
      },
      ['feature', 'setPoint', 'band', 'tooLow', 'within', 'tooHigh'],
    ),
    rule(
      'a design table over a feature',
      {
        rule: tag('table', 'steps over a feature'),
        feature: label('name of the feature'),
        steps: STEPS,
        above: label('class above the last step'),
        ...FOLLOWING,
      },
      ['feature', 'steps', 'above'],
    ),
    rule(
      'predicted mean vote of ISO 7730, from what is measured and what is assumed',
      {
        rule: tag('pmv', 'predicted mean vote'),
        steps: STEPS,
        above: label('class above the last step'),
        air: input('air temperature, degC', PMV_INPUTS.air),
        radiant: {
          ...input('mean radiant temperature, degC', PMV_INPUTS.radiant),
          'x-default': 'the air temperature',
        },
        humidity: input('relative humidity, %', PMV_INPUTS.humidity),
        airSpeed: input('air speed in the room, m/s', PMV_INPUTS.airSpeed),
        metabolicRate: input('metabolic rate, met', PMV_INPUTS.metabolicRate),
        clothing: input('clothing, clo', PMV_INPUTS.clothing),
        ...FOLLOWING,
      },
      ['steps', 'above', 'air'],
    ),
  ],
  default: { rule: 'default-class' },
};
