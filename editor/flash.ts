/** The step "firmware" of a device's dialog: writes the image of this package through the boot loader of a board. */
namespace EdgeTrainer {
  interface FlashState {
    readonly id: number;
    readonly state: 'running' | 'done' | 'failed';
    readonly step?: 'leave' | 'erase' | 'write' | 'verify';
    readonly done?: number;
    readonly total?: number;
    readonly message?: string;
    readonly result?: {
      board: string;
      image: string;
      version?: string;
      store: 'kept' | 'wiped' | 'elsewhere';
    };
  }

  /** A board as far as this step looks at it. */
  export interface Flashable {
    readonly name: string;
    readonly title: string;
    readonly bootLoader: { readonly protocol: string; readonly byCommand?: boolean };
  }

  const LOOK_EVERY_MS = 300;
  const DRIVES = ['uf2', 'daplink'];
  /** Chips whose firmware their owner builds. */
  const OWN = 'esp32';

  /** A box to tick, with its words: [label, box]. */
  function check(container: JQuery, name: 'runs' | 'wipe'): [JQuery, JQuery] {
    const label = $('<label>', { class: `edge-trainer-flash-${name}` }).appendTo(container);
    const box = $('<input>', { type: 'checkbox' }).appendTo(label);
    $('<span>', { text: ` ${text(`device.flash.${name}`)}` }).appendTo(label);
    return [label, box];
  }

  /** A box for a path on the computer that Node-RED runs on. */
  function path(container: JQuery, name: 'drive' | 'image'): JQuery {
    return $('<input>', {
      type: 'text',
      class: `edge-trainer-flash-${name}`,
      placeholder: text(`device.flash.${name}Hint`),
      'aria-label': text(`device.flash.${name}`),
    }).appendTo(container);
  }

  /** What the dialog around this step has. */
  interface Around {
    /** The chosen bus node as the editor has it. */
    bus(): unknown;
    unit(): unknown;
    /** Id of the device, whose key the runtime knows. */
    readonly device: string;
  }

  export class FlashPart {
    private readonly around: Around;
    private readonly boards: readonly Flashable[];
    private readonly board: JQuery;
    private readonly drive: JQuery;
    private readonly image: JQuery;
    private readonly runs: JQuery;
    private readonly runsLabel: JQuery;
    private readonly before: JQuery;
    private readonly wipe: JQuery;
    private readonly button: JQuery;
    private readonly bar: JQuery;
    private readonly answer: JQuery;
    private job: number | undefined;
    private closed = false;

    constructor(container: JQuery, boards: readonly Flashable[], chosen: unknown, around: Around) {
      this.around = around;
      this.boards = boards;
      $('<h4>', { text: text('device.flash.title') }).appendTo(container);
      this.board = $('<select>', {
        class: 'edge-trainer-flash-board',
        'aria-label': text('device.flash.board'),
      }).appendTo(container);
      for (const { name, title } of this.boards)
        $('<option>', { value: name, text: title }).appendTo(this.board);
      if (this.boards.some(({ name }) => name === chosen)) this.board.val(String(chosen));
      this.drive = path(container, 'drive');
      this.image = path(container, 'image');
      [this.runsLabel, this.runs] = check(container, 'runs');
      this.runs.prop('checked', true).on('change', () => this.sayBefore());
      this.before = $('<div>', { class: 'edge-trainer-hint edge-trainer-flash-before' }).appendTo(container);
      [, this.wipe] = check(container, 'wipe');
      this.button = $('<button>', { type: 'button', class: 'red-ui-button edge-trainer-flash' })
        .on('click', () => void (this.job === undefined ? this.start() : this.cancel()))
        .appendTo(container);
      this.bar = $('<progress>', { max: 1, value: 0 }).hide().appendTo(container);
      this.answer = $('<div>', { class: 'edge-trainer-hint', role: 'status' }).appendTo(container);
      this.board.on('change', () => this.show()).trigger('change');
      this.idle();
    }

    /** The work goes on; the dialog no longer looks. */
    close(): void {
      this.closed = true;
    }

    private get loader(): Flashable['bootLoader'] | undefined {
      return this.boards.find(({ name }) => name === this.board.val())?.bootLoader;
    }

    private onDrive(): boolean {
      return DRIVES.includes(this.loader?.protocol ?? '');
    }

    /** The firmware that runs is asked for the boot loader. */
    private asks(): boolean {
      return this.loader?.byCommand === true && this.runs.prop('checked') === true;
    }

    private show(): void {
      this.drive.toggle(this.onDrive());
      this.image.toggle(this.loader?.protocol === OWN);
      this.runsLabel.toggle(this.loader?.byCommand === true);
      this.sayBefore();
    }

    /** What happens first, or what a hand has to do first. */
    private sayBefore(): void {
      const { protocol } = this.loader ?? {};
      this.before.text(
        this.asks()
          ? text('device.flash.runsHint')
          : protocol === undefined
            ? ''
            : text(`errors.flash.enter.${protocol}`),
      );
    }

    private say(words: string, bad = false): void {
      this.answer.toggleClass('edge-trainer-bad', bad).text(words);
    }

    private idle(): void {
      this.job = undefined;
      this.bar.hide();
      this.button.text(text('device.flash.write'));
    }

    private async start(): Promise<void> {
      this.say(text('device.flash.begin'));
      try {
        const { id } = await ask<FlashState>('flash', {
          board: this.board.val(),
          wipeStore: this.wipe.prop('checked') === true,
          ...(this.onDrive() ? { drive: this.drive.val() } : {}),
          ...(this.loader?.protocol === OWN ? { image: this.image.val() } : {}),
          ...(this.onDrive() && !this.asks() ? {} : { bus: this.around.bus() }),
          ...(this.asks()
            ? { running: { unit: Number(this.around.unit()), device: this.around.device } }
            : {}),
        });
        this.job = id;
        this.button.text(text('device.flash.cancel'));
        this.bar.val(0).show();
        await this.follow(id);
      } catch (error) {
        this.say((error as Error).message, true);
      }
      this.idle();
    }

    private async follow(id: number): Promise<void> {
      let began = false;
      while (!this.closed) {
        const { state, step, done = 0, total = 0, message, result } = await ask<FlashState>(`flash/${id}`);
        if (state === 'failed') {
          // The firmware that could be asked is gone.
          if (began) this.runs.prop('checked', false).trigger('change');
          throw new Error(message);
        }
        if (state === 'done' && result !== undefined) {
          const { board, version, image, store } = result;
          const kept = text(`device.flash.${store}`);
          this.say(text('device.flash.done', { board, version: version ?? image, store: kept }));
          return;
        }
        began ||= step !== undefined && step !== 'leave';
        if (step === 'leave') this.say(text('device.flash.leave'));
        else if (step !== undefined) {
          this.bar.prop('max', total).val(done);
          this.say(text(`device.flash.${step === 'write' ? 'writing' : step}`, { done, total }));
        }
        await new Promise((resolve) => window.setTimeout(resolve, LOOK_EVERY_MS));
      }
    }

    private async cancel(): Promise<void> {
      await ask(`flash/${this.job}/cancel`, {}).catch((error: Error) => this.say(error.message, true));
    }
  }
}
