/** `{ [key]: value }`, or nothing for undefined and for the empty text, by which a request clears a field. */
export function optional<K extends string, V>(key: K, value: V | undefined): { [P in K]?: V } {
  return (value === undefined || value === '' ? {} : { [key]: value }) as { [P in K]?: V };
}
