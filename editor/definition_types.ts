/** What the admin routes of the device node answer, as far as the form needs it (nodes/device/routes.ts). */
namespace EdgeTrainer {
  export interface SchemaNode {
    readonly type?: string;
    readonly description?: string;
    readonly properties?: Readonly<Record<string, SchemaNode>>;
    readonly items?: SchemaNode;
    readonly minItems?: number;
    readonly maxItems?: number;
    readonly minimum?: number;
    readonly maximum?: number;
    readonly enum?: readonly string[];
    readonly const?: string;
    readonly default?: unknown;
    readonly oneOf?: readonly SchemaNode[];
    readonly anyOf?: readonly SchemaNode[];
    readonly 'x-unit'?: string;
    readonly 'x-default'?: string;
  }

  export interface Board {
    readonly name: string;
    readonly title: string;
    readonly arena: number;
    /** Channels of its own; null = as the program around it says. */
    readonly channels: { readonly inputs: number; readonly outputs: number } | null;
  }

  /** trainer/definition/families.ts */
  export interface Family {
    readonly types: readonly string[];
    readonly words: string;
    readonly stream: boolean;
    readonly inputs: 'features' | 'channels';
    readonly pages: readonly string[];
    readonly general: readonly string[];
    readonly learning: readonly string[];
  }

  export interface Facts {
    readonly schema: SchemaNode;
    readonly boards: readonly Board[];
    /** What firmware can be written onto. */
    readonly flashable: readonly Flashable[];
    readonly families: readonly Family[];
    /** Largest file of a network that can be imported, in bytes. */
    readonly importMost: number;
  }

  /** Boards are called by their makers' names; the virtual trainer has none. */
  export const boardTitle = ({ name, title }: Board): string =>
    name === 'virtual' ? text('form.virtual') : title;

  /** The family of a definition's model; the first one while the type is not known. */
  export function familyOf(facts: Facts, definition: Json): Family {
    const type = isObject(definition.model) ? definition.model.type : undefined;
    const family = facts.families.find(({ types }) => types.includes(String(type))) ?? facts.families[0];
    if (family === undefined) throw new Error('no family of models');
    return family;
  }

  /** Catalogue section of the fields of a definition's model. */
  export function wordsOf(facts: Facts, definition: Json): string {
    return familyOf(facts, definition).words;
  }

  export interface MemoryNeed {
    readonly total: number;
    readonly dataset: number;
    readonly model: number;
    readonly shared: number;
    readonly work: number;
  }

  export interface Issue {
    readonly path: string;
    readonly problem: Word;
  }

  /** The network as the firmware plans it; of a fault in a shape, the layers in front of it. */
  export interface NetworkReport {
    /** Height, width, channels. */
    readonly input: readonly number[];
    readonly layers: readonly {
      readonly height: number;
      readonly width: number;
      readonly channels: number;
      readonly parameters: number;
      readonly modelBytes: number;
    }[];
  }

  export interface MemoryReport {
    readonly issues: readonly Issue[];
    readonly board: string;
    readonly arenaBytes: number;
    readonly need?: MemoryNeed;
    readonly fits: boolean;
    readonly largestCapacity?: number;
    readonly definitionBytes?: number;
    readonly network?: NetworkReport;
    /** Fields whose value comes from an environment variable that the runtime cannot look up here. */
    readonly unknown?: readonly string[];
  }

  export type Json = Record<string, unknown>;

  export function isObject(value: unknown): value is Json {
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  }
}
