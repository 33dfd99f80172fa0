/**
 * The queue of one wire: control before monitoring before bulk, first come first served within a class. A class that
 * was passed over often enough gets the next turn, so that bulk transfers get through on a busy wire; counted in turns,
 * not in time, so that it holds at any speed.
 */

export const PRIORITIES = ['control', 'monitoring', 'bulk'] as const;
export type Priority = (typeof PRIORITIES)[number];

/** Turns that others may take while one of this class waits. */
export const TURNS_PASSED_OVER: Readonly<Record<Priority, number>> = {
  control: Number.POSITIVE_INFINITY,
  monitoring: 4,
  bulk: 8,
};

interface Class<T> {
  readonly name: Priority;
  readonly items: T[];
  passedOver: number;
}

export class PriorityQueue<T extends { readonly priority: Priority }> {
  private readonly classes: readonly Class<T>[] = PRIORITIES.map((name) => ({
    name,
    items: [],
    passedOver: 0,
  }));

  get size(): number {
    let size = 0;
    for (const ofClass of this.classes) size += ofClass.items.length;
    return size;
  }

  /** Adds at the end of its class. */
  add(item: T): void {
    this.classOf(item).items.push(item);
  }

  /** Adds at the head of its class: a request that is sent again. */
  addFirst(item: T): void {
    this.classOf(item).items.unshift(item);
  }

  /** False when it was not in the queue. */
  remove(item: T): boolean {
    const { items } = this.classOf(item);
    const at = items.indexOf(item);
    if (at < 0) return false;
    items.splice(at, 1);
    return true;
  }

  /** Takes the next item that may go now; those that may not keep their place. */
  take(mayGo: (item: T) => boolean): T | undefined {
    const firsts = this.classes.map((ofClass) => ofClass.items.findIndex(mayGo));
    let chosen = firsts.findIndex((first) => first >= 0);
    if (chosen < 0) return undefined;
    for (let i = this.classes.length - 1; i > chosen; i--) {
      const ofClass = this.classes[i] as Class<T>;
      if ((firsts[i] as number) >= 0 && ofClass.passedOver >= TURNS_PASSED_OVER[ofClass.name]) {
        chosen = i;
        break;
      }
    }
    for (let i = 0; i < this.classes.length; i++) {
      const ofClass = this.classes[i] as Class<T>;
      if (i === chosen || (firsts[i] as number) < 0) ofClass.passedOver = 0;
      else ofClass.passedOver++;
    }
    return (this.classes[chosen] as Class<T>).items.splice(firsts[chosen] as number, 1)[0];
  }

  /** Removes and returns every item for which `which` holds. */
  takeAll(which: (item: T) => boolean = () => true): T[] {
    const taken: T[] = [];
    for (const { items } of this.classes) {
      for (let i = 0; i < items.length; ) {
        const item = items[i] as T;
        if (which(item)) taken.push(...items.splice(i, 1));
        else i++;
      }
    }
    return taken;
  }

  some(which: (item: T) => boolean): boolean {
    return this.classes.some((ofClass) => ofClass.items.some(which));
  }

  forEach(visit: (item: T) => void): void {
    for (const ofClass of this.classes) ofClass.items.forEach(visit);
  }

  private classOf(item: T): Class<T> {
    return this.classes[PRIORITIES.indexOf(item.priority)] as Class<T>;
  }
}
