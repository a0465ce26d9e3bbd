import type { LoggedDelivery } from '../webhooks/deliveryLog';
import { readEvent } from '../webhooks/firedEvent';
import { sampleIdsOf } from '../webhooks/sampleIds';
import type { Sandbox } from '../sandboxServer';
import type { Delivery, Webhooks } from './api';

const TIMEOUT_MS = 10_000;

/** The webhooks of whichever sandbox is there when they're asked. */
export function webhookCalls(current: () => Sandbox): Webhooks {
  const logged = (): readonly LoggedDelivery[] => current().webhooks.log.list();
  return {
    add: (wanted) => {
      const { endpoint, secret } = current().addWebhook(wanted);
      return { id: endpoint.id, secret };
    },
    remove: (id) => current().removeWebhook(id),
    endpoints: () =>
      current()
        .webhooks.endpoints()
        .map(({ id, url, events }) => ({ id, url, events: events ?? 'all' })),
    fire: ({ type, organizationId, data }) => {
      const { webhooks, parts } = current();
      const event = {
        type,
        ...(organizationId === undefined ? {} : { organization_id: organizationId }),
        ...(data === undefined ? {} : { data }),
      };
      const payload = readEvent(event, sampleIdsOf(parts.models), new Date(parts.now()));
      const ids = new Set(webhooks.fire(payload).map(({ id }) => id));
      return logged()
        .filter(({ delivery }) => ids.has(delivery.id))
        .map(shown);
    },
    deliveries: () => logged().map(shown),
    clearDeliveries: () => current().webhooks.log.clear(),
    waitForDelivery: ({ type, id, state = 'Success' } = {}, timeoutMs = TIMEOUT_MS) => {
      const { log } = current().webhooks;
      const found = () =>
        log
          .list()
          .findLast(
            ({ delivery }) =>
              (type === undefined || delivery.type === type) &&
              (id === undefined || delivery.id === id) &&
              delivery.state === state,
          );
      const already = found();
      if (already !== undefined) return Promise.resolve(shown(already));
      return new Promise((resolve, reject) => {
        const end = log.onAttempt(() => {
          const delivered = found();
          if (delivered === undefined) return;
          clearTimeout(timer);
          end();
          resolve(shown(delivered));
        });
        const timer = setTimeout(() => {
          end();
          const what = type ?? id ?? 'webhook';
          reject(new Error(`No delivery of ${what} reached the state ${state} within ${timeoutMs} ms.`));
        }, timeoutMs);
      });
    },
  };
}

function shown({ delivery: { id, endpointId, type, state, body }, attempts }: LoggedDelivery): Delivery {
  return {
    id,
    endpointId,
    type,
    state,
    payload: JSON.parse(body) as Record<string, unknown>,
    attempts: attempts.map(({ status, problem }) => ({ status, problem })),
  };
}
