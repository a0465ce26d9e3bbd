import { isRecord, type JsonRecord } from '../api/json';
import type { Prober, ProbeFailure } from './prober';

/** What came from an address that should have a JSON object. */
export type JsonDocument =
  | { readonly kind: 'json'; readonly json: JsonRecord }
  | { readonly kind: 'failed'; readonly reason: ProbeFailure }
  | { readonly kind: 'redirect'; readonly status: number; readonly location: string | undefined }
  | { readonly kind: 'status' | 'html' | 'notJson'; readonly status: number };

/** @throws the signal's reason, if the user cancelled */
export async function readJsonDocument(prober: Pick<Prober, 'send'>, url: string): Promise<JsonDocument> {
  const response = await prober.send({ method: 'GET', url, readBody: true });
  if (typeof response === 'string') return { kind: 'failed', reason: response };
  const { status, contentType, location, text } = response;
  if (status >= 300 && status < 400) return { kind: 'redirect', status, location };
  if (status < 200 || status > 299) return { kind: 'status', status };
  try {
    const json: unknown = JSON.parse(text);
    if (isRecord(json)) return { kind: 'json', json };
  } catch {
    if (/\bhtml\b/i.test(contentType) || /^\s*<(?:!doctype|html)/i.test(text)) return { kind: 'html', status };
  }
  return { kind: 'notJson', status };
}
