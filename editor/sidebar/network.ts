/** The parts of a card that show a network and continuous outputs: layers, and the error of each output. */
namespace EdgeTrainer {
  function table(caption: string, heads: readonly string[], rows: readonly (readonly string[])[]): JQuery {
    return $('<table>', { class: 'edge-trainer-figures' }).append(
      $('<caption>', { text: caption }),
      $('<tr>').append(heads.map((text) => $('<th>', { scope: 'col', text }))),
      ...rows.map(([first = '', ...others]) =>
        $('<tr>').append(
          $('<th>', { scope: 'row', text: first, title: first }),
          ...others.map((text) => $('<td>', { text })),
        ),
      ),
    );
  }

  const figure = (value: number | null, unit: string): string =>
    value === null ? '–' : `${Number(value.toPrecision(3)).toLocaleString()} ${unit}`.trim();

  export const NETWORK_PARTS: readonly Part[] = [
    {
      name: 'output-errors',
      needs: ['outputErrors', 'evaluation'],
      draw(element, { outputErrors, evaluation }) {
        element.empty();
        if (outputErrors === undefined || evaluation === undefined) return;
        const { generation, samples } = evaluation;
        element.append(
          heading(say('heading.outputErrors')),
          table(
            say('outputErrorsText', { generation, samples }),
            [say('column.output'), say('column.model'), say('column.mean')],
            outputErrors.map(({ name, unit, error, meanError }) => [
              name,
              figure(error, unit),
              figure(meanError, unit),
            ]),
          ),
        );
      },
    },
    {
      name: 'curve',
      needs: ['curve', 'definition'],
      draw(element, { curve = [], definition }) {
        if (curve.length < 2) {
          dropPlots(element);
          element.empty();
          return;
        }
        if (element.children().length === 0)
          element.append(heading(say('heading.curve')), $('<div>', { class: 'edge-trainer-chart' }));
        const outputs = (definition?.outputs.length ?? 0) > 0;
        plotIn(
          element.children('.edge-trainer-chart'),
          [
            { label: say('line.loss'), colour: '--edge-trainer-1', percent: true },
            {
              label: say(outputs ? 'line.rootMeanSquare' : 'line.wrong'),
              colour: '--edge-trainer-2',
              percent: true,
            },
          ],
          undefined,
          false,
        ).show(
          [curve.map(([epoch]) => epoch), curve.map(([, loss]) => loss), curve.map(([, , error]) => error)],
          [],
        );
      },
    },
    {
      name: 'layers',
      needs: ['network'],
      draw(element, { network }) {
        element.empty();
        if (network === undefined) return;
        const sum = network.layers.reduce((total, { parameters }) => total + parameters, 0);
        element.append(
          heading(say('heading.layers')),
          table(
            say('layersText', { shape: shapeOf(network.input), parameters: sum.toLocaleString() }),
            [say('column.layer'), say('column.shape'), say('column.parameters'), say('column.trained')],
            network.layers.map(({ kind, shape, parameters, trained }, index) => [
              `${index + 1} ${text(`choice.layer.${kind}`)}`,
              shapeOf(shape),
              parameters.toLocaleString(),
              trained.toLocaleString(),
            ]),
          ),
        );
      },
    },
  ];
}
