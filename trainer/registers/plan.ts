/** The fewest requests that read a list of points. */
import { FUNCTIONS } from '../bus';
import { inBits, type RegisterPoint, widthOf } from './point';

const READ_WITH = { coil: 1, discrete: 2, holding: 3, input: 4 } as const;

/** One request, and the points whose words it brings. */
export interface ReadBlock {
  readonly unit: number;
  readonly fc: 1 | 2 | 3 | 4;
  readonly address: number;
  readonly quantity: number;
  /** In the order of their addresses. */
  readonly points: readonly RegisterPoint[];
}

const endOf = (point: RegisterPoint): number => point.address + widthOf(point);

function blockOf(points: readonly RegisterPoint[]): ReadBlock {
  const [first] = points as [RegisterPoint];
  const end = Math.max(...points.map(endOf));
  return {
    unit: first.unit,
    fc: READ_WITH[first.kind],
    address: first.address,
    quantity: end - first.address,
    points,
  };
}

/** Cuts a list that is sorted by address before each point for which `apart` says so. */
function cut(
  points: readonly RegisterPoint[],
  apart: (next: RegisterPoint, block: readonly RegisterPoint[]) => boolean,
): ReadBlock[] {
  const blocks: RegisterPoint[][] = [];
  for (const point of points) {
    const last = blocks.at(-1);
    if (last === undefined || apart(point, last)) blocks.push([point]);
    else last.push(point);
  }
  return blocks.map(blockOf);
}

/**
 * Groups points by unit and table, then takes from the lowest address on as many as one request may bring: no plan has fewer requests
 * (an interval of bounded length that begins later covers no point that this one misses). What lies between two points is read along.
 */
export function planReads(points: readonly RegisterPoint[]): ReadBlock[] {
  const groups = new Map<string, RegisterPoint[]>();
  for (const point of points) {
    const key = `${point.unit} ${point.kind}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [point]);
    else group.push(point);
  }
  return [...groups.values()].flatMap((group) => {
    const most = FUNCTIONS[inBits(group[0] as RegisterPoint) ? 1 : 3].readMost;
    const sorted = [...group].sort((a, b) => a.address - b.address || endOf(a) - endOf(b));
    return cut(sorted, (next, [first]) => endOf(next) - (first as RegisterPoint).address > most);
  });
}

/** The block in parts that hold no address between their points: some PLCs refuse a block in which an address does not exist. */
export function withoutHoles({ points }: ReadBlock): ReadBlock[] {
  return cut(points, (next, block) => next.address > Math.max(...block.map(endOf)));
}

/** The block in two halves: some PLCs take shorter blocks than the specification allows. */
export function halves({ points }: ReadBlock): ReadBlock[] {
  const middle = Math.ceil(points.length / 2);
  return [points.slice(0, middle), points.slice(middle)].filter((part) => part.length > 0).map(blockOf);
}
