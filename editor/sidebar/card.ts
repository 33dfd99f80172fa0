/** One trainer in the sidebar. Only what has changed is drawn, and only while it can be seen. */
namespace EdgeTrainer {
  const PARTS: readonly Part[] = [
    ...FACT_PARTS,
    ACTION_PART,
    ...STREAM_PARTS,
    ...LEARNING_PARTS,
    ...NETWORK_PARTS,
    LOG_PART,
  ];

  export class CardView {
    readonly element: JQuery;
    private readonly id: string;
    private readonly head: JQuery;
    private readonly parts = new Map<string, JQuery>();
    private readonly stale = new Set<Part>();
    private name: string;
    private card: Card;
    private unfolded = false;
    private seen = false;
    private notice: number | undefined;

    /** @param folded called when it was folded or unfolded */
    constructor(id: string, name: string, card: Card, folded: () => void) {
      this.id = id;
      this.name = name;
      this.card = card;
      this.notice = card.notice?.number;
      this.element = $('<section>', { class: 'edge-trainer-card' }).attr('data-device', id);
      this.head = $('<button>', { type: 'button', class: 'edge-trainer-card-head' })
        .append(
          $('<i>', { class: 'edge-trainer-dot' }),
          $('<span>', { class: 'edge-trainer-card-name' }),
          $('<span>', { class: 'edge-trainer-card-state' }),
        )
        .on('click', () => {
          this.fold(!this.unfolded);
          folded();
        })
        .appendTo($('<h4>').appendTo(this.element));
      for (const part of PARTS) {
        this.parts.set(
          part.name,
          $('<div>', { class: `edge-trainer-part edge-trainer-part-${part.name}` }).appendTo(this.element),
        );
        this.stale.add(part);
      }
      this.fold(false);
    }

    get open(): boolean {
      return this.unfolded;
    }

    fold(open: boolean): void {
      this.unfolded = open;
      this.head.attr('aria-expanded', String(open));
      for (const { name, always } of PARTS) if (always !== true) this.parts.get(name)?.toggle(open);
      if (open) for (const part of PARTS) this.stale.add(part);
      this.draw();
    }

    /** Another name: perhaps a second trainer of the same has come. */
    call(name: string): void {
      this.name = name;
      this.draw();
    }

    /** @param changed members of the card that are new; undefined = all may be */
    update(card: Card, changed?: ReadonlySet<string>): void {
      this.card = card;
      for (const part of PARTS)
        if (changed === undefined || part.needs.some((name) => changed.has(name))) this.stale.add(part);
      this.draw();
      const { notice } = card;
      if (notice !== undefined && notice.number !== this.notice)
        notify(joined([this.name, notice.text], 'colon'), notice.bad ? 'error' : 'success');
      this.notice = notice?.number ?? this.notice;
    }

    /** It has come into sight, or is out of it. */
    sight(seen: boolean): void {
      this.seen = seen;
      this.draw();
    }

    /** Everything anew: another theme or width. */
    redraw(): void {
      for (const part of PARTS) this.stale.add(part);
      this.draw();
    }

    tick(): void {
      if (this.seen && this.unfolded) tellAgo(this.element);
    }

    remove(): void {
      dropPlots(this.element);
      this.element.remove();
    }

    private draw(): void {
      if (!this.seen) return;
      const { words, tone } = standing(this.card);
      const { name } = this;
      if (!unchanged(this.head, [name, words, tone])) {
        this.head.children('.edge-trainer-dot').attr('class', `edge-trainer-dot edge-trainer-${tone}`);
        this.head.children('.edge-trainer-card-name').text(name);
        this.head.children('.edge-trainer-card-state').text(words);
      }
      for (const part of this.stale) {
        if (part.always !== true && !this.unfolded) continue;
        part.draw(this.parts.get(part.name) as JQuery, this.card, this.id);
        this.stale.delete(part);
      }
    }
  }
}
