/** What the Node-RED editor puts on the page. */
declare const RED: import('node-red').EditorRED;

/** A node while its dialog is open, in the editor. */
interface EditedNode {
  id: string;
  name?: string;
  /** Text of the node's own catalogue. */
  _(key: string, values?: Record<string, string | number>): string;
  [property: string]: unknown;
}
