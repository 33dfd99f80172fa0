/** Tabs of the definition: as wide as their names, on two lines where one is too short, and marked where something is wrong. */
namespace EdgeTrainer {
  export interface Tab {
    readonly name: string;
    readonly label: string;
    /** Fills the page when it is built. */
    readonly fill: (page: JQuery) => void;
    /** For experts: folded away until somebody asks for it, or something is wrong there. */
    readonly expert?: boolean;
  }

  export class Tabs {
    private readonly bar: JQuery;
    /** Holds the tabs and nothing else. */
    private readonly list: JQuery;
    private readonly pages: JQuery;
    private readonly mayLeave: (from: string, to: string) => boolean;
    private readonly more: JQuery | undefined;
    private readonly expert: ReadonlySet<string>;
    private readonly fills: ReadonlyMap<string, Tab['fill']>;
    private chosen = '';

    /** @param mayLeave asked before another page is shown */
    constructor(
      container: JQuery,
      tabs: readonly Tab[],
      mayLeave: (from: string, to: string) => boolean = () => true,
    ) {
      this.mayLeave = mayLeave;
      this.bar = $('<div>', { class: 'edge-trainer-tabs' }).appendTo(container);
      this.list = $('<div>', { class: 'edge-trainer-tab-list', role: 'tablist' }).appendTo(this.bar);
      this.pages = $('<div>', { class: 'edge-trainer-pages' }).appendTo(container);
      this.expert = new Set(tabs.filter(({ expert }) => expert === true).map(({ name }) => name));
      this.fills = new Map(tabs.map(({ name, fill }) => [name, fill]));
      for (const { name, label, fill } of tabs) {
        const id = `edge-trainer-page-${name}`;
        $('<button>', { type: 'button', role: 'tab', text: label, 'aria-controls': id, 'data-page': name })
          .on('click', () => this.open(name))
          .appendTo(this.list);
        const page = $('<div>', { id, class: 'edge-trainer-page', role: 'tabpanel' }).appendTo(this.pages);
        fill(page.hide());
      }
      if (this.expert.size > 0) {
        this.more = $('<button>', { type: 'button', class: 'edge-trainer-more', text: text('form.expert') })
          .attr('title', text('form.expertHint'))
          .on('click', () => this.unfold(this.more?.attr('aria-expanded') !== 'true'))
          .appendTo(this.bar);
        this.unfold(false);
      }
      this.bar.on('keydown', (event) => this.step(event));
      this.show(tabs[0]?.name ?? '');
    }

    get page(): string {
      return this.chosen;
    }

    has(name: string): boolean {
      return this.button(name).length > 0;
    }

    /** Shows a page, unless the present one may not be left. */
    open(name: string): void {
      if (name !== this.chosen && this.has(name) && this.mayLeave(this.chosen, name)) this.show(name);
    }

    /** Fills a page anew. */
    refill(name: string): void {
      this.fills.get(name)?.($(`#edge-trainer-page-${name}`).empty());
    }

    /** Marks the pages on which something is wrong. */
    mark(bad: ReadonlySet<string>): void {
      if ([...bad].some((name) => this.expert.has(name))) this.unfold(true);
      this.list.children().each((_, button) => {
        $(button).toggleClass('edge-trainer-tab-bad', bad.has(String($(button).attr('data-page'))));
      });
    }

    show(name: string): void {
      this.chosen = name;
      if (this.expert.has(name)) this.unfold(true);
      this.list.children().attr({ 'aria-selected': 'false', tabindex: -1 });
      this.button(name).attr({ 'aria-selected': 'true', tabindex: 0 });
      this.pages.children().hide();
      $(`#edge-trainer-page-${name}`).show();
    }

    /** Shows the pages for experts, or folds them away unless one of them is open. */
    private unfold(open: boolean): void {
      const shown = open || this.expert.has(this.chosen);
      for (const name of this.expert) this.button(name).toggle(shown);
      this.more?.attr('aria-expanded', String(shown)).text(`${text('form.expert')} ${shown ? '▾' : '▸'}`);
    }

    private button(name: string): JQuery {
      return this.list.children().filter((_, tab) => $(tab).attr('data-page') === name);
    }

    /** The arrow keys go from tab to tab. */
    private step(event: JQuery.KeyDownEvent): void {
      const by = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
      if (by === 0) return;
      const buttons = this.list.children(':visible').toArray();
      const at = buttons.findIndex((button) => $(button).attr('data-page') === this.chosen);
      const next = buttons[(at + by + buttons.length) % buttons.length];
      if (next === undefined) return;
      event.preventDefault();
      this.open(String($(next).attr('data-page')));
      this.button(this.chosen).trigger('focus');
    }
  }
}
