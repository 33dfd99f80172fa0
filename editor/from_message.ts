/** Features taken from the last message that reached a node of the device: names as they are, ranges as a guess that says so. */
namespace EdgeTrainer {
  interface Guessed {
    readonly name?: string;
    readonly min: number;
    readonly max: number;
    readonly count?: number;
  }

  /** nodes/device/passed_route.ts */
  interface PassedReport {
    readonly node?: string;
    readonly ago?: number;
    readonly messages?: number;
    readonly rows?: number;
    readonly features?: readonly Guessed[];
    readonly array?: Guessed;
  }

  export interface FromMessage {
    /** Id of the device whose dialog this is. */
    readonly device: string | undefined;
    /** "features" or "channels". */
    readonly name: string;
    readonly rows: () => Json[];
    /** What was taken is in the rows. */
    readonly taken: () => void;
    /** Takes one array as the only feature; undefined: the model knows none. */
    readonly array: ((feature: Json) => void) | undefined;
  }

  /** Types of nodes that features pass through. */
  const TAKERS: readonly string[] = ['edge-trainer-infer', 'edge-trainer-loop'];
  const MOST = 1000;

  /** Nodes of this device, and those that have none yet. */
  function takers(device: string | undefined): string[] {
    const ids: string[] = [];
    RED.nodes.eachNode((given) => {
      const node = given as unknown as { id: string; type: string; device?: string };
      const ours = node.device === device || (node.device ?? '') === '';
      if (TAKERS.includes(node.type) && ours && ids.length < MOST) ids.push(node.id);
      return true;
    });
    return ids;
  }

  /** What the flow calls a node. */
  function labelOf(id: string): string {
    const node = RED.nodes.node(id) as unknown as Parameters<typeof RED.utils.getNodeLabel>[0] | null;
    return node === null ? id : RED.utils.getNodeLabel(node, id);
  }

  const rangeText = ({ min, max }: Guessed): string => `${min.toLocaleString()} … ${max.toLocaleString()}`;

  function featureOf({ name, min, max }: Guessed, index: number, list: string): Json {
    return { name: name ?? `${text(`form.fresh.${list}`)} ${index + 1}`, min, max };
  }

  /** Ticks for what the message held, and what is to become of those that are ticked. */
  function offer(container: JQuery, features: readonly Json[], part: FromMessage): void {
    // An array and single values exclude each other.
    const single = part.rows().filter(({ count }) => count === undefined);
    const present = new Set(single.map(({ name }) => name));
    const boxes = features.map((feature) => {
      const box = $('<input>', { type: 'checkbox', class: 'edge-trainer-checkbox' });
      box.prop('checked', !present.has(feature.name));
      const words = joined([String(feature.name), rangeText(feature as unknown as Guessed)], 'colon');
      return { box, feature, label: $('<label>').append(box, document.createTextNode(words)) };
    });
    $('<div>', { class: 'edge-trainer-ticks edge-trainer-passed' })
      .append(boxes.map(({ label }) => label))
      .appendTo(container);
    const take = (kept: readonly Json[]): void => {
      const ticked = boxes.filter(({ box }) => box.prop('checked') === true).map(({ feature }) => feature);
      if (ticked.length === 0) return;
      const names = new Set(ticked.map(({ name }) => name));
      // A value that is taken again replaces its row, and keeps what was learned by its identity.
      const before = new Map(single.map((row) => [row.name, row]));
      const rows = [
        ...kept.filter(({ name }) => !names.has(name)),
        ...ticked.map((feature) => ({ ...before.get(feature.name), ...feature })),
      ];
      part.rows().splice(0, part.rows().length, ...rows);
      part.taken();
    };
    const buttons = $('<div>').appendTo(container);
    for (const how of ['add', 'replace'] as const)
      $('<button>', { type: 'button', class: 'red-ui-button', text: text(`form.passed.${how}`) })
        .attr('data-take', how)
        .on('click', () => take(how === 'add' ? single : []))
        .appendTo(buttons);
  }

  function show(status: JQuery, report: PassedReport, part: FromMessage): void {
    const { node, ago = 0, messages = 0, features = [], array } = report;
    if (node === undefined) {
      status.text(text('form.passed.none'));
      return;
    }
    $('<p>', { text: text('form.passed.from', { node: labelOf(node), ago, messages }) }).appendTo(status);
    // Rows are samples of a stream; other models take them as one array.
    const rows = (report.rows ?? 1) > 1 && part.name === 'features';
    if (features.length > 0 && !rows)
      offer(
        status,
        features.map((feature, index) => featureOf(feature, index, part.name)),
        part,
      );
    if (array === undefined || part.name !== 'features') return;
    const { count = 0, min, max } = array;
    const values = { count, range: rangeText(array) };
    if (part.array !== undefined)
      $('<button>', { type: 'button', class: 'red-ui-button', text: text('form.passed.array', values) })
        .attr('data-take', 'array')
        .on('click', () => part.array?.({ name: text('form.fresh.array'), min, max, count }))
        .appendTo(status);
    else if (features.length === 0 || rows)
      $('<p>', { text: text('form.passed.network', values) }).appendTo(status);
  }

  export function fromMessage(container: JQuery, part: FromMessage): void {
    const whole = $('<div>', { class: 'edge-trainer-from-message' }).appendTo(container);
    const button = $('<button>', { type: 'button', class: 'red-ui-button', text: text('form.passed.ask') })
      .attr({ id: 'edge-trainer-from-message', 'data-take': 'ask', title: text('form.passed.tip') })
      .appendTo(whole);
    const status = $('<div>', { class: 'edge-trainer-answer', role: 'status' }).appendTo(whole);
    button.on('click', () => {
      status.empty().removeClass('edge-trainer-bad');
      ask<PassedReport>('passed', { nodes: takers(part.device) }).then(
        (report) => show(status.empty(), report, part),
        (error: Error) => status.addClass('edge-trainer-bad').text(error.message),
      );
    });
  }
}
