/** What can go wrong while firmware is written. Every text says what happened, what the board holds now, and what to do. */
import { type Filling, type Text, type TextKey, text, WordedError } from '../text';

export type FlashErrorCode =
  | 'FLASH_IMAGE'
  | 'FLASH_REFUSED'
  | 'FLASH_NO_BOOT_LOADER'
  | 'FLASH_INTERRUPTED'
  | 'FLASH_CANCELLED'
  | 'FLASH_VERIFY';

export class FlashError extends WordedError {
  readonly code: FlashErrorCode;

  constructor(code: FlashErrorCode, what: Text, options?: ErrorOptions) {
    super(what, options);
    this.code = code;
  }
}

/** The image cannot be used: it is missing, damaged, or not for this board. Nothing was sent. */
export function imageError(
  key: TextKey & `flash.image.${string}`,
  values: Record<string, Filling>,
): FlashError {
  return new FlashError('FLASH_IMAGE', text('flash.image.refused', { problem: text(key, values) }));
}

/** The board found is not the one that the image is for, or does not let itself be written. Nothing was changed. */
export function refusal(
  key: TextKey & `flash.refused.${string}`,
  values: Record<string, Filling>,
): FlashError {
  return new FlashError('FLASH_REFUSED', text('flash.refused.board', { problem: text(key, values) }));
}

/** A boot loader did not answer, answered something else, or its line is gone. The flow of flashing words it for people. */
export class BootLoaderError extends WordedError {
  constructor(
    key: TextKey & `flash.line.${string}`,
    values: Record<string, Filling> = {},
    options?: ErrorOptions,
  ) {
    super(text(key, values), options);
  }
}

/** An address or a code as data sheets write it. */
export const hex = (value: number): string => `0x${value.toString(16)}`;
