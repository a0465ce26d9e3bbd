import type { Fault } from '../package/api';

/** A fault that a page offers. */
export interface FaultPreset {
  readonly id: string;
  readonly label: string;
  readonly fault: Fault;
}

/** The faults that an app should survive, each as one button. */
export const FAULT_PRESETS: readonly FaultPreset[] = [
  { id: 'rate-limit', label: '429 once', fault: { times: 1, status: 429, retryAfter: 2 } },
  { id: 'failure', label: '500 three times', fault: { times: 3, status: 500 } },
  { id: 'unauthorized', label: '401 once', fault: { times: 1, status: 401 } },
  { id: 'slow', label: '2 seconds slower', fault: { delayMs: 2_000 } },
  { id: 'closed', label: 'Connection closed once', fault: { times: 1, drop: true } },
];

/** What happens to which requests, and how often yet. */
export function faultText(fault: Fault, used: number): string {
  const { method, path, times, after = 0 } = fault;
  const requests = [method, path].filter((part) => part !== undefined).join(' ') || 'any request';
  const left = times === undefined ? 'until removed' : `${times - used} left`;
  return `${effectOf(fault)}: ${requests}, ${left}${after === 0 || used > 0 ? '' : `, after the first ${after}`}`;
}

/** Whether a fault can still happen. */
export function isPending({ times }: Fault, used: number): boolean {
  return used < (times ?? Infinity);
}

function effectOf({ delayMs, drop, respond, html, wrongJson, status, retryAfter, halfBody }: Fault): string {
  const effects = [delayMs === undefined ? '' : `${delayMs} ms slower`];
  if (drop === true) effects.push('connection closed');
  else if (respond !== undefined) effects.push(`status ${respond.status ?? 200}`);
  else if (html === true) effects.push(`status ${status ?? 502} with a proxy’s page`);
  else if (wrongJson === true) effects.push('JSON that ends too early');
  else if (status !== undefined)
    effects.push(`status ${status}${retryAfter === undefined ? '' : ` with Retry-After ${retryAfter}`}`);
  if (halfBody === true) effects.push('half a body');
  return effects.filter((effect) => effect !== '').join(', ') || 'nothing';
}
