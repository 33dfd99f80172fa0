/** The address list that a PLC programmer needs for one definition: what to write, what to read, in which units. */
import {
  BulkObject,
  Limits,
  type Register,
  type RegisterName,
  Registers,
} from '../contract/contract.generated';
import { type CompleteDefinition, isStream, outputsOf } from '../definition';
import { type ArrayFeature, arrayOf, samplesOf, type WindowFeature, windowOf } from '../definition/array';
import { csvCell } from '../device';

export interface SheetRow {
  /** Protocol address, from 0. */
  readonly address: number;
  /** Holding register number of the data model, from 40001. */
  readonly number: number;
  readonly words: number;
  readonly name: string;
  readonly type: string;
  readonly access: string;
  /** Register units per engineering unit; empty where they are the same. */
  readonly scale: string;
  readonly unit: string;
  /** In engineering units. */
  readonly range: string;
  readonly meaning: string;
}

export interface Sheet {
  readonly title: string;
  readonly registers: readonly SheetRow[];
  /** What the decision registers show for each class. */
  readonly classes: readonly {
    readonly code: number;
    readonly label: string;
    readonly actuation: number;
    readonly bit: number;
  }[];
}

const FIRST_HOLDING_REGISTER = 40_001;
const FIRST_CLASS_BIT = 16;
/** Blocks that a decision or a stream alone needs. */
const DECISION_ONLY: readonly RegisterName[] = ['ticket', 'features'];
const STREAM_ONLY: readonly RegisterName[] = ['sampleSequence', 'sampleCount', 'sampleValues'];
const OUTPUTS_ONLY: readonly RegisterName[] = [
  'outputs',
  'targetTicket',
  'targetKind',
  'targets',
  'targetClaim',
];

function row(register: Register, name: string, more: Partial<SheetRow> = {}): SheetRow {
  return {
    address: register.address,
    number: FIRST_HOLDING_REGISTER + register.address,
    words: register.words,
    name,
    type: register.type,
    access: register.access,
    scale: '',
    unit: register.unit ?? '',
    range: '',
    meaning: register.doc,
    ...more,
  };
}

/** An array travels in pages before its ticket; the registers of the features take its check sum. */
function arrayRows({ name, unit, min, max, count }: ArrayFeature): SheetRow[] {
  const pages = Math.ceil(count / Limits.PAGE_BYTES);
  const meanings = {
    bulkObject: `${BulkObject.INPUT}: the array "${name}"`,
    bulkPage: `page of the array, 0 to ${pages - 1}, in order`,
    bulkTotal: `${count}, with every page`,
    bulkLength: `bytes in this page: ${Limits.PAGE_BYTES}, the last page the rest`,
    bulkCrc: Registers.bulkCrc.doc,
  } as const;
  return [
    row({ ...Registers.features, words: 2, type: 'u32' }, `${name}, check sum`, {
      meaning: `CRC-32 (IEEE 802.3) of all ${count} bytes; write it with the ticket, behind the last page`,
    }),
    ...(Object.keys(meanings) as (keyof typeof meanings)[]).map((key) =>
      row(Registers[key], key, { meaning: meanings[key] }),
    ),
    row(Registers.bulkData, name, {
      ...{ unit, range: `${min} to ${max}` },
      meaning: `${count} values, a byte each, the first in the high half: 0 is ${min}, 255 is ${max}`,
    }),
  ];
}

/** A window is streamed before its ticket; the register of the features takes the number of a sample that it must have reached. */
function windowRow(window: WindowFeature): SheetRow {
  const { name, streamChannels } = window;
  const channels = streamChannels === 1 ? '' : ` of ${streamChannels} channels`;
  return row({ ...Registers.features, words: 1, type: 'u16' }, `${name}, newest sample`, {
    meaning: `number of the last sample that you streamed, or next_sequence - 1; the trainer decides about its newest ${samplesOf(window)} samples${channels}`,
  });
}

/** The values of a frame. */
function sampleRow({ name, unit, min, max, scale }: WindowFeature): SheetRow {
  return row(Registers.sampleValues, name, {
    ...{ scale: String(scale), unit, range: `${min} to ${max}` },
    meaning: `the samples, channel by channel within a sample; write round(value x ${scale})`,
  });
}

function featureRows(definition: CompleteDefinition): SheetRow[] {
  const first = Registers.features;
  const array = arrayOf(definition);
  const window = windowOf(definition);
  if (window !== undefined) return [windowRow(window)];
  if (array !== undefined) return arrayRows(array);
  return definition.features.map(({ name, unit, min, max, scale }, index) =>
    row({ ...first, address: first.address + index, words: 1 }, name, {
      number: FIRST_HOLDING_REGISTER + first.address + index,
      scale: String(scale),
      unit,
      range: `${min} to ${max}`,
      meaning: `feature ${index + 1}; write round(value x ${scale})`,
    }),
  );
}

function outputRows(key: 'outputs' | 'targets', definition: CompleteDefinition): SheetRow[] {
  const first = Registers[key];
  return outputsOf(definition).map(({ name, unit, min, max, scale }, index) =>
    row(
      { ...first, address: first.address + index, words: 1 },
      key === 'outputs' ? name : `${name}, target`,
      {
        number: FIRST_HOLDING_REGISTER + first.address + index,
        scale: String(scale),
        unit,
        range: `${min} to ${max}`,
        meaning:
          key === 'outputs'
            ? `output ${index + 1}; the value is register / ${scale}`
            : `what output ${index + 1} should have been; write round(value x ${scale})`,
      },
    ),
  );
}

function valueRow(name: 'feedbackValue' | 'setPoint', definition: CompleteDefinition): SheetRow {
  const { feedback } = definition;
  if (feedback.rule === 'label') return row(Registers[name], name);
  return row(Registers[name], name, {
    scale: String(feedback.scale),
    unit: feedback.unit,
    meaning: `${Registers[name].doc}; round(value x ${feedback.scale})`,
  });
}

function registersOf(definition: CompleteDefinition): SheetRow[] {
  const stream = isStream(definition);
  const window = windowOf(definition);
  const unneeded = stream ? DECISION_ONLY : window === undefined ? STREAM_ONLY : [];
  const rows: SheetRow[] = [];
  for (const [key, register] of Object.entries(Registers) as [RegisterName, Register][]) {
    if (!register.plc || unneeded.includes(key)) continue;
    if (OUTPUTS_ONLY.includes(key) && outputsOf(definition).length === 0) continue;
    if (key === 'features') rows.push(...featureRows(definition));
    else if (key === 'sampleValues' && window !== undefined) rows.push(sampleRow(window));
    else if (key === 'outputs' || key === 'targets') rows.push(...outputRows(key, definition));
    else if (key === 'feedbackValue' || key === 'setPoint') rows.push(valueRow(key, definition));
    else rows.push(row(register, key));
  }
  return rows.sort((a, b) => a.address - b.address);
}

export function sheetOf(definition: CompleteDefinition): Sheet {
  return {
    title: definition.name,
    registers: registersOf(definition),
    classes: (outputsOf(definition).length > 0 ? [] : definition.classes).map(
      ({ label, actuation }, code) => ({
        code,
        label,
        actuation,
        bit: FIRST_CLASS_BIT + code,
      }),
    ),
  };
}

const CELLS = [
  'address',
  'number',
  'words',
  'name',
  'type',
  'access',
  'scale',
  'unit',
  'range',
  'meaning',
] as const;
const HEAD = ['Address', 'Register', 'Words', 'Name', 'Type', 'Access', 'Scale', 'Unit', 'Range', 'Meaning'];

export function sheetCsv({ registers, classes }: Sheet): string {
  const rows = [
    HEAD,
    ...registers.map((register) => CELLS.map((cell) => register[cell])),
    [],
    ['Class code', 'Label', 'Actuation', 'Discrete input'],
    ...classes.map(({ code, label, actuation, bit }) => [code, label, actuation, bit]),
  ];
  return rows.map((cells) => `${cells.map(csvCell).join(',')}\n`).join('');
}

const markdownCell = (value: string | number): string =>
  String(value).replace(/\|/g, '\\|').replace(/\s+/g, ' ');
const markdownRow = (cells: readonly (string | number)[]): string =>
  `| ${cells.map(markdownCell).join(' | ')} |`;
const markdownHead = (cells: readonly string[]): string[] => [
  markdownRow(cells),
  `|${'---|'.repeat(cells.length)}`,
];

export function sheetMarkdown({ title, registers, classes }: Sheet): string {
  const lines = [
    `# ${title || 'Trainer'}: registers for the PLC`,
    '',
    'Addresses are protocol addresses, from 0. Holding registers (FC 3, 6, 16, 23) and input registers (FC 4) are the same. Values wider than one register come high word first.',
    '',
    ...markdownHead(HEAD),
    ...registers.map((register) => markdownRow(CELLS.map((cell) => register[cell]))),
  ];
  if (classes.length > 0)
    lines.push(
      '',
      '## Classes',
      '',
      ...markdownHead(['Code', 'Label', 'Actuation', 'Discrete input']),
      ...classes.map(({ code, label, actuation, bit }) => markdownRow([code, label, actuation, bit])),
    );
  return `${lines.join('\n')}\n`;
}
