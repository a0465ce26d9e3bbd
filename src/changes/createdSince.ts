/** How much later than ours Scalekit's clock may be, in milliseconds, for an object to count as made just now. */
const CLOCKS_DIFFER_MS = 120_000;

/** Whether an object was made after a time in milliseconds since the epoch: by the call that began then, whose answer was lost. */
export function isCreatedSince({ createTime }: { readonly createTime?: Date }, time: number): boolean {
  return createTime !== undefined && createTime.getTime() > time - CLOCKS_DIFFER_MS;
}
