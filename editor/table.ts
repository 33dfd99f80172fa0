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
  }
}
