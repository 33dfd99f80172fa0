/** Which column of a table holds which feature, and which the label. */
import { arrayOf, type CompleteDefinition, outputsOf, valueColumns } from '../../definition';
import { CsvError } from './csv_error';
import { type Line, numberOf, type Table } from './table';

export interface Columns {
  /** The values of a sample: for each its name and range. */
  readonly values: readonly CompleteDefinition['features'][number][];
  /** Column of each value, from 0. */
  readonly features: readonly number[];
  /** From 0; undefined for samples without labels. */
  readonly label: number | undefined;
  /** For each continuous output of the definition, from 0. */
  readonly targets: readonly number[];
  /** Whether the first line is a header. */
  readonly header: boolean;
}

/** Names compare without case, spaces, underscores and what is in brackets: "Air temperature (C)" is "air_temperature". */
const plainName = (name: string): string =>
  name
    .toLowerCase()
    .replace(/\(.*?\)|\[.*?\]/g, '')
    .replace(/[\s_-]+/g, '');

/** Name of the label column in the files that `dataset --csv` writes. */
const EXPORTED_LABEL = 'label';

class Header {
  private readonly plain: readonly string[];
  private readonly places: ReadonlyMap<string, number>;

  constructor(
    private readonly table: Table,
    private readonly line: Line,
  ) {
    this.plain = line.fields.map(plainName);
    this.places = new Map(line.fields.map((name, index) => [name, index] as const).reverse());
  }

  /** Column of a name: the same name, else the only one that is alike; undefined = none. @throws CsvError when several are alike */
  find(name: string): number | undefined {
    const exact = this.exactly(name);
    if (exact !== undefined) return exact;
    const alike = this.plain.flatMap((column, index) => (column === plainName(name) ? [index] : []));
    if (alike.length > 1)
      throw this.error(`the columns ${this.names(alike)} could all be "${name}"; rename all but one`);
    return alike[0];
  }

  /** The first column of exactly this name. */
  exactly(name: string): number | undefined {
    return this.places.get(name);
  }

  names(columns: readonly number[] = this.line.fields.map((_, index) => index)): string {
    return columns.map((index) => `"${this.line.fields[index]}"`).join(', ');
  }

  error(problem: string, column = 0): CsvError {
    return new CsvError(this.table.file, [{ line: this.line.number, column, problem }]);
  }
}

function labelColumn(header: Header, count: number, features: readonly number[], name?: string): number {
  if (name !== undefined) {
    const column = header.find(name);
    if (column === undefined)
      throw header.error(`no label column "${name}"; the header has ${header.names()}`);
    return column;
  }
  const exported = header.find(EXPORTED_LABEL);
  if (exported !== undefined && !features.includes(exported)) return exported;
  if (features.includes(count - 1))
    throw header.error(
      `the last column, ${header.names([count - 1])}, is a feature; name the label column with --label`,
      count,
    );
  return count - 1;
}

function byHeader(table: Table, first: Line, definition: CompleteDefinition, label: LabelColumn): Columns {
  const header = new Header(table, first);
  // A file may be from before a feature was renamed: its identity is the name that it had.
  const values = valueColumns(definition);
  const array = arrayOf(definition) !== undefined;
  const features = values.map(({ name, id }) => {
    // Names of an array's values differ in their numbers alone.
    const column = array
      ? (header.exactly(name) ?? header.exactly(id))
      : (header.find(name) ?? header.find(id));
    if (column === undefined)
      throw header.error(
        `no column for ${array ? 'value' : 'feature'} "${name}"; the header has ${array ? `${first.fields.length} columns` : header.names()}`,
      );
    return column;
  });
  const taken = new Map(features.map((column, index) => [column, index] as const).reverse());
  for (const [index, column] of features.entries()) {
    const other = taken.get(column) as number;
    if (other !== index)
      throw header.error(
        `features "${definition.features[other]?.name}" and "${definition.features[index]?.name}" both match column ${header.names([column])}; give each a column of exactly its name`,
        column + 1,
      );
  }
  const outputs = label === 'none' ? [] : outputsOf(definition);
  const targets = outputs.map(({ name, id }) => {
    const column = header.find(name) ?? header.find(id);
    if (column === undefined)
      throw header.error(`no column for output "${name}"; the header has ${header.names()}`);
    return column;
  });
  if (targets.length > 0) return { values, features, label: undefined, targets, header: true };
  const found = label === 'none' ? undefined : labelColumn(header, first.fields.length, features, label.name);
  return { values, features, label: found, targets, header: true };
}

/** Without a header the features come in the order of the definition, the label last. */
function byOrder(table: Table, first: Line, definition: CompleteDefinition, label: LabelColumn): Columns {
  const values = valueColumns(definition);
  const { length } = values;
  const error = (problem: string): CsvError =>
    new CsvError(table.file, [{ line: first.number, column: 0, problem }]);
  if (label !== 'none' && label.name !== undefined)
    throw error(`no header, so there is no column "${label.name}"`);
  const outputs = label === 'none' ? 0 : outputsOf(definition).length;
  const wanted = label === 'none' ? length : length + Math.max(1, outputs);
  if (first.fields.length !== wanted)
    throw error(
      `no header, and ${first.fields.length} columns instead of ${length} ${arrayOf(definition) === undefined ? 'features' : 'values'}${label === 'none' ? '' : outputs > 0 ? ` and ${outputs} targets` : ' and a label'}; add a header with the features' names`,
    );
  return {
    values,
    features: values.map((_, index) => index),
    label: label === 'none' || outputs > 0 ? undefined : length,
    targets: Array.from({ length: outputs }, (_, index) => length + index),
    header: false,
  };
}

/** Where the label is looked for: the named column, else "label", else the last one; or there is none. */
export type LabelColumn = 'none' | { readonly name: string | undefined };

/** @throws CsvError that names the header's line */
export function findColumns(table: Table, definition: CompleteDefinition, label: LabelColumn): Columns {
  const first = table.lines[0] as Line;
  const values = label === 'none' ? first.fields : first.fields.slice(0, -1);
  const headless = values.length > 0 && values.every((field) => Number.isFinite(numberOf(table, field)));
  return headless ? byOrder(table, first, definition, label) : byHeader(table, first, definition, label);
}
