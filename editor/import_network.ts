/** A .tflite file fills the form: the runtime makes a definition and weights of it. */
namespace EdgeTrainer {
  /** What the runtime makes of a file (nodes/device/import_route.ts). */
  interface Imported {
    readonly definition: Json;
    readonly weights: object;
  }

  export interface ImportPart {
    readonly definition: () => Json;
    /** Fills the form; `done` is what the part says from then on. */
    readonly take: (definition: Json, done: ImportDone) => void;
    /** Largest file, in bytes. */
    readonly most: number;
    /** What was imported last, as long as the dialog is open. */
    readonly done: ImportDone | undefined;
  }

  /** Weights that the definition of the form needs, as a file. */
  export interface ImportDone {
    readonly file: string;
    readonly weights: object;
  }

  /** Sections that describe the network of the file, and those that name its inputs. */
  const REPLACED: readonly string[] = [
    ...['features', 'channels', 'classes', 'defaultClass', 'startRule', 'feedback'],
    ...['storage', 'scaling', 'outOfRange', 'model', 'patternNames', 'io'],
  ];
  const PARTS = ['all', 'biases', 'head'] as const;

  /**
   * The imported definition with what the form says besides: name, board and policies. With a new head the classes stay, and what
   * judges them.
   */
  export function mergedImport(before: Json, imported: Json, newHead: boolean): Json {
    const kept = newHead ? ['classes', 'defaultClass', 'feedback'] : [];
    const rest = Object.entries(before).filter(([name]) => kept.includes(name) || !REPLACED.includes(name));
    return { ...imported, ...Object.fromEntries(rest) };
  }

  function base64(bytes: Uint8Array): string {
    let binary = '';
    for (const byte of bytes) binary += String.fromCharCode(byte);
    return btoa(binary);
  }

  /** A link that saves the weights; the browser makes the file. */
  function weightsLink({ file, weights }: ImportDone): JQuery {
    const url = URL.createObjectURL(new Blob([JSON.stringify(weights)], { type: 'application/json' }));
    const name = `${file.replace(/\.tflite$/i, '')}.weights.json`;
    return $('<a>', { href: url, download: name, text: text('form.import.save', { file: name }) });
  }

  export function importPart(container: JQuery, part: ImportPart): void {
    const whole = $('<details>', { class: 'edge-trainer-import' })
      .prop('open', part.done !== undefined)
      .append($('<summary>', { text: text('form.import.title') }))
      .appendTo(container);
    $('<p>', { class: 'edge-trainer-hint', text: text('form.import.about') }).appendTo(whole);
    const labels = labelsOf(part.definition());
    const row = $('<div>', { class: 'edge-trainer-field' }).appendTo(whole);
    const id = 'edge-trainer-import-trained';
    $('<label>', { for: id, text: text('field.layer.update.label') }).appendTo(row);
    const trained = $('<select>', { id }).appendTo(
      $('<div>', { class: 'edge-trainer-field-input' }).appendTo(row),
    );
    for (const value of PARTS) $('<option>', { value, text: text(`form.import.${value}`) }).appendTo(trained);
    const head = $('<input>', { type: 'checkbox', class: 'edge-trainer-checkbox' }).prop(
      'disabled',
      labels.length < 2,
    );
    $('<label>', { class: 'edge-trainer-import-head' })
      .append(
        head,
        document.createTextNode(text('form.import.newHead', { classes: joined(labels, 'names') })),
      )
      .toggle(labels.length >= 2)
      .appendTo(whole);
    const status = $('<div>', { class: 'edge-trainer-answer', role: 'status' });
    const file = $('<input>', { type: 'file', accept: '.tflite', class: 'edge-trainer-import-file' })
      .attr('aria-label', text('form.import.title'))
      .on('change', () => {
        const [chosen] = (file[0] as HTMLInputElement).files ?? [];
        if (chosen === undefined) return;
        status.removeClass('edge-trainer-bad').text(text('form.import.reading'));
        const newHead = head.prop('checked') === true;
        bring(chosen, part, String(trained.val()), newHead ? labels : undefined).then(
          ({ definition, weights }) =>
            part.take(mergedImport(part.definition(), definition, newHead), { file: chosen.name, weights }),
          (error: Error) => {
            // The same file, mended, may be chosen again.
            file.val('');
            status.addClass('edge-trainer-bad').text(error.message);
          },
        );
      });
    whole.append(file, status);
    if (part.done === undefined) return;
    status.text(`${text('form.import.done', { file: part.done.file })} `).append(weightsLink(part.done));
  }

  /** @throws Error in the words of the runtime */
  async function bring(
    file: File,
    { most }: ImportPart,
    trained: string,
    classes: string[] | undefined,
  ): Promise<Imported> {
    if (file.size > most) throw new Error(text('form.import.large', { bytes: file.size, most }));
    const name = file.name.replace(/\.tflite$/i, '').slice(0, 64);
    return ask<Imported>('import-network', {
      file: base64(new Uint8Array(await file.arrayBuffer())),
      trained,
      ...(name === '' ? {} : { name }),
      ...(classes === undefined ? {} : { classes }),
    });
  }
}
