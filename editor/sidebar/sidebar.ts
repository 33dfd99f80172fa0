/**
 * The sidebar "Edge Trainers". While it is shown it holds a lease at the runtime, which then sends what has changed; hidden, it asks for
 * nothing and receives nothing.
 */
namespace EdgeTrainer {
  interface Snapshot {
    readonly change: number;
    readonly cards: Record<string, Card>;
  }
  interface Change {
    readonly change: number;
    readonly patch: Record<string, Record<string, unknown> | null>;
  }
  interface Sidebar {
    addTab(tab: object): void;
  }
  interface Comms {
    subscribe(topic: string, received: (topic: string, message: unknown) => void): void;
    unsubscribe(topic: string, received: (topic: string, message: unknown) => void): void;
  }

  const TAB = 'edge-trainer-sidebar';
  const TOPIC = 'edge-trainer/cards';
  const LEASE_MS = 10_000;
  /** So many trainers are unfolded from the start. */
  const UNFOLDED = 2;

  const editor = Math.random().toString(36).slice(2);
  const red = RED as unknown as { comms: Comms; sidebar: Sidebar };
  const views = new Map<string, CardView>();
  let cards: Record<string, Card> = {};
  let last = -1;
  let asking: Promise<Snapshot> | undefined;
  let again = false;
  let turn: Promise<unknown> = Promise.resolve();
  let shown = false;
  let lease: number | undefined;
  let ticking: number | undefined;

  const content = $('<div>', { class: 'edge-trainer-sidebar' });
  const message = $('<p>', {
    class: 'edge-trainer-hint edge-trainer-sidebar-message',
    role: 'status',
  }).appendTo(content);
  const list = $('<div>').appendTo(content);
  const sights = new IntersectionObserver((entries) => {
    for (const { target, isIntersecting } of entries)
      views.get(String($(target).attr('data-device')))?.sight(isIntersecting);
  });
  let width = 0;
  const sizes = new ResizeObserver(() => {
    const now = (content[0] as HTMLElement).clientWidth;
    if (now === 0 || now === width) return;
    width = now;
    newLook();
    for (const view of views.values()) view.redraw();
  });

  /** Devices in the sidebar, by name. Where two have the same name, it says which is which. */
  export function cardNames(): { readonly id: string; readonly name: string; readonly card: Card }[] {
    const all = Object.entries(cards);
    return all
      .map(([id, card]) => {
        const alone = all.every(([other, { name }]) => other === id || name !== card.name);
        return {
          id,
          card,
          name: alone
            ? card.name
            : joined([card.name, say('unit', { unit: card.unit, wire: card.wire })], 'facts'),
        };
      })
      .sort((a, b) => a.name.localeCompare(b.name));
  }

  function isObject(value: unknown): value is Record<string, unknown> {
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  }

  /** RFC 7396. */
  function patched(before: unknown, patch: unknown): unknown {
    if (!isObject(patch)) return patch;
    const after: Record<string, unknown> = isObject(before) ? { ...before } : {};
    for (const [name, value] of Object.entries(patch)) {
      if (value === null) delete after[name];
      else after[name] = patched(after[name], value);
    }
    return after;
  }

  function place(): void {
    const names = cardNames();
    message.text(names.length === 0 ? say('empty') : '').toggle(names.length === 0);
    for (const [id, view] of views) {
      if (cards[id] !== undefined) continue;
      view.remove();
      views.delete(id);
    }
    const fresh = names.filter(({ id }) => !views.has(id));
    for (const { id, name } of fresh) {
      const view = new CardView(id, name, cards[id] as Card, look);
      views.set(id, view);
      if (names.length <= UNFOLDED) view.fold(true);
      sights.observe(view.element[0] as HTMLElement);
    }
    for (const { id, name } of names) views.get(id)?.call(name);
    if (fresh.length > 0) {
      for (const { id } of names) list.append(views.get(id)?.element as JQuery);
      if (names.length <= UNFOLDED) look();
    }
  }

  /** Exported for the bench that measures it. */
  export function receive({ change, patch }: Change): void {
    if (!shown) return;
    // Something was missed: begin anew.
    if (change !== last + 1) {
      if (change > last && asking === undefined) look();
      return;
    }
    last = change;
    const before = cards;
    cards = patched(cards, patch) as Record<string, Card>;
    const moved = Object.entries(patch).some(
      ([id, part]) => part === null || before[id] === undefined || part.name !== undefined,
    );
    if (moved) place();
    for (const [id, part] of Object.entries(patch)) {
      if (part === null) continue;
      const names = before[id] === undefined ? undefined : new Set(Object.keys(part));
      views.get(id)?.update(cards[id] as Card, names);
    }
  }

  const received = (_topic: string, change: unknown): void => receive(change as Change);

  /** One request after the other: what is said last is what the runtime hears last. */
  function inTurn<T>(path: string, body: () => object): Promise<T> {
    const answer = turn.then(() => ask<T>(path, body()));
    turn = answer.catch(() => undefined);
    return answer;
  }

  function take(snapshot: Snapshot): void {
    last = snapshot.change;
    cards = snapshot.cards;
    place();
    for (const [id, view] of views) view.update(cards[id] as Card);
  }

  /** Renews the lease; the answer is everything. Asked while it asks, it asks once more: another card may be unfolded. */
  function look(): void {
    if (asking !== undefined) {
      again = true;
      return;
    }
    again = false;
    const mine = inTurn<Snapshot>('cards', () => ({
      editor,
      open: [...views].filter(([, view]) => view.open).map(([id]) => id),
    }));
    asking = mine;
    mine.then(
      (snapshot) => answered(mine, () => take(snapshot)),
      (error: Error) =>
        answered(mine, () => message.text(/^0 /.test(error.message) ? say('offline') : error.message).show()),
    );
  }

  function answered(which: Promise<Snapshot>, show: () => void): void {
    // The sidebar was hidden meanwhile: what it asks when it is shown again is newer.
    if (asking !== which) return;
    asking = undefined;
    show();
    if (again) look();
  }

  /** Light text stands on a dark ground. */
  function followTheme(): void {
    const channels = getComputedStyle(content[0] as HTMLElement).color.match(/\d+/g) ?? [];
    const dark = channels.slice(0, 3).every((channel) => Number(channel) > 128);
    if (dark === content.hasClass('edge-trainer-dark')) return;
    content.toggleClass('edge-trainer-dark', dark);
    newLook();
    for (const view of views.values()) view.redraw();
  }

  function start(): void {
    if (shown || document.hidden) return;
    shown = true;
    followTheme();
    red.comms.subscribe(TOPIC, received);
    look();
    lease = window.setInterval(look, LEASE_MS);
    ticking = window.setInterval(() => {
      followTheme();
      for (const view of views.values()) view.tick();
    }, 1000);
  }

  function stop(): void {
    if (!shown) return;
    shown = false;
    red.comms.unsubscribe(TOPIC, received);
    window.clearInterval(lease);
    window.clearInterval(ticking);
    asking = undefined;
    void inTurn('cards/leave', () => ({ editor })).catch(() => undefined);
  }

  // The tab was chosen, another one was, the sidebar was closed, the window was hidden: all that is "can it be seen".
  let inSight = false;
  new IntersectionObserver((entries) => {
    // What happened since the last look, in its order: the last is how it is.
    inSight = entries.at(-1)?.isIntersecting === true;
    if (inSight) start();
    else stop();
  }).observe(content[0] as HTMLElement);
  document.addEventListener('visibilitychange', () => {
    if (document.hidden) stop();
    else if (inSight) start();
  });
  sizes.observe(content[0] as HTMLElement);

  red.sidebar.addTab({
    id: TAB,
    label: say('tab'),
    name: say('title'),
    iconClass: 'fa fa-graduation-cap',
    content,
    enableOnEdit: true,
  });
}
