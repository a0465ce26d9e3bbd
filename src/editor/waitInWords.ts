import type { L10n } from './callMessage.js';

/** How long to wait, rounded up: `30 seconds`, `2 minutes`. Without VS Code's language, which plain Node has not. */
export function waitInWords(l10n: L10n, milliseconds: number): string {
  const seconds = Math.max(1, Math.ceil(milliseconds / 1_000));
  if (seconds === 1) return l10n.t('1 second');
  if (seconds < 60) return l10n.t('{0} seconds', seconds);
  const minutes = Math.ceil(seconds / 60);
  if (minutes === 1) return l10n.t('1 minute');
  if (minutes < 60) return l10n.t('{0} minutes', minutes);
  const hours = Math.ceil(minutes / 60);
  if (hours === 1) return l10n.t('1 hour');
  if (hours < 24) return l10n.t('{0} hours', hours);
  const days = Math.ceil(hours / 24);
  return days === 1 ? l10n.t('1 day') : l10n.t('{0} days', days);
}
