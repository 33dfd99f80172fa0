/** A small line chart over time, drawn with uPlot in the colours of the editor's theme. */
namespace EdgeTrainer {
  export interface Line {
    readonly label: string;
    /** A CSS variable with a colour that it has in every theme. */
    readonly colour: string;
    readonly dashed?: boolean;
    readonly percent?: boolean;
  }
  export interface Mark {
    readonly at: number;
    readonly label: string;
  }

  const HEIGHT = 120;
  const CHARTS = 'resources/@edge-trainer/node-red-trainer/uplot.js';

  function colourOf(element: HTMLElement, name: string): string {
    return getComputedStyle(element).getPropertyValue(name).trim() || '#888';
  }

  /** Counts changes of width and theme: only after one is a plot measured again. */
  let looks = 0;
  export function newLook(): void {
    looks++;
  }

  let loading: Promise<void> | undefined;

  /** uPlot is the largest script here, and only who looks at a card needs it: the first plot loads it. */
  function loadCharts(): Promise<void> {
    loading ??= new Promise((resolve, reject) => {
      const script = document.createElement('script');
      script.src = CHARTS;
      script.onload = () => resolve();
      script.onerror = () => {
        // The server may be away for a moment: the next look at a plot asks again.
        loading = undefined;
        script.remove();
        reject(new Error(script.src));
      };
      document.head.append(script);
    });
    return loading;
  }

  export class Plot {
    private readonly element: HTMLElement;
    private readonly lines: readonly Line[];
    private readonly bounds: readonly [number, number] | undefined;
    private readonly times: boolean;
    private chart: uPlot | undefined;
    private marks: readonly Mark[] = [];
    private data: (readonly (number | null)[])[] = [];
    private look = -1;
    private gone = false;

    /**
     * @param bounds of the values; undefined = as the values need
     * @param times what goes across is a time; else a number
     */
    constructor(container: JQuery, lines: readonly Line[], bounds?: readonly [number, number], times = true) {
      const legend = $('<div>', { class: 'edge-trainer-plot-legend' }).appendTo(container);
      for (const { label, colour, dashed } of lines)
        $('<span>')
          .append(
            $('<i>', { class: dashed === true ? 'edge-trainer-dashed' : '' }).css(
              'border-color',
              `var(${colour})`,
            ),
          )
          .append($('<span>', { text: label }))
          .appendTo(legend);
      this.element = $('<div>', { class: 'edge-trainer-plot' }).appendTo(container)[0] as HTMLElement;
      this.lines = lines;
      this.bounds = bounds;
      this.times = times;
    }

    /** @param data times in seconds since 1970, or numbers, then the values of each line */
    show(data: readonly (readonly (number | null)[])[], marks: readonly Mark[]): void {
      this.marks = marks;
      this.data = [...data];
      if (typeof uPlot === 'undefined') {
        loadCharts().then(
          () => this.draw(),
          () => undefined,
        );
        return;
      }
      this.draw();
    }

    private draw(): void {
      if (this.gone) return;
      // A new width or theme needs new axes.
      if (this.chart === undefined || this.look !== looks) {
        const width = this.element.clientWidth;
        if (width === 0) return;
        this.chart?.destroy();
        this.look = looks;
        this.chart = new uPlot(this.options(width), this.data, this.element);
      } else this.chart.setData(this.data);
    }

    destroy(): void {
      this.gone = true;
      this.chart?.destroy();
      this.chart = undefined;
    }

    private options(width: number): object {
      const text = colourOf(this.element, '--edge-trainer-text');
      const grid = { stroke: colourOf(this.element, '--edge-trainer-grid'), width: 1 };
      const axis = { stroke: text, grid, ticks: grid, font: '10px sans-serif' };
      const percents = this.lines.some((line) => line.percent === true);
      return {
        width,
        height: HEIGHT,
        legend: { show: false },
        cursor: { show: false },
        scales: {
          x: { time: this.times },
          ...(this.bounds === undefined ? {} : { y: { range: this.bounds } }),
        },
        axes: [
          {
            ...axis,
            size: 24,
            values: (_: unknown, at: number[]) => (this.times ? clocks(at) : at.map(String)),
          },
          {
            ...axis,
            size: 48,
            ...(percents
              ? { values: (_: unknown, at: number[]) => at.map((value) => `${Math.round(100 * value)} %`) }
              : {}),
          },
        ],
        series: [
          {},
          ...this.lines.map(({ colour, dashed }) => ({
            stroke: colourOf(this.element, colour),
            width: dashed === true ? 1 : 2,
            spanGaps: false,
            points: { show: false },
            ...(dashed === true ? { dash: [4, 3] } : {}),
          })),
        ],
        hooks: { draw: [(chart: uPlot) => this.drawMarks(chart)] },
      };
    }

    private drawMarks(chart: uPlot): void {
      const { ctx, bbox } = chart;
      ctx.save();
      ctx.strokeStyle = colourOf(this.element, '--edge-trainer-mark');
      ctx.fillStyle = ctx.strokeStyle;
      ctx.font = `${10 * devicePixelRatio}px sans-serif`;
      let free = Number.NEGATIVE_INFINITY;
      for (const { at, label } of this.marks) {
        const x = Math.round(chart.valToPos(at, 'x', true));
        if (x < bbox.left || x > bbox.left + bbox.width) continue;
        ctx.beginPath();
        ctx.moveTo(x, bbox.top);
        ctx.lineTo(x, bbox.top + bbox.height);
        ctx.stroke();
        // A number that would lie on the one before it is left out.
        if (x < free) continue;
        ctx.fillText(label, x + 3, bbox.top + 10 * devicePixelRatio);
        free = x + 8 + ctx.measureText(label).width;
      }
      ctx.restore();
    }
  }

  const withMinutes = new Intl.DateTimeFormat([], { hour: '2-digit', minute: '2-digit' });
  const withSeconds = new Intl.DateTimeFormat([], { hour: '2-digit', minute: '2-digit', second: '2-digit' });

  /** Times beside each other, with seconds where minutes would be the same. */
  export function clocks(at: readonly number[]): string[] {
    const close = at.some((time, i) => i > 0 && time - (at[i - 1] ?? 0) < 60);
    const format = close ? withSeconds : withMinutes;
    return at.map((time) => format.format(1000 * time));
  }

  /** Points with an empty one where none came for a while, so that no line goes over what nobody saw. */
  export function withGaps(
    points: readonly (readonly [number, number, number])[],
    longestSeconds: number,
  ): (readonly [number, number | null, number | null])[] {
    return points.flatMap((point, i) => {
      const before = points[i - 1]?.[0] ?? point[0];
      return point[0] - before > longestSeconds ? [[before + 1, null, null] as const, point] : [point];
    });
  }
}
