/**
 * What the runtime says about definitions and keys, for the triangles of the nodes. A validator has to answer at once: it answers what
 * is known, asks for what is not, and the nodes are validated again when the answer is there.
 */
namespace EdgeTrainer {
  /** Problems of a definition by its text; empty = it is one. */
  const verdicts = new Map<string, readonly string[]>();
  /** Whether the runtime has the key of a device, by the device's id. */
  const keys = new Map<string, boolean>();
  const asked = new Set<string>();

  interface Validating {
    validateNode(node: unknown): boolean;
  }

  /** Validates every node of a type and those that use it. */
  export function revalidate(type: string): void {
    const { validateNode } = RED.editor as unknown as Validating;
    RED.nodes.eachConfig((config) => {
      const node = config as EditedNode & { type: string; users?: EditedNode[] };
      if (node.type !== type) return true;
      validateNode(node);
      for (const user of node.users ?? []) validateNode(user);
      RED.events.emit('nodes:change', node);
      return true;
    });
    RED.view.redraw(true);
  }

  /** Asks once; when nobody answers, there is no objection. */
  function askOnce<T>(what: string, question: () => Promise<T>, answer: (answer: T) => void): void {
    if (asked.has(what)) return;
    asked.add(what);
    question().then(
      (given) => {
        answer(given);
        revalidate('edge-trainer-device');
      },
      () => undefined,
    );
  }

  export function remember(definition: Json, problems: readonly string[]): void {
    verdicts.set(JSON.stringify(definition), problems);
  }

  /** Problems of what a device node stores as its definition; empty = none, or not known yet. */
  export function definitionProblems(stored: unknown): readonly string[] {
    if (typeof stored === 'string') {
      const written = parseWritten(stored);
      return 'problem' in written ? [joined([text('form.tab.json'), written.problem], 'colon')] : [];
    }
    if (!isObject(stored) || !('model' in stored)) return [];
    const key = JSON.stringify(stored);
    const known = verdicts.get(key);
    if (known === undefined)
      askOnce(
        key,
        () => Promise.all([ask<Facts>('definition-schema'), ask<MemoryReport>('memory', stored)]),
        ([facts, { issues }]) => {
          const words = wordsOf(facts, stored);
          verdicts.set(
            key,
            issues.map((issue) => problemText(issue, words)),
          );
        },
      );
    return known ?? [];
  }

  /** Whether the runtime has a key for this device; undefined = not known yet. */
  export function hasKey(id: string): boolean | undefined {
    if (!keys.has(id))
      askOnce(
        `key of ${id}`,
        () =>
          new Promise<{ has_key?: boolean }>((resolve, reject) => {
            void $.getJSON(`credentials/edge-trainer-device/${id}`).then(resolve, reject);
          }),
        ({ has_key }) => keys.set(id, has_key === true),
      );
    return keys.get(id);
  }

  // After a deploy the runtime has what was typed in.
  RED.events.on('deploy', () => {
    for (const id of keys.keys()) asked.delete(`key of ${id}`);
    keys.clear();
  });
}
