/** What a model has learned, as a picture: the regions it decides over two features with the stored samples, and its weights. */
namespace EdgeTrainer {
  type ModelView = import('../../trainer/overview/model_view').ModelView;

  const POINTS = 32;
  const SIZE = 256;
  /** Colours of the classes: distinct for most eyes, on light and dark ground. */
  const COLOURS = ['#4477aa', '#ee6677', '#228833', '#ccbb44', '#66ccee', '#aa3377', '#bbbbbb', '#ee8866'];
  const colourOf = (index: number): string => COLOURS[index % COLOURS.length] as string;

  function regionsOf(id: string, across: number, up: number, which: string): Promise<number[]> {
    return ask<number[]>(`trainers/${id}/regions`, { across, up, which });
  }

  function drawRegions(
    canvas: HTMLCanvasElement,
    view: ModelView,
    axes: readonly [number, number],
    decided: readonly number[],
    before: readonly number[] | undefined,
  ): void {
    const pen = canvas.getContext('2d');
    if (pen === null) return;
    const cell = SIZE / POINTS;
    pen.clearRect(0, 0, SIZE, SIZE);
    for (const [index, choice] of decided.entries()) {
      const [column, row] = [index % POINTS, Math.floor(index / POINTS)];
      pen.globalAlpha = before === undefined || before[index] !== choice ? 0.45 : 0.08;
      pen.fillStyle = colourOf(choice);
      pen.fillRect(column * cell, SIZE - (row + 1) * cell, cell, cell);
    }
    pen.globalAlpha = 1;
    pen.strokeStyle = '#222';
    const share = (feature: number, value: number): number => {
      const { low, high } = view.features[feature] as ModelView['features'][number];
      return (value - low) / (high - low || 1);
    };
    for (const { class: of, values } of view.samples) {
      const [x, y] = axes.map((feature) => share(feature, values[feature] as number)) as [number, number];
      pen.beginPath();
      pen.arc(x * SIZE, SIZE - y * SIZE, 3, 0, 2 * Math.PI);
      pen.fillStyle = colourOf(of);
      pen.fill();
      pen.stroke();
    }
  }

  function chooser(view: ModelView, chosen: number, label: string): JQuery {
    const select = $('<select>', { 'aria-label': label });
    for (const [index, { name, unit }] of view.features.entries())
      $('<option>', { value: index, text: unit === '' ? name : `${name} (${unit})` }).appendTo(select);
    return select.val(String(chosen));
  }

  function weightRows(view: ModelView): JQuery[] {
    const rows: JQuery[] = [];
    for (const pair of view.weights ?? []) {
      const [a, b] = [view.classes[pair.for] ?? '', view.classes[pair.against] ?? ''];
      rows.push($('<h5>', { text: say('modelView.pair', { a, b }) }));
      if (!pair.trained) {
        rows.push($('<p>', { class: 'edge-trainer-hint', text: say('modelView.pairNone') }));
        continue;
      }
      // Bars over the range of the samples, so that features of different units can be compared.
      const reach = pair.perUnit.map((weight, index) => {
        const { low, high } = view.features[index] as ModelView['features'][number];
        return Math.abs(weight) * (high - low);
      });
      const most = Math.max(1e-9, ...reach);
      for (const [index, { name, unit }] of view.features.entries()) {
        const perUnit = pair.perUnit[index] ?? 0;
        const words = say('modelView.weight', {
          step: `+1${unit === '' ? '' : ` ${unit}`} ${name}`,
          label: perUnit > 0 ? a : b,
          share: Math.abs(perUnit).toPrecision(2),
        });
        rows.push(
          $('<div>', { class: 'edge-trainer-weight', title: words }).append(
            $('<span>', { text: words }),
            $('<div>', { class: 'edge-trainer-signed' }).append(
              $('<span>').css({
                width: `${(50 * (reach[index] ?? 0)) / most}%`,
                [perUnit > 0 ? 'left' : 'right']: '50%',
                background: colourOf(perUnit > 0 ? pair.for : pair.against),
              }),
            ),
          ),
        );
      }
    }
    return rows;
  }

  function legend(view: ModelView): JQuery {
    return $('<div>', { class: 'edge-trainer-plot-legend' }).append(
      view.classes.map((label, index) =>
        $('<span>').append(
          $('<i>', { class: 'edge-trainer-swatch' }).css('background', colourOf(index)),
          $('<span>', { text: label }),
        ),
      ),
    );
  }

  function regionsPart(id: string, view: ModelView): JQuery {
    const canvas = $('<canvas>', { class: 'edge-trainer-regions', role: 'img' }).attr({
      width: SIZE,
      height: SIZE,
      'aria-label': say('modelView.regions'),
    });
    const status = $('<p>', { class: 'edge-trainer-hint', role: 'status' });
    const across = chooser(view, 0, say('modelView.across'));
    const up = chooser(view, Math.min(1, view.features.length - 1), say('modelView.up'));
    const what = $('<select>', { 'aria-label': say('modelView.what') }).append(
      $('<option>', { value: 'regions', text: say('modelView.regions') }),
    );
    if (view.previous > 0)
      what.append(
        $('<option>', {
          value: 'change',
          text: say('modelView.change', { generation: view.generation, previous: view.previous }),
        }),
      );
    let asked = 0;
    const draw = async (): Promise<void> => {
      const number = ++asked;
      const axes = [Number(across.val()), Number(up.val())] as const;
      status.text(say('modelView.loading'));
      try {
        const decided = await regionsOf(id, axes[0], axes[1], 'running');
        const change = what.val() === 'change';
        const before = change ? await regionsOf(id, axes[0], axes[1], 'previous') : undefined;
        if (number !== asked) return;
        drawRegions(canvas[0] as HTMLCanvasElement, view, axes, decided, before);
        const other = decided.filter((choice, index) => choice !== before?.[index]).length;
        status.text(
          change
            ? say('modelView.changed', { percent: Math.round((100 * other) / decided.length) })
            : say('modelView.others'),
        );
        canvas.attr('data-drawn', `${axes.join(' ')} ${String(what.val())}`);
      } catch (error) {
        if (number === asked) status.text((error as Error).message);
      }
    };
    for (const select of [across, up, what]) select.on('change', () => void draw());
    void draw();
    return $('<div>').append(what, canvas, across, up, status);
  }

  /** Opens the view under the buttons of a card. */
  export function showModel(near: JQuery, id: string, card: Card): void {
    near.closest('.edge-trainer-card').find('.edge-trainer-panel').remove();
    const panel = $('<div>', { class: 'edge-trainer-panel edge-trainer-model' }).attr('tabindex', -1);
    const leave = (): void => {
      panel.remove();
      near.trigger('focus');
    };
    panel.on('keydown', (event) => {
      event.stopPropagation();
      if (event.key === 'Escape') leave();
    });
    panel.insertAfter(near.closest('.edge-trainer-part')).text(say('modelView.loading')).trigger('focus');
    ask<ModelView>(`trainers/${id}/model`).then(
      (view) => {
        panel.empty().append(
          $('<h5>', {
            text: say('modelView.heading', {
              generation: view.generation || (card.status?.generation ?? 0),
            }),
          }),
          legend(view),
          regionsPart(id, view),
          ...weightRows(view),
          $('<button>', {
            type: 'button',
            class: 'red-ui-button red-ui-button-small',
            text: say('action.close'),
          }).on('click', leave),
        );
      },
      (error: Error) => panel.text(error.message),
    );
  }
}
