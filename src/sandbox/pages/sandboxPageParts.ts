import { html } from 'hono/html';
import type { User } from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/users/users_pb';
import type { Clock } from '../clock';
import type { Faults } from '../faults';
import type { Models } from '../resources/models';
import type { ShownRequest } from '../shownRequest';
import type { Webhooks } from '../webhooks/webhooks';
import { faultText, isPending } from './faultPresets';
import type { Markup } from './page';
import { shownText } from './shownText';

const MOST_DELIVERIES = 5;
const MOST_FAULTS = 10;
const MOST_ADDED_USERS = 3;
const MOST_USERS = 6;
const MINUTE_MS = 60_000;

/** A received request as a row. */
export function requestRow(request: ShownRequest): Markup {
  const { time, method, path, query, status, milliseconds, problem, protocol, fromWorkbench } = request;
  const isBad = status === 0 || status >= 400 || problem !== undefined;
  const names = query.length === 0 ? '' : `?${query.map((name) => `${name}=…`).join('&')}`;
  // Short, without the service's package, which is the same in every row.
  const shown = protocol === 'grpc' ? path.replace(/^\/scalekit\.v1\.\w+\./, '') : path;
  return html`<li${isBad ? html` class="bad"` : ''}>${timeOf(time)} <span class="status">${status === 0 ? 'closed' : status}</span> <span class="quiet duration">${milliseconds === undefined ? '' : `${milliseconds} ms`}</span> <code>${protocol === 'grpc' ? 'gRPC' : method} ${shown}${names}</code>${
    fromWorkbench ? html` <span class="quiet">VS Code</span>` : ''
  }${problem === undefined ? '' : html` <span class="why">${shownText(problem, 200)}</span>`}</li>`;
}

/** How much is in the environment. */
export function countsText({ organizations, users, connections, directories }: Models): Markup {
  const connectionCount = connections.ofOrganizations.size + connections.ofEnvironment.size;
  return html`${count(organizations.all.size, 'organization')} · ${count(users.all.size, 'user')} · ${count(connectionCount, 'connection')} · ${count(directories.all.size, 'directory', 'directories')}`;
}

/** The latest webhooks. */
export function deliveryList(webhooks: Webhooks): Markup {
  const deliveries = webhooks.log.list();
  if (deliveries.length === 0) {
    const nobody = webhooks.endpoints().length === 0;
    return html`<p class="note">${nobody ? 'No endpoint gets them yet.' : 'Nothing was delivered yet.'}</p>`;
  }
  return html`<ul>${deliveries
    .slice(0, MOST_DELIVERIES)
    .map(
      ({ delivery }) =>
        html`<li>${timeOf(delivery.createdAt)} <a href="/sandbox/webhooks/deliveries/${delivery.id}">${shownText(delivery.type)}</a> ${delivery.state}</li>`,
    )}</ul>`;
}

/** The faults that can still happen. */
export function faultList(faults: Faults): Markup {
  const active = faults.list().filter(({ fault, used }) => isPending(fault, used));
  if (active.length === 0) return html`<p class="note">No fault is active.</p>`;
  return html`<ul>${active
    .slice(0, MOST_FAULTS)
    .map(({ fault, used }) => html`<li>${shownText(faultText(fault, used), 200)}</li>`)}</ul>
${active.length > MOST_FAULTS ? html`<p class="note">And ${active.length - MOST_FAULTS} more.</p>` : ''}`;
}

/** The sandbox's time, and how far it's ahead. */
export function clockText(clock: Clock): Markup {
  const date = new Date(clock.now());
  return clock.aheadMs === 0
    ? html`It’s this machine’s time.`
    : html`It’s <strong>${dayAndTime(date)}</strong>, ${durationText(clock.aheadMs)} ahead.`;
}

/** Users to sign in as: the latest that were added, then samples. */
export function userList({ users, organizations }: Models): Markup {
  const chosen: User[] = [];
  for (const [position, user] of users.all.before(users.all.end)) {
    if (position < users.all.sampleCount || chosen.length === MOST_ADDED_USERS) break;
    chosen.push(user);
  }
  for (const [position, user] of users.all.after(-1)) {
    if (position >= users.all.sampleCount || chosen.length >= MOST_USERS) break;
    chosen.push(user);
  }
  if (chosen.length === 0) return html`<p class="note">There are no users.</p>`;
  return html`<ul>${chosen.map(({ id, email, userProfile, memberships }) => {
    const organization = organizations.all.get(memberships[0]?.organizationId ?? '');
    const name = userProfile?.name || email;
    return html`<li><a href="/sandbox/test-sign-in?user=${id}"><bdi>${shownText(name)}</bdi></a> <span class="quiet"><bdi>${shownText(email)}</bdi>${
      organization === undefined ? '' : html`, <bdi>${shownText(organization.displayName)}</bdi>`
    }</span></li>`;
  })}</ul>`;
}

function count(number: number, one: string, several = `${one}s`): string {
  return `${number.toLocaleString('en')} ${number === 1 ? one : several}`;
}

/** The page is read on the machine that the sandbox runs on, so its time zone is the reader's. */
function timeOf(time: number): Markup {
  const date = new Date(time);
  return html`<time datetime="${date.toISOString()}">${date.toTimeString().slice(0, 8)}</time>`;
}

function dayAndTime(date: Date): string {
  return date.toLocaleString('en', { dateStyle: 'medium', timeStyle: 'short' });
}

function durationText(milliseconds: number): string {
  const minutes = Math.floor(milliseconds / MINUTE_MS);
  const parts = [
    [Math.floor(minutes / 1440), 'day'],
    [Math.floor(minutes / 60) % 24, 'hour'],
    [minutes % 60, 'minute'],
  ] as const;
  const words = parts.filter(([number]) => number > 0).map(([number, word]) => count(number, word));
  return words.length === 0 ? 'less than a minute' : words.join(' ');
}
