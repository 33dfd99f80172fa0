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

/** What is used of uPlot, which the first plot loads. */
declare class uPlot {
  constructor(options: object, data: readonly (readonly (number | null)[])[], target: HTMLElement);
  readonly ctx: CanvasRenderingContext2D;
  readonly bbox: {
    readonly left: number;
    readonly top: number;
    readonly width: number;
    readonly height: number;
  };
  setData(data: readonly (readonly (number | null)[])[]): void;
  valToPos(value: number, scale: string, canvasPixels: boolean): number;
  destroy(): void;
}

declare namespace EdgeTrainer {
  /** The compiled nodes/bus/rules.ts, put here by the build. */
  let busRules: typeof import('../nodes/bus/rules');
}
