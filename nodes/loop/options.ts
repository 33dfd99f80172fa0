/** What the editor stores about a loop -> what the loop takes. */
import type { HoldingTimes } from '../../trainer/loop';
import { numberOr } from '../bus/options';
import type { DeviceUserConfig } from '../shared/device_node';
import { MessageError } from '../shared/message_error';
import type { PlcConfig } from '../shared/plc';

/** Times in seconds; numbers may be texts. */
export interface LoopConfig extends DeviceUserConfig, PlcConfig {
  interval?: string | number;
  /** Empty: that of the definition. */
  settle?: string | number;
  failSafe?: string | number;
  hold?: string | number;
  leastOn?: string | number;
  leastOff?: string | number;
  /** Features of messages are good for so long; empty: three intervals. */
  oldAfter?: string | number;
}

export interface LoopSettings extends HoldingTimes {
  readonly intervalMs: number;
  readonly oldAfterMs: number;
  readonly failSafe: number;
  readonly settleMs?: number;
}

const LEAST_INTERVAL_S = 0.1;
const MOST_S = 86_400;
const DEFAULT_INTERVAL_S = 10;

/** @throws MessageError that names the field */
export function settingsOf(config: LoopConfig): LoopSettings {
  const seconds = (field: keyof LoopConfig & string, fallback: number, least = 0): number => {
    const value = numberOr(config[field] as string | number | undefined, fallback);
    if (!(value >= least && value <= MOST_S))
      throw new MessageError('error.loopTime', { field, least, most: MOST_S, got: String(config[field]) });
    return 1000 * value;
  };
  const failSafe = numberOr(config.failSafe, 0);
  if (!Number.isFinite(failSafe))
    throw new MessageError('error.loopFailSafe', { got: String(config.failSafe) });
  const intervalMs = seconds('interval', DEFAULT_INTERVAL_S, LEAST_INTERVAL_S);
  return {
    intervalMs,
    failSafe,
    holdMs: seconds('hold', 0),
    leastOnMs: seconds('leastOn', 0),
    leastOffMs: seconds('leastOff', 0),
    oldAfterMs: seconds('oldAfter', (3 * intervalMs) / 1000),
    ...(numberOr(config.settle, undefined) === undefined ? {} : { settleMs: seconds('settle', 0) }),
  };
}
