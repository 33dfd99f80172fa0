/** The memory of a network's training step as a picture: steps from left to right, bytes from bottom to top. */
import { groupDigits } from './errors';
import type { BufferPlan, NetworkPlan } from './network';

/** One letter a kind of buffer, and a colour. */
const KINDS: Readonly<Record<BufferPlan['kind'], readonly [letter: string, colour: string]>> = {
  activation: ['A', '#4c78a8'],
  mask: ['M', '#72b7b2'],
  argmax: ['X', '#54a24b'],
  error: ['E', '#e45756'],
  'forward scratch': ['f', '#eeca3b'],
  'error scratch': ['e', '#f58518'],
  'update scratch': ['u', '#b279a2'],
};
const TEXT_COLUMNS = 64;
const TEXT_ROWS = 16;
const SVG = { left: 70, top: 30, step: 40, height: 320, bottom: 60, legend: 20, widest: 840 };

/** Steps of a training: the layers forward, the loss, then two of each layer (its input's error, its update) from the last. */
function stepCount(plan: NetworkPlan): number {
  return plan.layers.length * 3 + 1;
}

/** A step in words. */
function stepName(plan: NetworkPlan, step: number): string {
  const layers = plan.layers.length;
  if (step <= 0) return 'input';
  if (step <= layers) return `forward ${step}`;
  if (step === layers + 1) return 'loss';
  const back = step - layers - 2;
  return `${back % 2 === 0 ? 'error' : 'update'} ${layers - Math.floor(back / 2)}`;
}

/** Bytes in use in a step. */
export function bytesAt(plan: NetworkPlan, step: number): number {
  return plan.buffers
    .filter(({ first, last }) => first <= step && step <= last)
    .reduce((sum, { bytes }) => sum + bytes, 0);
}

/** The picture in letters; the space between them is free. */
export function memoryText(plan: NetworkPlan): string {
  const steps = stepCount(plan);
  const perColumn = Math.ceil((steps + 1) / TEXT_COLUMNS);
  const columns = Math.ceil((steps + 1) / perColumn);
  const perRow = Math.max(1, Math.ceil(plan.stepBytes / TEXT_ROWS));
  const cell = (row: number, column: number): string => {
    const [from, to] = [row * perRow, (row + 1) * perRow];
    const [begin, end] = [column * perColumn, (column + 1) * perColumn - 1];
    const overlap = (buffer: BufferPlan): number =>
      buffer.first > end || buffer.last < begin
        ? 0
        : Math.min(to, buffer.offset + buffer.bytes) - Math.max(from, buffer.offset);
    const largest = plan.buffers.reduce<BufferPlan | undefined>(
      (best, buffer) => (overlap(buffer) > (best === undefined ? 0 : overlap(best)) ? buffer : best),
      undefined,
    );
    return largest === undefined ? '.' : KINDS[largest.kind][0];
  };
  const rows = Math.ceil(plan.stepBytes / perRow);
  const width = groupDigits(plan.stepBytes).length;
  const lines = Array.from({ length: rows }, (_, i) => {
    const row = rows - 1 - i;
    const letters = Array.from({ length: columns }, (__, column) => cell(row, column)).join('');
    return `${groupDigits(row * perRow).padStart(width)} |${letters}`;
  });
  const loss = Math.floor((plan.layers.length + 1) / perColumn);
  const axis = `${'forward'.padEnd(Math.max(8, loss)).slice(0, Math.max(8, loss))}| backward`;
  const used = new Set(plan.buffers.map(({ kind }) => kind));
  const legend = Object.entries(KINDS)
    .filter(([kind]) => used.has(kind as BufferPlan['kind']))
    .map(([kind, [letter]]) => `${letter} ${kind}`)
    .join(', ');
  return [
    ...lines,
    `${' '.repeat(width)}  ${axis}`,
    `${' '.repeat(width)}  ${legend}, . free; a column is ${perColumn === 1 ? 'a step' : `${perColumn} steps`}`,
  ].join('\n');
}

const escapeXml = (text: string): string =>
  text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);

/** The picture as SVG; each buffer has a title for the mouse. `caption` stands above it. */
export function memorySvg(plan: NetworkPlan, caption: string): string {
  const steps = stepCount(plan) + 1;
  const stepWidth = Math.min(SVG.step, SVG.widest / steps);
  const [width, height] = [SVG.left + steps * stepWidth + 20, SVG.top + SVG.height + SVG.bottom + SVG.legend];
  const scale = SVG.height / Math.max(1, plan.stepBytes);
  const base = SVG.top + SVG.height;
  const box = ({ layer, kind, first, last, offset, bytes }: BufferPlan): string =>
    `<rect x="${(SVG.left + first * stepWidth).toFixed(1)}" y="${(base - (offset + bytes) * scale).toFixed(1)}" ` +
    `width="${((last - first + 1) * stepWidth).toFixed(1)}" height="${(bytes * scale).toFixed(1)}" fill="${KINDS[kind][1]}">` +
    `<title>${escapeXml(`${layer === 0 ? 'input' : `layer ${layer}`}, ${kind}: ${groupDigits(bytes)} bytes, ${stepName(plan, first)} to ${stepName(plan, last)}`)}</title></rect>`;
  const text = (x: number, y: number, words: string, more = ''): string =>
    `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}"${more}>${escapeXml(words)}</text>`;
  const middle = SVG.left + (plan.layers.length + 1) * stepWidth;
  const used = (Object.keys(KINDS) as BufferPlan['kind'][]).filter((kind) =>
    plan.buffers.some((buffer) => buffer.kind === kind),
  );
  const legendStep = Math.max(105, (width - SVG.left) / Math.max(1, used.length));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${Math.max(width, SVG.left + legendStep * used.length).toFixed(0)} ${height}" font-family="sans-serif" font-size="11">`,
    '<rect width="100%" height="100%" fill="#ffffff"/>',
    text(SVG.left, 18, caption, ' font-size="13"'),
    text(SVG.left - 6, SVG.top + 8, groupDigits(plan.stepBytes), ' text-anchor="end"'),
    text(SVG.left - 6, base, '0 bytes', ' text-anchor="end"'),
    ...plan.buffers.map(box),
    `<path d="M${SVG.left} ${SVG.top}V${base}H${(SVG.left + steps * stepWidth).toFixed(1)}" fill="none" stroke="#444"/>`,
    `<path d="M${middle.toFixed(1)} ${SVG.top}V${base + 6}" stroke="#444" stroke-dasharray="3 3"/>`,
    text(SVG.left, base + 18, 'forward'),
    text(middle + 4, base + 18, 'loss, backward'),
    ...used.map((kind, i) => {
      const x = SVG.left + i * legendStep;
      return `<rect x="${x.toFixed(1)}" y="${base + 36}" width="11" height="11" fill="${KINDS[kind][1]}"/>${text(x + 16, base + 46, kind)}`;
    }),
    '</svg>',
    '',
  ].join('\n');
}
