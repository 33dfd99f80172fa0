/**
 * Environment variables in a definition. Node-RED replaces `${NAME}` by a text; where the definition wants a number, that text becomes
 * one. What is no number stays as it is, for the validator to name.
 */
import { definitionSchema, type SchemaNode } from '../../trainer/definition';

type Json = Record<string, unknown>;

const VARIABLE = /^\$\{([^{}]+)\}$/;

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isNumeric(node: SchemaNode | undefined): boolean {
  return (
    node?.type === 'number' ||
    node?.type === 'integer' ||
    (node?.anyOf ?? []).some((branch) => isNumeric(branch))
  );
}

/** The branch of a tagged section that the document has chosen. */
function branchOf(node: SchemaNode, value: Json): SchemaNode {
  const chosen = node.oneOf?.find((branch) =>
    Object.entries(branch.properties ?? {}).some(
      ([name, { const: tag }]) => tag !== undefined && Object.hasOwn(value, name) && value[name] === tag,
    ),
  );
  return chosen ?? node;
}

/** The document with every text at a place of the schema replaced by the result of `replace`. Never changes the document. */
function mapTexts(
  value: unknown,
  node: SchemaNode | undefined,
  path: string,
  replace: (text: string, numeric: boolean, path: string) => unknown,
): unknown {
  if (typeof value === 'string') return replace(value, isNumeric(node), path);
  if (Array.isArray(value))
    return value.map((item, index) => mapTexts(item, node?.items, `${path}[${index}]`, replace));
  if (!isObject(value)) return value;
  const properties = node === undefined ? undefined : branchOf(node, value).properties;
  return Object.fromEntries(
    Object.entries(value).map(([name, child]) => [
      name,
      mapTexts(
        child,
        properties !== undefined && Object.hasOwn(properties, name) ? properties[name] : undefined,
        path === '' ? name : `${path}.${name}`,
        replace,
      ),
    ]),
  );
}

const asNumber = (text: string): unknown => {
  const number = Number(text);
  return text.trim() === '' || !Number.isFinite(number) ? text : number;
};

/** The values that Node-RED gives to the nodes: variables are replaced already. */
export function withNumbers(document: unknown): unknown {
  return mapTexts(document, definitionSchema, '', (text, numeric) => (numeric ? asNumber(text) : text));
}

/**
 * What the form shows: variables are still there.
 * @param lookUp value of a variable, undefined when there is none
 * @returns the document, and the fields whose variable has no value here
 */
export function withVariables(
  document: unknown,
  lookUp: (name: string) => string | undefined,
): { readonly document: unknown; readonly unknown: string[] } {
  const unknown: string[] = [];
  const replaced = mapTexts(document, definitionSchema, '', (text, numeric, path) => {
    const name = VARIABLE.exec(text)?.[1];
    if (name === undefined) return text;
    const value = lookUp(name);
    if (value === undefined) {
      unknown.push(path);
      return text;
    }
    return numeric ? asNumber(value) : value;
  });
  return { document: replaced, unknown };
}
