/** The definition that names and scales come from, and whether the board was seen to run it. */
import { BulkObject, TrainerErrors } from '../contract/contract.generated';
import {
  type CompleteDefinition,
  decodeDefinition,
  encodeDefinition,
  fingerprintOf,
  parseDefinition,
  type TrainerDefinition,
} from '../definition';
import type { UnitAccess } from './access';
import { download, type TransferOptions } from './bulk';
import { DefinitionMismatchError, InputError, ProtocolError, TrainerError } from './errors';
import { PatternNames } from './patterns';
import { PlaceNames } from './place_names';
import { readStatus, type TrainerStatus } from './status';
import { task } from './task';

/** How the board's definition stands to the one that the client was given. */
export type Agreement = 'same' | 'different' | 'none' | 'not-given';

/** Names as they were kept; they go before those of the definition. */
export interface KeptNames {
  /** Of anomaly patterns 1, 2, ... */
  readonly patternNames?: readonly string[];
  /** Of operating regimes 1, 2, ... */
  readonly regimeNames?: readonly string[];
}

export class DefinitionInUse {
  readonly names: PatternNames;
  readonly regimes: PlaceNames;
  private readonly access: UnitAccess;
  private given: boolean;
  private complete: CompleteDefinition | undefined;
  /** Fingerprint that the board was last seen to run; undefined = look again before relying on names and scales. */
  private seen: number | undefined;
  private verifying: Promise<CompleteDefinition> | undefined;

  /**
   * @throws DefinitionError
   */
  constructor(
    access: UnitAccess,
    definition: TrainerDefinition | undefined,
    kept: KeptNames,
    namesChanged: (of: keyof KeptNames, names: readonly string[]) => void,
  ) {
    this.access = access;
    this.given = definition !== undefined;
    this.complete = definition === undefined ? undefined : parseDefinition(definition);
    this.names = new PatternNames(kept.patternNames ?? this.complete?.patternNames ?? [], () => {
      this.keepNames();
      namesChanged('patternNames', this.names.list());
    });
    this.regimes = new PlaceNames(kept.regimeNames ?? this.complete?.regimeNames ?? [], () => {
      this.keepNames();
      namesChanged('regimeNames', this.regimes.list());
    });
    this.keepNames();
  }

  /** Undefined before the board's own was read. */
  get current(): CompleteDefinition | undefined {
    return this.complete;
  }

  /** The definition, when `blob` is what it is on the board. */
  knownAs(blob: Uint8Array): CompleteDefinition | undefined {
    const { complete } = this;
    return complete !== undefined && fingerprintOf(encodeDefinition(complete)) === fingerprintOf(blob)
      ? complete
      : undefined;
  }

  /** The blob that the board runs; empty when it has none. */
  readBlob(options: TransferOptions = {}): Promise<Uint8Array> {
    return download(this.access, BulkObject.DEFINITION, options);
  }

  /** Uses the board's own: its features are called "feature 1" and on, its classes "class 0" and on. */
  async useBoards(): Promise<CompleteDefinition> {
    const blob = await this.readBlob();
    if (blob.length === 0)
      throw new TrainerError(this.access.unit, task('definition'), TrainerErrors.NO_DEFINITION.code, 0);
    this.complete = decodeDefinition(blob);
    this.keepNames();
    this.seen = fingerprintOf(blob);
    return this.complete;
  }

  /** The board runs this one now. */
  adopt(definition: CompleteDefinition, fingerprint: number): void {
    this.complete = definition;
    this.keepNames();
    this.seen = fingerprint;
  }

  /** The caller chose this one, and the board runs it now. */
  deployed(definition: CompleteDefinition, fingerprint: number): void {
    this.complete = definition;
    this.names.suggest(definition.patternNames ?? []);
    this.regimes.suggest(definition.regimeNames ?? []);
    this.adopt(definition, fingerprint);
    this.given = true;
  }

  /** Another board, or another definition, may answer now. */
  forget(): void {
    this.seen = undefined;
  }

  /** Somebody else may have deployed: then names and scales have to be checked again. */
  notice({ definitionFingerprint }: TrainerStatus): void {
    if (this.seen !== definitionFingerprint) this.seen = undefined;
  }

  agreement({ definitionFingerprint: found }: TrainerStatus): Agreement {
    if (found === 0) return 'none';
    if (!this.given || this.complete === undefined) return 'not-given';
    const same = found === fingerprintOf(encodeDefinition(this.complete));
    if (same) this.seen = found;
    return same ? 'same' : 'different';
  }

  /** Runs `action` with the verified definition; a refusal that hints at another definition makes the next call look again. */
  async run<T>(action: (definition: CompleteDefinition) => Promise<T>): Promise<T> {
    const definition = await this.verified();
    try {
      return await action(definition);
    } catch (error) {
      const suspicious =
        error instanceof ProtocolError ||
        (error instanceof TrainerError && ['NO_DEFINITION', 'ADDRESS'].includes(error.code));
      // After silence another board may answer; other refusals say nothing about the definition.
      if (suspicious || (!(error instanceof TrainerError) && !(error instanceof InputError))) this.forget();
      if (suspicious) await this.verified();
      throw error;
    }
  }

  /** The definition, after making sure that the board runs it; everybody who asks meanwhile waits for the one look. */
  private verified(): Promise<CompleteDefinition> {
    const { complete } = this;
    if (complete !== undefined && this.seen !== undefined) return Promise.resolve(complete);
    this.verifying ??= this.verify().finally(() => {
      this.verifying = undefined;
    });
    return this.verifying;
  }

  private async verify(): Promise<CompleteDefinition> {
    const { complete } = this;
    if (complete === undefined || !this.given) return this.useBoards();
    const expected = fingerprintOf(encodeDefinition(complete));
    const { definitionFingerprint: found } = await readStatus(this.access, { doing: task('status') });
    if (found !== expected) throw new DefinitionMismatchError(this.access.unit, expected, found);
    this.seen = found;
    return complete;
  }

  /** The definition says the names, so that they are in it wherever it goes. */
  private keepNames(): void {
    if (this.complete === undefined) return;
    const { patternNames: _patterns, regimeNames: _regimes, ...definition } = this.complete;
    const patternNames = this.names.list();
    const regimeNames = this.regimes.list();
    this.complete = {
      ...definition,
      ...(patternNames.length === 0 ? {} : { patternNames }),
      ...(regimeNames.length === 0 ? {} : { regimeNames }),
    };
  }
}
