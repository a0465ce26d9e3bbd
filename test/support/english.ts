import type { L10n } from '../../src/ui/failure';

/** Sentences as VS Code gives them in English, outside VS Code: the values in the places of `{0}`, `{1}`. */
export const english: L10n = {
  t: (message: unknown, ...values: unknown[]) =>
    String(message).replace(/\{(\d+)\}/g, (_place, index: string) => String(values[Number(index)])),
};
