/** An address list as a spreadsheet has it -> rows of the list of registers. */
namespace EdgeTrainer {
  /** A row of the list, as a node stores it. */
  export interface PointRow {
    use?: string;
    name: string;
    unit: string;
    kind: string;
    address: string;
    type: string;
    order: string;
    bit: string;
    divisor: string;
    offset: string;
  }

  /** What may be chosen in a row: trainer/registers takes these and no others (test/nodes/point_paste.test.ts). */
  export const pointChoices = {
    kind: ['holding', 'input', 'coil', 'discrete'],
    type: ['int16', 'uint16', 'int32', 'uint32', 'float32', 'bit'],
    order: ['ABCD', 'CDAB', 'BADC', 'DCBA'],
  } as const;

  export interface PastedPoints {
    readonly rows: PointRow[];
    /** Lines that were left out, from 1. */
    readonly left: number[];
  }

  type Column = keyof PointRow;

  /** Words that head a column, in lower case. */
  const HEADS: Readonly<Record<Column, readonly string[]>> = {
    use: ['use', 'for', 'für', 'zweck'],
    name: ['name', 'feature', 'merkmal', 'signal', 'tag', 'bezeichnung'],
    unit: ['unit id', 'unit', 'slave', 'geräteadresse', 'gerät'],
    kind: ['kind', 'table', 'area', 'art', 'tabelle', 'bereich'],
    address: ['address', 'register', 'adresse'],
    type: ['type', 'data type', 'format', 'typ', 'datentyp'],
    order: ['order', 'word order', 'byte order', 'reihenfolge'],
    bit: ['bit'],
    divisor: ['divisor', 'divide by', 'teiler', 'faktor', 'scale'],
    offset: ['offset', 'versatz'],
  };
  /** Columns of a list without a head. */
  const USUAL: readonly Column[] = ['name', 'address', 'type', 'divisor', 'order', 'offset', 'unit'];
  const NUMBERS: readonly Column[] = ['unit', 'address', 'bit', 'divisor', 'offset'];

  /** Names of kinds and types in address lists, in lower case. */
  const SAME: Readonly<Record<string, string>> = {
    'holding register': 'holding',
    hr: 'holding',
    '4x': 'holding',
    'input register': 'input',
    ir: 'input',
    '3x': 'input',
    coils: 'coil',
    '0x': 'coil',
    'discrete input': 'discrete',
    di: 'discrete',
    '1x': 'discrete',
    int: 'int16',
    short: 'int16',
    word: 'uint16',
    uint: 'uint16',
    dint: 'int32',
    long: 'int32',
    dword: 'uint32',
    udint: 'uint32',
    float: 'float32',
    real: 'float32',
    bool: 'bit',
  };
  /** First digit of the traditional numbers: 40001 is holding register 0. */
  const TRADITIONAL: Readonly<Record<string, string>> = {
    '0': 'coil',
    '1': 'discrete',
    '3': 'input',
    '4': 'holding',
  };

  function separatorOf(line: string): string {
    return ['\t', ';'].find((separator) => line.includes(separator)) ?? ',';
  }

  /** Looks up a word of the dialog in the language of the editor. */
  type LookUp = (key: string) => string;

  function columnsOf(cells: readonly string[], lookUp: LookUp): (Column | undefined)[] | undefined {
    const found = cells.map((cell) => {
      const head = cell.toLowerCase();
      return (Object.keys(HEADS) as Column[]).find(
        (column) => HEADS[column].includes(head) || lookUp(`points.label.${column}`).toLowerCase() === head,
      );
    });
    return found.includes('address') ? found : undefined;
  }

  /** Five or six digits are a traditional number while no column says the kind: 40101 -> holding register 100. */
  function withoutPrefix(row: PointRow): PointRow {
    const [, prefix, number] = /^([0134])(\d{4,5})$/.exec(row.address) ?? [];
    const kind = prefix === undefined ? undefined : TRADITIONAL[prefix];
    if (row.kind !== '' || kind === undefined || Number(number) < 1) return row;
    return { ...row, kind, address: String(Number(number) - 1) };
  }

  /** The choice that a cell names, in the words of address lists or of the dialog; other words stay, in lower case. */
  function choiceOf(cell: string, lookUp: LookUp): string {
    const word = cell.toLowerCase();
    const kind = pointChoices.kind.find(
      (candidate) => lookUp(`points.kind.${candidate}`).toLowerCase() === word,
    );
    return kind ?? SAME[word] ?? word;
  }

  /** Rows with an address; lines without one, empty ones apart, are named. */
  export function pastedPoints(pasted: string, lookUp: LookUp): PastedPoints {
    const lines = pasted.split(/\r?\n/);
    const separator = separatorOf(lines.find((line) => line.trim() !== '') ?? '');
    const rows: PointRow[] = [];
    const left: number[] = [];
    let columns: readonly (Column | undefined)[] | undefined;
    lines.forEach((line, index) => {
      if (line.trim() === '') return;
      const cells = line.split(separator).map((cell) => cell.trim().replace(/^"(.*)"$/, '$1'));
      if (columns === undefined) {
        columns = columnsOf(cells, lookUp);
        if (columns !== undefined) return;
        columns = USUAL;
      }
      const row: PointRow = {
        name: '',
        unit: '',
        kind: '',
        address: '',
        type: '',
        order: '',
        bit: '',
        divisor: '',
        offset: '',
      };
      columns.forEach((column, at) => {
        const cell = cells[at] ?? '';
        if (column === undefined || cell === '') return;
        if (NUMBERS.includes(column)) row[column] = separator === ',' ? cell : cell.replace(',', '.');
        else if (column === 'name') row.name = cell;
        else if (column === 'order') row.order = cell.toUpperCase();
        else row[column] = choiceOf(cell, lookUp);
      });
      if (/^\d+$/.test(row.address)) rows.push(withoutPrefix(row));
      else left.push(index + 1);
    });
    return { rows, left };
  }
}
