import { readSecret, readTarget, TargetError } from '../webhooks/loopbackTarget';
import { newSecret } from '../webhooks/newSecret';

/** When an interceptor is called (docs/scalekit-api.md, 5.5). */
export const TRIGGERS = [
  'PRE_SIGNUP',
  'PRE_SESSION_CREATION',
  'PRE_USER_INVITATION',
  'PRE_M2M_TOKEN_CREATION',
] as const;

export type Trigger = (typeof TRIGGERS)[number];

/** What a call without a usable response means. */
export const FAILURE_POLICIES = ['FAIL_OPEN', 'FAIL_CLOSED'] as const;

export type FailurePolicy = (typeof FAILURE_POLICIES)[number];

/** An app that is asked before something happens. */
export interface Interceptor {
  readonly name: string;
  readonly trigger: Trigger;
  readonly url: URL;
  readonly secret: string;
  readonly timeoutMs: number;
  readonly failurePolicy: FailurePolicy;
}

const FIELDS = ['trigger_point', 'url', 'display_name', 'timeout_ms', 'failure_policy', 'secret'];
const LEAST_TIMEOUT_MS = 100;
const MOST_TIMEOUT_MS = 30_000;

/**
 * Reads an interceptor from JSON. Without a secret, it gets a new one.
 * @param ownUrl the sandbox's own address
 * @throws TargetError with a sentence that says what is wrong
 */
export function readInterceptor(json: unknown, ownUrl: string): Interceptor {
  if (typeof json !== 'object' || json === null || Array.isArray(json))
    throw new TargetError('An interceptor is a JSON object.');
  const unknown = Object.keys(json).find((name) => !FIELDS.includes(name));
  if (unknown !== undefined)
    throw new TargetError(
      `${unknown.slice(0, 100)} isn't a field of an interceptor. The fields are: ${FIELDS.join(', ')}.`,
    );
  const {
    trigger_point: trigger,
    url,
    display_name: name = '',
    timeout_ms: timeoutMs = 10_000,
    failure_policy: failurePolicy = 'FAIL_OPEN',
    secret,
  } = json as Readonly<Record<string, unknown>>;
  if (!isOneOf(TRIGGERS, trigger)) throw new TargetError(`trigger_point must be one of ${TRIGGERS.join(', ')}.`);
  if (!isOneOf(FAILURE_POLICIES, failurePolicy))
    throw new TargetError(`failure_policy must be ${FAILURE_POLICIES.join(' or ')}.`);
  if (typeof name !== 'string' || name.length > 200)
    throw new TargetError('display_name must be a text of at most 200 characters.');
  if (
    typeof timeoutMs !== 'number' ||
    !Number.isInteger(timeoutMs) ||
    timeoutMs < LEAST_TIMEOUT_MS ||
    timeoutMs > MOST_TIMEOUT_MS
  )
    throw new TargetError(`timeout_ms must be a whole number from ${LEAST_TIMEOUT_MS} to ${MOST_TIMEOUT_MS}.`);
  return {
    name: name === '' ? trigger : name,
    trigger,
    url: readTarget(url, ownUrl),
    secret: secret === undefined || secret === '' ? newSecret() : readSecret(secret),
    timeoutMs,
    failurePolicy,
  };
}

function isOneOf<T extends string>(values: readonly T[], value: unknown): value is T {
  return (values as readonly unknown[]).includes(value);
}
