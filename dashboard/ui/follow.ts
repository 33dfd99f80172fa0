/** The state of a widget as its node tells it: all of it when the page is opened, then what changes. */
import { inject, type Ref, ref } from 'vue';
import { type Point, thinned } from '../nodes/points';

interface Told<View> {
  readonly payload?: {
    readonly view?: View;
    readonly change?: Partial<View> & { readonly add?: readonly Point[] };
  };
}
type Tracker<View> = (
  id: string,
  onInput: (msg: Told<View>) => void,
  onLoad: (msg: Told<View> | undefined) => void,
) => void;
interface Socket {
  emit(event: 'widget-action', id: string, msg: { action: object }): void;
}

export function follow<View extends { points: readonly Point[] }>(
  id: string,
  empty: View,
  most: number,
): { view: Ref<View>; act: (action: object) => void } {
  const view = ref(empty) as Ref<View>;
  const take = (msg: Told<View> | undefined): void => {
    const { view: all, change } = msg?.payload ?? {};
    if (all !== undefined) view.value = all;
    if (change === undefined) return;
    const { add = [], ...rest } = change;
    view.value = { ...view.value, ...rest, points: thinned([...view.value.points, ...add], most) };
  };
  const track = inject<Tracker<View>>('$dataTracker');
  track?.(id, take, take);
  const socket = inject<Socket>('$socket');
  return { view, act: (action) => socket?.emit('widget-action', id, { action }) };
}
