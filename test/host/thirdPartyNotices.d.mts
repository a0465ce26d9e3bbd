import type { Metafile } from 'esbuild';

/** Creates ThirdPartyNotices.txt of a product. Throws if a bundled package has no licence text. */
export function thirdPartyNotices(metafiles: readonly Metafile[], product?: string): string;
