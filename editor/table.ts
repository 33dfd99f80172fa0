/** A list of features, channels or classes: rows that can be added, removed and moved. */
namespace EdgeTrainer {
  export interface TableOptions {
    readonly node: SchemaNode;
    /** "features", "channels" or "classes". */
    readonly name: string;
    /** "feature" or "class": where the words are. */
    readonly words: string;
    /** The first one holds the name. */
    readonly columns: readonly string[];
    readonly rows: () => Json[];
    readonly changed: () => void;
    /** A row before anybody has filled it in. */
    readonly fresh: (index: number) => Json;
  }

  interface RowData {
    value?: Json;
  }

  /**
   * Rows as a spreadsheet puts them on the clipboard: tabs between the cells, in the order of the columns. A row whose numbers are none
   * is a heading, and is left out.
   */
  export function pastedRows(written: string, columns: readonly string[], node: SchemaNode): Json[] {
    const properties = node.items?.properties ?? {};
    const numeric = (column: string): boolean =>
      properties[column]?.type === 'number' || properties[column]?.type === 'integer';
    return written.split(/\r?\n/).flatMap((line) => {
      const cells = line.split(line.includes('\t') ? '\t' : ';').map((cell) => cell.trim());
      const row: Json = {};
      let heading = (cells[0] ?? '') === '';
      for (const [index, column] of columns.entries()) {
        const cell = cells[index] ?? '';
        if (cell === '') continue;
        const number = Number(cell.replace(/^(-?\d+),(\d+)$/, '$1.$2'));
        heading ||= numeric(column) && Number.isNaN(number);
        row[column] = numeric(column) ? number : cell;
      }
      return heading ? [] : [row];
    });
  }

  /** A field that takes what was copied from a spreadsheet. */
  function pasting(container: JQuery, options: TableOptions, add: (row: Json) => void): void {
    const names = options.columns.map((column) => text(`field.${options.words}.${column}.label`));
    const label = text('form.paste', { columns: joined(names, 'names') });
    $('<textarea>', { class: 'edge-trainer-paste', rows: 2, placeholder: label, 'aria-label': label })
      .on('input', (event) => {
        const field = $(event.target);
        const rows = pastedRows(String(field.val()), options.columns, options.node);
        if (rows.length === 0) return;
        for (const row of rows) add(row);
        field.val('');
      })
      .appendTo(container);
  }

  export function table(container: JQuery, options: TableOptions): void {
    const properties = options.node.items?.properties ?? {};
    const head = $('<div>', { class: 'edge-trainer-table-head' }).appendTo(container);
    for (const column of options.columns) {
      $('<span>', {
        class: `edge-trainer-column-${column}`,
        text: text(`field.${options.words}.${column}.label`),
        title: text(`field.${options.words}.${column}.tip`),
      }).appendTo(head);
    }
    const list = $('<ol>', { class: 'edge-trainer-table' }).appendTo(container);
    let filling = true;

    /** The order on screen is the order in the definition. */
    const renumber = (): void => {
      if (filling) return;
      const values: Json[] = [];
      list.editableList('items').each((_, item) => {
        const data = $(item).data('data') as RowData;
        if (data.value !== undefined) {
          $(item).find('.edge-trainer-table-row').attr('data-path', `${options.name}[${values.length}]`);
          values.push(data.value);
        }
      });
      options.rows().splice(0, options.rows().length, ...values);
      options.changed();
    };

    list.editableList({
      addButton: text(`form.add.${options.name}`),
      height: 'auto',
      sortable: true,
      removable: true,
      addItem(item: JQuery, index: number, data: RowData) {
        const [key = ''] = options.columns;
        const value = data.value ?? options.fresh(list.editableList('length') - 1);
        const first = data.value?.[key];
        // An identity that the definition states stays as it is.
        const settled = value.id !== undefined;
        const identify = (): void => {
          if (!settled) keepIdentity(options.rows(), value, key, first);
        };
        data.value = value;
        if (first === undefined) identify();
        const row = $('<div>', { class: 'edge-trainer-table-row' }).attr(
          'data-path',
          `${options.name}[${index}]`,
        );
        for (const column of options.columns) {
          const node = properties[column];
          if (node === undefined) continue;
          input(node, {
            holder: () => value,
            name: column,
            path: '',
            words: '',
            changed: () => {
              if (column === key) identify();
              options.changed();
            },
          })
            .attr('placeholder', (_, shown) => (shown === text('form.automatic') ? text('form.auto') : shown))
            .addClass(`edge-trainer-column-${column}`)
            .attr('data-column', column)
            .attr('aria-label', text(`field.${options.words}.${column}.label`))
            .attr('title', text(`field.${options.words}.${column}.tip`))
            .appendTo(row);
        }
        row.appendTo(item);
        renumber();
      },
      removeItem: renumber,
      sortItems: renumber,
    });
    list.editableList(
      'addItems',
      options.rows().map((value) => ({ value })),
    );
    filling = false;
    if (options.columns.includes('min'))
      pasting(container, options, (value) => list.editableList('addItem', { value }));
  }
}
