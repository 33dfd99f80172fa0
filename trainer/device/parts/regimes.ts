/** Operating regimes of a stream model: places of a bank that are learned one by one, and their names. */
import { isStream, regimePlaces } from '../../definition';
import { text } from '../../text';
import type { TrainerConnection } from '../connection';
import { InputError } from '../errors';
import { placeName } from '../place_names';

export interface Regime {
  /** From 1. */
  readonly regime: number;
  /** Empty = it has none. */
  readonly name: string;
}

export class RegimesPart {
  private readonly to: TrainerConnection;

  constructor(to: TrainerConnection) {
    this.to = to;
  }

  /** Place by place as they are named; without asking the board. */
  names(): string[] {
    return this.to.definition.regimes.list();
  }

  /** The places of the definition's bank, learned or not. @throws InputError when the model is no stream model */
  list(): Promise<Regime[]> {
    return this.to.definition.run(async (definition) => {
      if (!isStream(definition)) throw new InputError('regime', text('input.noStream'));
      return Array.from({ length: regimePlaces(definition) }, (_, place) => ({
        regime: place + 1,
        name: this.to.definition.regimes.of(place + 1),
      }));
    });
  }

  /** The place that a number or a name means. @throws InputError that says which there are */
  async find(regime: number | string): Promise<number> {
    const regimes = await this.list();
    const wanted = typeof regime === 'string' ? regime.trim() : regime;
    const found = regimes.find(
      ({ regime: number, name }) => number === Number(wanted) || (name !== '' && name === wanted),
    );
    if (found !== undefined) return found.regime;
    const there = regimes.map(({ regime: number, name }) =>
      name === '' ? String(number) : `${number} (${name})`,
    );
    throw new InputError('regime', text('input.noRegime', { regime: String(regime), names: there }));
  }

  /**
   * Names a regime; an empty name takes it away. The name stays on the host: listen to `regimeNames` to keep it.
   * @throws InputError when the definition has no such place
   */
  async rename(regime: number | string, name: string): Promise<void> {
    const trimmed = placeName('name', name);
    this.to.definition.regimes.give(await this.find(regime), trimmed);
  }
}
