// The family on a virtual board, deployed, taught and asked over Modbus: its decisions are those of the means of what it was taught.
const assert = require('node:assert/strict');
const { join } = require('node:path');
const load = (path) => require(join(process.cwd(), 'dist', path));

const CENTRES = { heat: [15, 30], hold: [22, 50], cool: [30, 70] };
const definition = {
  name: 'house',
  board: 'virtual',
  features: [
    { name: 'temperature', min: 0, max: 50, scale: 100 },
    { name: 'humidity', min: 0, max: 100 },
  ],
  classes: Object.keys(CENTRES).map((label) => ({ label })),
  model: { type: 'centroid', shrinkage: 0.1 },
  feedback: { rule: 'label' },
  stitching: { capacity: 60 },
  training: { mode: 'manual' },
};

async function main() {
  const { openBus, Trainer } = load('trainer/index.js');
  const { firmwarePlanner, virtualWire } = load('trainer/virtual/index.js');
  const bus = openBus(virtualWire({ unit: 1 }));
  const trainer = new Trainer(bus, { unit: 1, planner: await firmwarePlanner() });
  try {
    await trainer.deploy(definition);
    for (let i = 0; i < 45; i++) {
      const label = definition.classes[i % 3].label;
      const [temperature, humidity] = CENTRES[label];
      await trainer.dataset.add([temperature + (i % 5) - 2, humidity + (i % 7) - 3], label);
    }
    const { result } = await trainer.model.train();
    assert.equal(result, 'promoted');
    for (const [label, centre] of Object.entries(CENTRES)) {
      assert.equal((await trainer.infer(centre)).label, label);
    }
  } finally {
    await bus.close();
  }
}

main().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
