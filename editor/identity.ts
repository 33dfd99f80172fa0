/** A feature, channel or class keeps its identity when somebody renames it in the form: what was learned belongs to the identity. */
namespace EdgeTrainer {
  /**
   * Sets the identity of a row whose name has changed. It is left out while it equals the name, which is its default.
   * @param key the column that holds the name: "name" or "label"
   * @param first the name that the row had when the dialog opened; undefined for a row that was added since
   */
  export function keepIdentity(rows: readonly Json[], row: Json, key: string, first: unknown): void {
    const name = row[key];
    const wanted = typeof first === 'string' && first !== '' ? first : name;
    if (typeof wanted !== 'string') return;
    const taken = (id: string): boolean =>
      rows.some((other) => other !== row && (other.id ?? other[key]) === id);
    let id = wanted;
    for (let number = 2; taken(id); number++) id = `${wanted} ${number}`;
    if (id === name) delete row.id;
    else row.id = id;
  }
}
