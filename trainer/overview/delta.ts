/** What has changed between two JSON values, as a merge patch (RFC 7396): null takes a member away. */
type Json = unknown;

function isObject(value: Json): value is Record<string, Json> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Undefined when nothing has changed. Null inside a list stays what it is; members that are null are not to be told apart from none. */
export function mergePatch(before: Json, after: Json): Json | undefined {
  if (!isObject(before) || !isObject(after))
    return JSON.stringify(before) === JSON.stringify(after) ? undefined : after;
  const patch: Record<string, Json> = {};
  for (const [name, value] of Object.entries(after)) {
    if (value === undefined) continue;
    const change = mergePatch(before[name], value);
    if (change !== undefined) patch[name] = change;
  }
  for (const [name, value] of Object.entries(before)) {
    if (value !== undefined && value !== null && after[name] === undefined) patch[name] = null;
  }
  return Object.keys(patch).length === 0 ? undefined : patch;
}
