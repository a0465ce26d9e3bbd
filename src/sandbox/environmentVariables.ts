import type { Sandbox } from './sandboxServer';

/** The variables of an app that uses a sandbox. */
export function environmentVariables(sandbox: Sandbox): Record<string, string> {
  return {
    SCALEKIT_ENVIRONMENT_URL: sandbox.url,
    SCALEKIT_CLIENT_ID: sandbox.clientId,
    SCALEKIT_CLIENT_SECRET: sandbox.clientSecret,
    // These two only if something uses them.
    ...(sandbox.webhooks.endpoints().length > 0 ? { SCALEKIT_WEBHOOK_SECRET: sandbox.webhookSecret } : {}),
    ...(sandbox.usesInterceptors ? { SCALEKIT_INTERCEPTOR_SECRET: sandbox.interceptorSecret } : {}),
  };
}

/** The same as the lines of a .env file. */
export function dotenvLines(sandbox: Sandbox): string {
  return Object.entries(environmentVariables(sandbox))
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');
}
