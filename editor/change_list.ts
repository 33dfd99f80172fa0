/** What the definition under edit would do to what the connected board has learned. */
namespace EdgeTrainer {
  interface ChangeAnswer {
    /** Missing while the device is not deployed or its board does not answer. */
    readonly report?: {
      readonly verdict: 'same' | 'first' | 'keeps' | 'discards';
      readonly lines: readonly import('../trainer/text').Text[];
    };
  }

  export class ChangeList {
    private readonly whole: JQuery;
    private readonly device: string;
    private asked = 0;

    /** @param device id of the node; only one that is deployed has a board */
    constructor(container: JQuery, device: string) {
      this.device = device;
      this.whole = $('<div>', { class: 'edge-trainer-change', role: 'status' }).appendTo(container).hide();
    }

    /** Asks anew; drops the answer to an older question. */
    look(definition: Json): void {
      const number = ++this.asked;
      ask<ChangeAnswer>(`change/${encodeURIComponent(this.device)}`, definition).then(
        ({ report }) => {
          if (number === this.asked) this.show(report);
        },
        () => {
          if (number === this.asked) this.say([text('form.changeUnknown')]);
        },
      );
    }

    clear(): void {
      this.asked++;
      this.whole.hide();
    }

    private show(report: ChangeAnswer['report']): void {
      this.whole.toggleClass('edge-trainer-bad', report?.verdict === 'discards');
      if (report === undefined) this.say([text('form.changeUnknown')]);
      else this.say(report.lines.map((line) => worded(line)));
    }

    private say(sentences: readonly string[]): void {
      this.whole.empty().show();
      $('<b>', { text: text('form.changeTitle') }).appendTo(this.whole);
      const list = $('<ul>').appendTo(this.whole);
      for (const sentence of sentences) $('<li>', { text: sentence }).appendTo(list);
    }
  }
}
