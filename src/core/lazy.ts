/**
 * A part that is loaded on first use. The bundler puts what `load` imports into a file of its own, which activation
 * doesn't read. It's loaded once; a failed load is tried again.
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
