/** The step "firmware" of a device's dialog: writes the image of this package through the boot loader of a board. */
namespace EdgeTrainer {
  interface FlashState {
    readonly id: number;
    readonly state: 'running' | 'done' | 'failed';
    readonly step?: 'erase' | 'write' | 'verify';
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
  interface Flashable {
    readonly name: string;
    readonly title: string;
    readonly bootLoader?: { readonly protocol: string } | null;
  }

  const LOOK_EVERY_MS = 300;
  const DRIVES = ['uf2', 'daplink'];

  export class FlashPart {
    private readonly bus: () => unknown;
    private readonly boards: readonly Flashable[];
    private readonly board: JQuery;
    private readonly drive: JQuery;
    private readonly wipe: JQuery;
    private readonly button: JQuery;
    private readonly bar: JQuery;
    private readonly answer: JQuery;
    private job: number | undefined;
    private closed = false;

    /** @param bus the chosen bus node as the editor has it */
    constructor(container: JQuery, boards: readonly Flashable[], chosen: unknown, bus: () => unknown) {
      this.bus = bus;
      this.boards = boards.filter(({ bootLoader }) => bootLoader !== null && bootLoader !== undefined);
      $('<h4>', { text: text('device.flash.title') }).appendTo(container);
      this.board = $('<select>', {
        class: 'edge-trainer-flash-board',
        'aria-label': text('device.flash.board'),
      }).appendTo(container);
      for (const { name, title } of this.boards)
        $('<option>', { value: name, text: title }).appendTo(this.board);
      if (this.boards.some(({ name }) => name === chosen)) this.board.val(String(chosen));
      this.drive = $('<input>', {
        type: 'text',
        class: 'edge-trainer-flash-drive',
        placeholder: text('device.flash.driveHint'),
        'aria-label': text('device.flash.drive'),
      }).appendTo(container);
      const label = $('<label>', { class: 'edge-trainer-flash-wipe' }).appendTo(container);
      this.wipe = $('<input>', { type: 'checkbox' }).appendTo(label);
      $('<span>', { text: ` ${text('device.flash.wipe')}` }).appendTo(label);
      this.button = $('<button>', { type: 'button', class: 'red-ui-button edge-trainer-flash' })
        .on('click', () => void (this.job === undefined ? this.start() : this.cancel()))
        .appendTo(container);
      this.bar = $('<progress>', { max: 1, value: 0 }).hide().appendTo(container);
      this.answer = $('<div>', { class: 'edge-trainer-hint', role: 'status' }).appendTo(container);
      this.board.on('change', () => this.drive.toggle(this.onDrive())).trigger('change');
      this.idle();
    }

    /** The work goes on; the dialog no longer looks. */
    close(): void {
      this.closed = true;
    }

    private onDrive(): boolean {
      const chosen = this.boards.find(({ name }) => name === this.board.val());
      return DRIVES.includes(chosen?.bootLoader?.protocol ?? '');
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
          ...(this.onDrive() ? { drive: this.drive.val() } : { bus: this.bus() }),
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
      while (!this.closed) {
        const { state, step, done = 0, total = 0, message, result } = await ask<FlashState>(`flash/${id}`);
        if (state === 'failed') throw new Error(message);
        if (state === 'done' && result !== undefined) {
          const { board, version, image, store } = result;
          const kept = text(`device.flash.${store}`);
          this.say(text('device.flash.done', { board, version: version ?? image, store: kept }));
          return;
        }
        if (step !== undefined) {
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
