/** Schema of the section io: the loop that a board closes by itself. */
import { Limits } from '../contract/contract.generated';
import type { SchemaNode } from './schema';

const LARGEST = 1e9;
/** 255 stands for no channel. */
const CHANNEL_MOST = 254;

const channel = (description: string): SchemaNode => ({
  type: 'integer',
  description,
  minimum: 0,
  maximum: CHANNEL_MOST,
});

/** How a channel becomes a value. */
const READING: Readonly<Record<string, SchemaNode>> = {
  channel: channel('input channel of the board, see its documentation'),
  gain: {
    type: 'number',
    description: 'engineering units per unit of the channel',
    minimum: -LARGEST,
    maximum: LARGEST,
    default: 1,
  },
  offset: {
    type: 'number',
    description: 'value where the channel reads 0',
    minimum: -LARGEST,
    maximum: LARGEST,
    default: 0,
  },
};

export const LOCAL_IO: SchemaNode = {
  type: 'object',
  description:
    'channels of the board itself, which then closes the loop without a master: it reads the features, decides and drives its own output',
  additionalProperties: false,
  required: ['intervalMs', 'inputs', 'output'],
  'x-default': 'a master asks for the decisions',
  properties: {
    intervalMs: {
      type: 'integer',
      description: 'from one decision to the next; with an outcome at least the settling time of feedback',
      minimum: Limits.LOCAL_INTERVAL_LEAST,
      maximum: Limits.LOCAL_INTERVAL_MOST,
      'x-unit': 'ms',
    },
    inputs: {
      type: 'array',
      description:
        'where each feature comes from: value = offset + gain * channel; empty for a window, which the stream gives',
      minItems: 0,
      maxItems: Limits.FEATURES_MAX,
      items: {
        type: 'object',
        description: 'one feature',
        additionalProperties: false,
        required: ['feature', 'channel'],
        properties: {
          feature: { type: 'string', minLength: 1, maxLength: 64, description: 'name of the feature' },
          ...READING,
        },
      },
    },
    outcome: {
      type: 'object',
      description:
        'where the outcome comes from, which judges the previous decision; with the rule label the channel gives the index of the right class, and any other value gives no outcome',
      additionalProperties: false,
      required: ['channel'],
      properties: READING,
      'x-default': 'a master reports it, or nobody',
    },
    output: channel('output channel of the board for the actuation value of the class'),
    failSafe: {
      type: 'string',
      minLength: 1,
      maxLength: 64,
      description:
        'label of the class that drives the output at the start, while a channel fails, a feature is out of its range or the process reports a sensor fault',
      'x-default': 'the default class',
    },
  },
};
