/**
 * A part that is loaded when it is first needed: the bundler puts what `load` imports into a file of its own, which activation does
 * not read. Loaded once; a failed load is tried again.
 */
export function lazy<T>(load: () => Promise<T>): () => Promise<T> {
  let loaded: Promise<T> | undefined;
  return () => {
    loaded ??= load().catch((error: unknown) => {
      loaded = undefined;
      throw error;
    });
    return loaded;
  };
}
