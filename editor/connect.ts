/** The step "connect" of a device's dialog: is the trainer there, and which units are on this wire? */
namespace EdgeTrainer {
  interface Found {
    readonly board: string;
    readonly arenaBytes: number;
    readonly firmwareVersion: string;
    readonly firmware: { age: 'older' | 'same' | 'newer'; packaged: string; lacks: readonly string[] };
    readonly serialNumber: string;
    readonly deployed: boolean;
    readonly generation: number;
    readonly lock: 'none' | 'locked' | 'unlocked';
  }

  /** Units that are looked at; each takes a moment when nobody answers. */
  const MOST_UNITS = 32;

  function sentence(found: Found): string {
    const { board, firmwareVersion, firmware, serialNumber, deployed, generation, lock } = found;
    const facts = [
      text('device.connect.board', {
        board,
        kilobytes: Math.round(found.arenaBytes / 1024),
        firmware: firmwareVersion,
        serial: serialNumber,
      }),
      ...(firmware.age === 'older' ? [text('device.connect.older', { packaged: firmware.packaged })] : []),
      ...(firmware.lacks.length > 0
        ? [text('device.connect.lacks', { lacks: joined(firmware.lacks, 'names') })]
        : []),
      deployed ? text('device.connect.generation', { generation }) : text('device.connect.nothing'),
      text(`device.connect.lock.${lock}`),
    ];
    return joined(facts, 'facts');
  }

  export class ConnectStep {
    private readonly answer: JQuery;
    private readonly find: JQuery;
    private readonly bus: () => unknown;
    private readonly unit: JQuery;
    /** Number of the question that is being asked; a newer one makes an older answer void. */
    private asking = 0;

    /** @param bus the chosen bus node as the editor has it */
    constructor(container: JQuery, bus: () => unknown, unit: JQuery) {
      this.bus = bus;
      this.unit = unit;
      $('<button>', {
        type: 'button',
        class: 'red-ui-button edge-trainer-test',
        text: text('device.connect.test'),
      })
        .on('click', () => void this.test())
        .appendTo(container);
      this.find = $('<button>', {
        type: 'button',
        class: 'red-ui-button edge-trainer-find',
        text: text('device.connect.find'),
      })
        .on('click', () => void this.search())
        .appendTo(container);
      this.answer = $('<div>', { class: 'edge-trainer-hint edge-trainer-answer', role: 'status' }).appendTo(
        container,
      );
    }

    close(): void {
      this.asking++;
    }

    private say(words: string, bad = false): void {
      this.answer.toggleClass('edge-trainer-bad', bad).text(words);
    }

    private async test(): Promise<void> {
      const number = ++this.asking;
      this.idle();
      this.say(text('device.connect.asking'));
      const unit = Number(this.unit.val());
      try {
        const found = await ask<Found>('identify', { bus: this.bus(), unit });
        if (number === this.asking) this.say(sentence(found));
      } catch (error) {
        if (number === this.asking) this.say((error as Error).message, true);
      }
    }

    private idle(): void {
      this.find.text(text('device.connect.find')).removeClass('edge-trainer-searching');
    }

    /** Asks unit after unit; the same button stops it. What is found can be chosen at once. */
    private async search(): Promise<void> {
      const number = ++this.asking;
      if (this.find.hasClass('edge-trainer-searching')) {
        this.idle();
        return;
      }
      this.find.text(text('device.connect.stop')).addClass('edge-trainer-searching');
      this.say('');
      const line = $('<div>').appendTo(this.answer);
      let count = 0;
      for (let unit = 1; unit <= MOST_UNITS && number === this.asking; unit++) {
        line.text(text('device.connect.searching', { unit, most: MOST_UNITS }));
        const found = await ask<Found>('identify', { bus: this.bus(), unit }).catch(() => undefined);
        if (number !== this.asking) return;
        if (found === undefined) continue;
        count++;
        $('<button>', {
          type: 'button',
          class: 'edge-trainer-unit-found',
          text: joined([unit, sentence(found)], 'colon'),
        })
          .on('click', () => this.unit.val(unit).trigger('change'))
          .appendTo(this.answer);
      }
      line.text(text('device.connect.found', { count }));
      this.idle();
    }
  }
}
