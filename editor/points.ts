/** The list of a PLC's registers in a dialog: rows that are edited, moved, removed, or pasted from a spreadsheet. */
namespace EdgeTrainer {
  type Choices = readonly string[];

  const LIST = '#node-input-points-list';

  interface PointData {
    row?: PointRow;
  }

  /** Names of the features of the device that is chosen in the open dialog. */
  function featureNames(): string[] {
    const device = RED.nodes.node(String($('#node-input-device').val())) as unknown as {
      definition?: { features?: { name: string }[] };
    } | null;
    return (device?.definition?.features ?? []).map(({ name }) => name);
  }

  const blank = (use: string, name = ''): PointRow => ({
    use,
    name,
    unit: '',
    kind: 'holding',
    address: '',
    type: 'int16',
    order: 'ABCD',
    bit: '',
    divisor: '1',
    offset: '0',
  });

  function choice(row: PointRow, column: 'use' | 'kind' | 'type' | 'order', choices: Choices): JQuery {
    const select = $('<select>');
    for (const value of choices)
      $('<option>', {
        value,
        text: column === 'order' || column === 'type' ? value : text(`points.${column}.${value}`),
      }).appendTo(select);
    select.val(row[column] ?? '').on('change', () => {
      row[column] = String(select.val());
    });
    return select;
  }

  function entry(row: PointRow, column: 'name' | 'unit' | 'address' | 'bit' | 'divisor' | 'offset'): JQuery {
    const input = $('<input>', { type: 'text' }).val(row[column]);
    if (column !== 'name') input.attr('inputmode', 'decimal');
    input.on('input', () => {
      row[column] = String(input.val());
    });
    return input;
  }

  /** One row on two lines: what and where, then how it is read. */
  function fill(item: JQuery, row: PointRow, uses: Choices): void {
    const cell = (line: JQuery, column: string, input: JQuery): void => {
      input
        .addClass(`edge-trainer-point-${column}`)
        .attr({ 'data-column': column, 'aria-label': text(`points.label.${column}`) });
      $('<label>', { class: 'edge-trainer-point' })
        .append(
          $('<span>', { text: text(`points.label.${column}`), title: text(`points.tip.${column}`) }),
          input,
        )
        .appendTo(line);
    };
    const [what, how] = [$('<div>'), $('<div>')];
    if (uses.length > 1) cell(what, 'use', choice(row, 'use', uses));
    cell(what, 'name', entry(row, 'name').attr('list', 'edge-trainer-feature-names'));
    cell(what, 'kind', choice(row, 'kind', pointChoices.kind));
    cell(what, 'address', entry(row, 'address'));
    cell(how, 'type', choice(row, 'type', pointChoices.type));
    cell(how, 'order', choice(row, 'order', pointChoices.order));
    cell(how, 'bit', entry(row, 'bit'));
    cell(how, 'divisor', entry(row, 'divisor'));
    cell(how, 'offset', entry(row, 'offset'));
    cell(how, 'unit', entry(row, 'unit'));
    item.addClass('edge-trainer-point-row').append(what, how);
    const follow = (): void => {
      const bits = row.kind === 'coil' || row.kind === 'discrete';
      if (bits) row.type = 'bit';
      else if (row.type === 'bit' && item.find('[data-column="type"]').is(':disabled')) row.type = 'int16';
      item.find('[data-column="type"]').val(row.type).prop('disabled', bits);
      item.find('[data-column="order"]').prop('disabled', row.type === 'bit');
      item.find('[data-column="bit"]').prop('disabled', bits || row.type !== 'bit');
    };
    item.find('select').on('change', follow);
    follow();
  }

  function withDefaults(row: Partial<PointRow>, use: string): PointRow {
    const given = Object.entries(row).filter(([, value]) => value !== '' && value !== undefined);
    const whole = { ...blank(use), ...Object.fromEntries(given) };
    return whole.kind === 'coil' || whole.kind === 'discrete' ? { ...whole, type: 'bit' } : whole;
  }

  /**
   * Makes the list of parts/plc.html.
   * @param uses what a value may be for; with only one there is no choice
   */
  export function points(node: EditedNode, uses: Choices): void {
    const [use = ''] = uses;
    const names = $('<datalist>', { id: 'edge-trainer-feature-names' });
    const list = $(LIST);
    list.after(names);
    list.editableList({
      addButton: text('points.add'),
      height: 'auto',
      sortable: true,
      removable: true,
      addItem(item: JQuery, _index: number, data: PointData) {
        const taken = rowsOf().map((row) => row.name);
        data.row ??= blank(use, featureNames().find((name) => !taken.includes(name)) ?? '');
        fill(item, data.row, uses);
      },
    });
    list.editableList(
      'addItems',
      ((node.points as Partial<PointRow>[] | undefined) ?? []).map((row) => ({
        row: withDefaults(row, use),
      })),
    );
    const follow = (): void => {
      names.empty();
      for (const value of featureNames()) $('<option>', { value }).appendTo(names);
    };
    $('#node-input-device').on('change', follow);
    follow();
    paste(list, use);
  }

  function paste(list: JQuery, use: string): void {
    const area = $('#edge-trainer-paste').attr('placeholder', text('points.pasteExample'));
    const said = $('#edge-trainer-pasted');
    $('#edge-trainer-paste-take').on('click', () => {
      const { rows, left } = pastedPoints(String(area.val()), text);
      list.editableList(
        'addItems',
        rows.map((row) => ({ row: withDefaults(row, use) })),
      );
      area.val('');
      said.text(
        left.length === 0
          ? text('points.taken', { rows: rows.length })
          : text('points.takenBut', { rows: rows.length, lines: joined(left, 'names') }),
      );
    });
  }

  function rowsOf(): PointRow[] {
    const rows: PointRow[] = [];
    $(LIST)
      .editableList('items')
      .each((_, item) => {
        const { row } = $(item).data('data') as PointData;
        if (row !== undefined) rows.push(row);
      });
    return rows;
  }

  /** Takes the rows into the node when the dialog closes with Done. */
  export function keepPoints(node: EditedNode): void {
    node.points = rowsOf();
  }
}
