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
  }

  export interface Facts {
    readonly schema: SchemaNode;
    readonly boards: readonly Board[];
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
    readonly problem: string;
  }

  export interface MemoryReport {
    readonly issues: readonly Issue[];
    readonly board: string;
    readonly arenaBytes: number;
    readonly need?: MemoryNeed;
    readonly fits: boolean;
    readonly largestCapacity?: number;
    readonly definitionBytes?: number;
  }

  export type Json = Record<string, unknown>;

  export function isObject(value: unknown): value is Json {
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  }
}
