/** The purpose of a request, in the words of the error texts. */

import type english from '../../locales/en-US/errors.json';
import { BulkObject } from '../contract/contract.generated';
import { type Text, text } from '../text';

export function task(name: keyof typeof english.client.task): Text {
  return text(`client.task.${name}`);
}

/** Reading or sending an object page by page. */
export function transferOf(direction: 'reading' | 'sending', object: BulkObject): Text {
  const names = Object.keys(BulkObject) as (keyof typeof BulkObject)[];
  const name = names.find((candidate) => BulkObject[candidate] === object);
  const words = name === undefined || name === 'NONE' ? String(object) : text(`client.object.${name}`);
  return text(`client.task.${direction}`, { object: words });
}
