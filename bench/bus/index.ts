/**
 * The bus: what the client costs, what is left of a wire under stress, and what a node of the palette costs.
 *
 *   npm run bench -- bus [client] [stress] [node-red] [virtual] [--json]
 */
import { benchNodeRed } from './node_red';
import { benchStress } from './stress';
import { benchTypedClient } from './typed_client';
import { benchVirtual } from './virtual';

const PARTS: Readonly<Record<string, () => Promise<object>>> = {
  client: benchTypedClient,
  stress: benchStress,
  'node-red': benchNodeRed,
  virtual: benchVirtual,
};

async function main(): Promise<void> {
  const asked = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
  const unknown = asked.filter((part) => !(part in PARTS));
  if (unknown.length > 0)
    throw new Error(`no part ${unknown.join(', ')}; there are ${Object.keys(PARTS).join(', ')}`);
  const figures: object = {};
  for (const [name, run] of Object.entries(PARTS))
    if (asked.length === 0 || asked.includes(name)) Object.assign(figures, await run());
  if (process.argv.includes('--json')) console.log(JSON.stringify(figures));
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
