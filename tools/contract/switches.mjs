// What a build may leave out: ET_WITH_<name> in C, with the families of models that are in it, and the options of Zephyr.
import { capital, constant, NOTE } from './read.mjs';

/** Switches that a model needs: its own, or those of the models that it is made of. */
export const switchesOf = ({ name, needs = [name] }) => needs.map(constant);

/** A condition of the preprocessor. @param {readonly string[]} names @param {string} operator */
const all = (names, operator) => names.map((name) => `ET_WITH_${name}`).join(` ${operator} `);

const modelsOf = ({ families }) => families.flatMap(({ models }) => models);

/** Switch -> what it stands for; a model that is made of others has none. */
function switches(contract) {
  return [
    ...modelsOf(contract)
      .filter(({ needs }) => needs === undefined)
      .map(({ name, label }) => ({ name: constant(name), meaning: label })),
    ...contract.switches,
  ];
}

/** Those that are in a build with any of some models. */
const DERIVED = [
  { name: 'STREAM', meaning: 'models that listen to a stream', has: ({ kind }) => kind === 'stream' },
  { name: 'OUTPUTS', meaning: 'continuous outputs', has: ({ outputs }) => outputs === true },
  { name: 'ARRAY', meaning: 'a feature that is an array', has: ({ arrays }) => arrays === true },
];

function derived(contract, { name, meaning, has }) {
  const needed = new Set(modelsOf(contract).filter(has).flatMap(switchesOf));
  return `#define ET_WITH_${name} (${all([...needed], '||')}) /* ${meaning} */`;
}

/** The <name> of every ET_WITH_<name>. */
export const switchNames = (contract) => [...switches(contract), ...DERIVED].map(({ name }) => name);

export function switchesHeader(contract) {
  return [
    '#ifndef EDGE_TRAINER_SWITCHES_H',
    '#define EDGE_TRAINER_SWITCHES_H',
    '',
    '/* Parts of a build: all are in it, but for those that a small board leaves out (-DET_WITH_SVM_KERNEL=0). */',
    ...switches(contract).flatMap(({ name, meaning }) => [
      `#ifndef ET_WITH_${name}`,
      `#define ET_WITH_${name} 1 /* ${meaning} */`,
      '#endif',
    ]),
    '',
    '/* In a build with a model that needs them. */',
    ...DERIVED.map((entry) => derived(contract, entry)),
    '',
    '#endif',
  ];
}

/** Nothing but et_model_find refers to the table, so a program that uses one family alone links that one. */
export function familiesSource(contract) {
  const models = modelsOf(contract);
  const within = (model, line) => [`#if ${all(switchesOf(model), '&&')}`, line, '#endif'];
  return [
    '#include "edge_trainer/model.h"',
    '',
    ...models.map(({ ops }) => `extern const et_model_ops ${ops};`),
    '',
    'const et_model_ops *const et_families[] = {',
    ...models.flatMap((model) => within(model, `  &${model.ops},`)),
    '  NULL,',
    '};',
  ];
}

/** Options of Zephyr: one a switch. */
function kconfig(contract) {
  return [
    `# ${NOTE}`,
    'config EDGE_TRAINER',
    '\tbool "Edge Trainer: models that train on the device, and a Modbus device around them"',
    '',
    'if EDGE_TRAINER',
    '',
    ...switches(contract).flatMap(({ name, meaning }) => [
      `config EDGE_TRAINER_${name}`,
      `\tbool "${capital(meaning)}"`,
      '\tdefault y',
      '',
    ]),
    'endif',
    '',
  ].join('\n');
}

export const zephyrFiles = (contract) => ({ 'firmware/ports/arduino/zephyr/Kconfig': kconfig(contract) });
