// The contract in words: docs/register-map.md.
import { NOTE, wordsOf } from './read.mjs';

function registerMap({ map, limits }) {
  const lines = ['# Register map', '', `<!-- ${NOTE} -->`, '', `Version ${map.map_version}. ${map.doc}`, ''];
  lines.push(
    'A PLC needs the blocks marked *PLC* only. Addresses are protocol addresses, from 0 (add 1 for data-model numbers, 40001 + address for holding registers). Registers marked *manage* are refused while a key is set and no upload is open. An address without a register reads 0 among those of the PLC and within a block; elsewhere it is exception 2.',
    '',
  );
  for (const block of map.blocks) {
    lines.push(
      `## ${block.name}${block.plc ? ' (PLC)' : ''}`,
      '',
      block.doc,
      '',
      '| Address | Register | Type | Access | Unit | Meaning |',
      '|---|---|---|---|---|---|',
    );
    for (const register of block.registers) {
      const words = wordsOf(register);
      const address = words > 1 ? `${register.at} – ${register.at + words - 1}` : `${register.at}`;
      const type = register.count ? `${register.type} × ${register.count}` : register.type;
      const access = `${register.access}${register.manage ? ', manage' : ''}`;
      const doc = register.enum
        ? `${register.doc} ([${register.enum}](#${register.enum.replace(/_/g, '_')}))`
        : register.doc;
      lines.push(
        `| ${address} | \`${register.name}\` | ${type} | ${access} | ${register.unit ?? ''} | ${doc} |`,
      );
    }
    lines.push('');
  }
  for (const [title, bits] of [
    ['Coils (FC 1, 5, 15)', map.coils],
    ['Discrete inputs (FC 2)', map.discrete_inputs],
  ]) {
    lines.push(`## ${title}`, '', '| Address | Name | Meaning |', '|---|---|---|');
    for (const bit of bits)
      lines.push(
        `| ${bit.count ? `${bit.at} – ${bit.at + bit.count - 1}` : bit.at} | \`${bit.name}\` | ${bit.doc} |`,
      );
    lines.push('');
  }
  lines.push(
    '## Error codes',
    '',
    '`last_error`, `command_result` and `train_result` hold these.',
    '',
    '| Code | Name | Meaning |',
    '|---|---|---|',
  );
  for (const [key, { code, text }] of Object.entries(map.errors))
    lines.push(`| ${code} | ${key} | ${text} |`);
  lines.push('', '## Limits', '', '| Name | Value | Meaning |', '|---|---|---|');
  for (const [name, { value, doc }] of Object.entries(limits)) lines.push(`| ${name} | ${value} | ${doc} |`);
  lines.push('', '# Values', '');
  for (const [name, { doc, values }] of Object.entries(map.enums)) {
    lines.push(`## ${name}`, '', `${doc}.`, '', '| Value | Name |', '|---|---|');
    for (const [key, value] of Object.entries(values)) lines.push(`| ${value} | ${key} |`);
    lines.push('');
  }
  return `${lines.join('\n').trimEnd()}\n`;
}

export function markdownFiles(contract) {
  return { 'docs/register-map.md': registerMap(contract) };
}
