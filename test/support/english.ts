import type { L10n } from '../../src/ui/failure';

/** VS Code's English texts outside VS Code, with the values in place of `{0}`, `{1}`. */
export const english: L10n = {
  t: (message: unknown, ...values: unknown[]) =>
    String(message).replace(/\{(\d+)\}/g, (_place, index: string) => String(values[Number(index)])),
};
