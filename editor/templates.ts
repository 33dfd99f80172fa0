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

  const template = (name: string, page: string, fields: () => Json): Template => ({
    name,
    page,
    definition: () => ({
      name: text(`form.template.${name}.title`),
      board: 'virtual',
      model: { type: 'svm-linear' },
      ...fields(),
    }),
  });

  const quantity = (name: string, unit: string, min: number, max: number): Json => ({
    name: word(name),
    unit,
    min,
    max,
  });
  const outdoor = (): Json => quantity('outdoor', '°C', -30, 45);
  const load = (): Json => quantity('load', '%', 0, 100);
  const ambient = (): Json => quantity('ambient', '°C', -20, 60);

  /** Classes by their actuation, and the one that is decided at first. */
  const classes = (actuations: Readonly<Record<string, number>>, first: string): Json => ({
    classes: Object.entries(actuations).map(([name, actuation]) => ({ label: word(name), actuation })),
    defaultClass: word(first),
  });

  const network = (preset: string, features: number, outputs: number): Json => ({
    type: 'dnn',
    ...networkPresets.find(({ name }) => name === preset)?.model(features, outputs),
  });

  const stream = (name: string, type: string): Template =>
    template(name, 'inputs', () => ({
      channels: ['x', 'y', 'z'].map((axis) => ({ name: axis, unit: 'g', min: -16, max: 16, scale: 1000 })),
      model: { type },
    }));

  export const templates: readonly Template[] = [
    template('band', 'feedback', () => ({
      features: [quantity('room', '°C', 0, 50), outdoor()],
      ...classes({ heat: 100, hold: 0, cool: -100 }, 'hold'),
      feedback: {
        rule: 'dead-band',
        setPoint: 22,
        band: 0.5,
        unit: '°C',
        tooLow: word('heat'),
        tooHigh: word('cool'),
      },
    })),
    template('limit', 'feedback', () => ({
      features: [load(), ambient()],
      ...classes({ full: 100, reduced: 50 }, 'full'),
      feedback: { rule: 'limit', limit: 80, side: 'above', unit: '°C', truth: word('reduced') },
    })),
    template('operator', 'inputs', () => ({
      features: [quantity('level', '%', 0, 100), quantity('inflow', 'm³/h', 0, 50)],
      ...classes({ off: 0, on: 1 }, 'off'),
      feedback: { rule: 'label' },
    })),
    template('state', 'classes', () => ({
      features: [quantity('width', 'mm', 0, 100), quantity('weight', 'g', 0, 1000)],
      ...classes({ good: 0, reject: 1 }, 'good'),
      feedback: { rule: 'label' },
    })),
    template('faults', 'classes', () => ({
      features: Array.from({ length: WINDOW }, (_, i) => ({
        ...quantity('sample', 'g', -2, 2),
        name: `${word('sample')} ${i + 1}`,
      })),
      ...classes({ healthy: 0, fault: 1 }, 'healthy'),
      outOfRange: 'clamp',
      model: network('window', WINDOW, 2),
      feedback: { rule: 'label' },
    })),
    template('valve', 'feedback', () => ({
      features: [outdoor(), load()],
      outputs: [{ ...quantity('valve', '%', 0, 100), maxChange: 20 }],
      model: network('dense', 2, 1),
      feedback: { rule: 'tracking', setPoint: 22, gain: 5, band: 0.5, unit: '°C' },
    })),
    template('estimate', 'classes', () => ({
      features: [load(), ambient()],
      outputs: [quantity('power', 'kW', 0, 100)],
      model: network('dense', 2, 1),
      feedback: { rule: 'label' },
    })),
    stream('vibration', 'correlation'),
    stream('reconstruct', 'autoencoder'),
  ];

  /** Buttons with what each template is for. */
  export function templateList(container: JQuery, choose: (chosen: Template) => void): void {
    const list = $('<div>', { class: 'edge-trainer-templates' }).appendTo(container);
    for (const choice of templates)
      $('<button>', { type: 'button', class: 'edge-trainer-template' })
        .attr('data-template', choice.name)
        .append($('<b>', { text: text(`form.template.${choice.name}.title`) }))
        .append($('<span>', { text: text(`form.template.${choice.name}.about`) }))
        .on('click', () => choose(choice))
        .appendTo(list);
  }
}
