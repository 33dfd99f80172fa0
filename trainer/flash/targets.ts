/** What firmware is written onto: the boards of this package, and chips that bring firmware of their owner. */
import { boardOf, knownBoards } from '../definition';
import { imageError } from './errors';
import { ESP_BOARDS } from './esp32/chips';
import { readEspImage } from './esp32/image';
import type { FlashBoard } from './flash';
import { type Image, packagedImage, readImage } from './image';

/** Everything that can be flashed, boards of this package first. */
export function flashTargets(): FlashBoard[] {
  const own = knownBoards().flatMap((name) => {
    const { title, store, bootLoader } = boardOf(name);
    return bootLoader === null ? [] : [{ name, title, store, bootLoader }];
  });
  return [...own, ...ESP_BOARDS];
}

/** Undefined: nothing is flashed under this name. */
export const flashTarget = (wanted: string): FlashBoard | undefined =>
  flashTargets().find(({ name }) => name === wanted);

/** This package has no image for it: its owner gives one. */
export const needsImage = ({ bootLoader }: FlashBoard): boolean => bootLoader.protocol === 'esp32';

/**
 * What is to be written.
 * @param files of its owner: an Intel hex file; for an ESP32 any number, each a file or ADDRESS:FILE. None: the image of this package
 * @throws FlashError
 */
export async function imageFor(board: FlashBoard, files: readonly string[]): Promise<Image> {
  const [file, ...more] = files;
  if (needsImage(board)) {
    if (file === undefined) throw imageError('flash.image.own', { board: board.name });
    return readEspImage(files, board);
  }
  if (file === undefined) return packagedImage(board.name);
  if (more.length > 0) throw imageError('flash.image.one', { board: board.name });
  return readImage(file);
}
