/** How far Scalekit's clock may differ from ours, in milliseconds, for an object to count as just created. */
const CLOCKS_DIFFER_MS = 120_000;

/**
 * Whether an object was created after `time` (milliseconds since the epoch), when the call began whose response was
 * lost.
 */
export function isCreatedSince({ createTime }: { readonly createTime?: Date }, time: number): boolean {
  return createTime !== undefined && createTime.getTime() > time - CLOCKS_DIFFER_MS;
}
