import { domainToASCII } from 'node:url';
import { DOMAIN_LENGTH } from '../../api/domains';

const LABEL = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

/**
 * The domain in a typed or pasted domain, email address or web address, as DNS writes it. Undefined if there is none.
 */
export function readDomainText(text: string): string | undefined {
  const host = text
    .trim()
    .replace(/^[a-z][a-z0-9+.-]*:\/\//i, '')
    .replace(/[/?#].*$/s, '')
    .replace(/^.*@/s, '')
    .replace(/:\d+$/, '')
    .replace(/\.$/, '');
  const domain = /\s/.test(host) ? '' : domainToASCII(host).toLowerCase();
  const labels = domain.split('.');
  const isDomain =
    labels.length > 1 && labels.every((label) => LABEL.test(label)) && !/^\d+$/.test(labels.at(-1) ?? '');
  return isDomain && domain.length >= DOMAIN_LENGTH.least && domain.length <= DOMAIN_LENGTH.most ? domain : undefined;
}
