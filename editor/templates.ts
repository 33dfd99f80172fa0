/** What somebody can begin with: definitions that are small, valid and explain themselves, by what the trainer is for. */
namespace EdgeTrainer {
  export interface Template {
    /** Its title and sentence in the catalogue: form.template.<name>. */
    readonly name: string;
    /** Page to begin with. */
    readonly page: string;
    readonly definition: () => Json;
  }

  /** Samples of a window that one decision takes. */
  const WINDOW = 96;

  const word = (name: string): string => text(`form.word.${name}`);

  const decides = (name: string, others: Json): Json => ({
    name: text(`form.template.${name}.title`),
    board: 'virtual',
    model: { type: 'svm-linear' },
    ...others,
  });

  export const templates: readonly Template[] = [
    {
      name: 'band',
      page: 'feedback',
      definition: () =>
        decides('band', {
          features: [
            { name: word('room'), unit: '°C', min: 0, max: 50 },
            { name: word('outdoor'), unit: '°C', min: -30, max: 45 },
          ],
          classes: [
            { label: word('heat'), actuation: 100 },
            { label: word('hold'), actuation: 0 },
            { label: word('cool'), actuation: -100 },
          ],
          defaultClass: word('hold'),
          feedback: {
            rule: 'dead-band',
            setPoint: 22,
            band: 0.5,
            unit: '°C',
            tooLow: word('heat'),
            tooHigh: word('cool'),
          },
        }),
    },
    {
      name: 'limit',
      page: 'feedback',
      definition: () =>
        decides('limit', {
          features: [
            { name: word('load'), unit: '%', min: 0, max: 100 },
            { name: word('ambient'), unit: '°C', min: -20, max: 60 },
          ],
          classes: [
            { label: word('full'), actuation: 100 },
            { label: word('reduced'), actuation: 50 },
          ],
          defaultClass: word('full'),
          feedback: { rule: 'limit', limit: 80, side: 'above', unit: '°C', truth: word('reduced') },
        }),
    },
    {
      name: 'operator',
      page: 'inputs',
      definition: () =>
        decides('operator', {
          features: [
            { name: word('level'), unit: '%', min: 0, max: 100 },
            { name: word('inflow'), unit: 'm³/h', min: 0, max: 50 },
          ],
          classes: [
            { label: word('off'), actuation: 0 },
            { label: word('on'), actuation: 1 },
          ],
          defaultClass: word('off'),
          feedback: { rule: 'label' },
        }),
    },
    {
      name: 'state',
      page: 'classes',
      definition: () =>
        decides('state', {
          features: [
            { name: word('width'), unit: 'mm', min: 0, max: 100 },
            { name: word('weight'), unit: 'g', min: 0, max: 1000 },
          ],
          classes: [
            { label: word('good'), actuation: 0 },
            { label: word('reject'), actuation: 1 },
          ],
          defaultClass: word('good'),
          feedback: { rule: 'label' },
        }),
    },
    {
      name: 'faults',
      page: 'classes',
      definition: () =>
        decides('faults', {
          features: Array.from({ length: WINDOW }, (_, i) => ({
            ...{ name: `${word('sample')} ${i + 1}`, unit: 'g' },
            ...{ min: -2, max: 2 },
          })),
          classes: [
            { label: word('healthy'), actuation: 0 },
            { label: word('fault'), actuation: 1 },
          ],
          defaultClass: word('healthy'),
          outOfRange: 'clamp',
          model: { type: 'dnn', ...networkPresets.find(({ name }) => name === 'window')?.model(WINDOW, 2) },
          feedback: { rule: 'label' },
        }),
    },
    {
      name: 'valve',
      page: 'feedback',
      definition: () =>
        decides('valve', {
          features: [
            { name: word('outdoor'), unit: '°C', min: -30, max: 45 },
            { name: word('load'), unit: '%', min: 0, max: 100 },
          ],
          outputs: [{ name: word('valve'), unit: '%', min: 0, max: 100, maxChange: 20 }],
          model: { type: 'dnn', ...networkPresets[0]?.model(2, 1) },
          feedback: { rule: 'tracking', setPoint: 22, gain: 5, band: 0.5, unit: '°C' },
        }),
    },
    {
      name: 'estimate',
      page: 'classes',
      definition: () =>
        decides('estimate', {
          features: [
            { name: word('load'), unit: '%', min: 0, max: 100 },
            { name: word('ambient'), unit: '°C', min: -20, max: 60 },
          ],
          outputs: [{ name: word('power'), unit: 'kW', min: 0, max: 100 }],
          model: { type: 'dnn', ...networkPresets[0]?.model(2, 1) },
          feedback: { rule: 'label' },
        }),
    },
    ...[
      { name: 'vibration', type: 'correlation' },
      { name: 'reconstruct', type: 'autoencoder' },
    ].map(({ name, type }) => ({
      name,
      page: 'inputs',
      definition: () => ({
        name: text(`form.template.${name}.title`),
        board: 'virtual',
        channels: ['x', 'y', 'z'].map((axis) => ({ name: axis, unit: 'g', min: -16, max: 16, scale: 1000 })),
        model: { type },
      }),
    })),
  ];

  /** Buttons with what each template is for. */
  export function templateList(container: JQuery, choose: (template: Template) => void): void {
    const list = $('<div>', { class: 'edge-trainer-templates' }).appendTo(container);
    for (const template of templates)
      $('<button>', { type: 'button', class: 'edge-trainer-template' })
        .attr('data-template', template.name)
        .append($('<b>', { text: text(`form.template.${template.name}.title`) }))
        .append($('<span>', { text: text(`form.template.${template.name}.about`) }))
        .on('click', () => choose(template))
        .appendTo(list);
  }
}
