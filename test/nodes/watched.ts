/** A flow whose tests look at the log: there its debug nodes write, and what a person sees under its nodes. */
export type FlowNode = Record<string, unknown>;

/** The flow with its debug nodes in the log, and the status of each node there as `[debug:shown]`. */
export function watched(flow: readonly FlowNode[]): FlowNode[] {
  const z = flow.find(({ type }) => type === 'tab')?.id;
  const below = 100 + Math.max(...flow.map(({ y }) => Number(y ?? 0)));
  return [
    ...flow.map((node) => (node.type === 'debug' ? { ...node, console: true } : node)),
    { id: 'watch', type: 'status', z, name: '', scope: null, x: 100, y: below, wires: [['shown']] },
    {
      id: 'shown',
      type: 'debug',
      z,
      name: 'shown',
      active: true,
      tosidebar: false,
      console: true,
      complete: 'status.text',
      targetType: 'msg',
      x: 300,
      y: below,
      wires: [],
    },
  ];
}
