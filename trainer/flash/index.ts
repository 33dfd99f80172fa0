/** Firmware onto a board through the boot loader that its chip brings: one file for each protocol, one flow for all. */
export type { BootLoader, Chip } from './boot_loader';
export { fromBootLoader, leaveForBootLoader, refusesCommand } from './command';
export { FlashError, type FlashErrorCode } from './errors';
export { type FlashBoard, type FlashOptions, type FlashResult, type FlashStep, flash } from './flash';
export { type Image, parseHex } from './image';
export { openBootLoader, reachedBy } from './loaders';
export { flashTarget, flashTargets, imageFor, needsImage } from './targets';
