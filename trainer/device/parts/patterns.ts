/** Anomaly patterns of a stream model. */

import { Command } from '../../contract/contract.generated';
import { text } from '../../text';
import type { AccessOptions } from '../access';
import type { TrainerConnection } from '../connection';
import { InputError } from '../errors';
import { checkPattern, type Pattern, readPatterns } from '../patterns';
import { placeName } from '../place_names';
import { task } from '../task';

export class PatternsPart {
  private readonly to: TrainerConnection;

  constructor(to: TrainerConnection) {
    this.to = to;
  }

  /** Those that the board knows, with their names. */
  list(options: AccessOptions = {}): Promise<Pattern[]> {
    return readPatterns(this.to.access, this.to.definition.names, options);
  }

  /**
   * Names a pattern; an empty name takes it away. The name stays on the host: listen to `patternNames` to keep it.
   * @param pattern 1 to 16
   * @throws InputError when the board knows no such pattern
   */
  async rename(pattern: number, name: string): Promise<void> {
    checkPattern('pattern', pattern);
    const trimmed = placeName('name', name);
    const known = (await this.list()).map((entry) => entry.pattern);
    if (!known.includes(pattern))
      throw new InputError(
        'pattern',
        text('input.noPattern', {
          pattern,
          names: known.length === 0 ? text('input.none') : known,
        }),
      );
    this.to.definition.names.give(pattern, trimmed);
  }

  /** Two patterns that are the same fault become one; the name of `into` stays, else it gets that of `from`. Numbers 1 to 16. */
  async merge(into: number, from: number): Promise<void> {
    checkPattern('into', into);
    checkPattern('from', from);
    await this.to.commands.run(Command.PATTERN_MERGE, (into << 8) | from, { doing: task('patternMerge') });
    this.to.definition.names.merged(into, from);
  }

  async forget(pattern: number): Promise<void> {
    checkPattern('pattern', pattern);
    await this.to.commands.run(Command.PATTERN_FORGET, pattern, { doing: task('patternForget') });
    this.to.definition.names.give(pattern, '');
  }
}
