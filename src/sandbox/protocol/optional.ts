/** `{ [key]: value }`, or `{}` for undefined and for the empty text, with which a request clears a field. */
export function optional<K extends string, V>(key: K, value: V | undefined): { [P in K]?: V } {
  return (value === undefined || value === '' ? {} : { [key]: value }) as { [P in K]?: V };
}
