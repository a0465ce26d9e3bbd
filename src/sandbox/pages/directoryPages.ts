import {
  DirectoryProvider,
  type Directory,
} from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/directories/directories_pb';
import { html } from 'hono/html';
import { newUserFields, readGroupName, readUserFields } from '../control/directoryFields';
import { ApiError } from '../protocol/apiError';
import type { HttpRequest, HttpSite, SandboxResponse } from '../protocol/response';
import type { Directories } from '../resources/directories';
import type { ProvidedGroup, ProvidedUser, UserFields } from '../resources/directoryContents';
import { contains } from '../store/search';
import { emptyUser, userForm, userFrom, type UserForm } from './directoryUserForm';
import { postForm, problemPage, readPost, type FormTokens } from './forms';
import type { ListedPage } from './homePage';
import { refuseForeignHost } from './loopback';
import { page, type Markup } from './page';

const ROOT = '/sandbox/directories';
const PATH = /^\/sandbox\/directories(?:\/([^/]+)(?:\/(users|groups)\/([^/]+))?)?\/?$/;
const NEW = 'new';
const MOST_DIRECTORIES = 50;
const ROWS = 25;
const DONE: Readonly<Record<string, string>> = { saved: 'Saved.', deleted: 'Deleted.' };

/** The pages on which a person plays an organization's identity provider: its users and groups, as its directory gets them. */
export class DirectoryPages implements HttpSite {
  static readonly listed: ListedPage = {
    path: ROOT,
    title: 'Directories',
    description: 'Changes the users and groups that an organization’s identity provider sends.',
  };

  constructor(
    private readonly directories: Directories,
    private readonly tokens: FormTokens,
  ) {}

  async respond(request: HttpRequest): Promise<SandboxResponse | undefined> {
    const [match, directoryId, kind, id] = PATH.exec(request.path) ?? [];
    if (match === undefined) return undefined;
    const refusal = refuseForeignHost(request);
    if (refusal !== undefined) return refusal;
    const isPost = request.method === 'POST';
    if (request.method !== 'GET' && !(isPost && id !== undefined))
      return problemPage(405, 'Not possible', 'Open this page in a browser.');
    if (directoryId === undefined) return this.#list(request.query.get('find')?.trim() ?? '');
    try {
      const directory = this.directories.get(directoryId);
      if (kind === undefined || id === undefined) return await this.#overview(directory, request.query);
      const { users, groups } = this.directories.contents.of(directory);
      const known = kind === 'users' ? users.get(id) : groups.get(id);
      if (known === undefined && id !== NEW) throw ApiError.notFound(kind.slice(0, -1), id);
      const existing = id === NEW ? undefined : id;
      const fields = isPost ? await readPost(request, this.tokens, request.path) : undefined;
      if (fields !== undefined && 'refusal' in fields) return fields.refusal;
      return kind === 'users'
        ? await this.#user(directory, existing, request.path, fields?.fields)
        : await this.#group(directory, existing, request.path, fields?.fields);
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 'NOT_FOUND') throw error;
      return problemPage(404, 'Not found', 'There is no such directory, user or group. It may have been deleted.');
    }
  }

  #list(find: string): Promise<SandboxResponse> {
    const rows: Markup[] = [];
    for (const [, directory] of this.directories.all.after(-1)) {
      const organization = this.#organizationName(directory);
      if (find !== '' && !contains(find, organization, directory.organizationId, directory.id)) continue;
      if (rows.length === MOST_DIRECTORIES) {
        rows.push(html`<li>There are more. Search for an organization.</li>`);
        break;
      }
      rows.push(
        html`<li><a href="${ROOT}/${directory.id}">${organization}, ${providerOf(directory)}</a>${directory.enabled ? '' : ' (disabled)'}</li>`,
      );
    }
    return page({
      title: DirectoryPages.listed.title,
      main: html`<p>Here you play the identity providers: Scalekit’s API can’t change the users and groups of a directory.</p>
<form method="get" action="${ROOT}" role="search">
<label for="find">Organization or directory</label>
<input id="find" name="find" type="search" autocomplete="off" value="${find}">
<button>Search</button>
</form>
${rows.length === 0 ? html`<p>No directory matches.</p>` : html`<ul>${rows}</ul>`}`,
    });
  }

  #overview(directory: Directory, query: URLSearchParams): Promise<SandboxResponse> {
    const { users, groups } = this.directories.contents.of(directory);
    const path = `${ROOT}/${directory.id}`;
    const find = query.get('find')?.trim() ?? '';
    const found = [...users.values()].filter(
      ({ id, email, givenName, familyName }) => find === '' || contains(find, id, email, `${givenName} ${familyName}`),
    );
    const pages = Math.max(1, Math.ceil(found.length / ROWS));
    const number = Math.min(Math.max(Math.floor(Number(query.get('page'))) || 1, 1), pages);
    const rows = found.slice((number - 1) * ROWS, number * ROWS);
    const link = (to: number, text: string) =>
      html`<a href="${path}?${new URLSearchParams({ ...(find === '' ? {} : { find }), page: String(to) }).toString()}">${text}</a>`;
    const done = DONE[query.get('done') ?? ''];
    const sizes = new Map(this.directories.groups(directory).map(({ id, totalUsers }) => [id, totalUsers]));
    return page({
      title: `${providerOf(directory)} of ${this.#organizationName(directory)}`,
      main: html`${done === undefined ? '' : html`<p role="status">${done}</p>`}
${this.#disabledNote(directory)}
<dl><dt>Directory</dt><dd><code>${directory.id}</code></dd><dt>Organization</dt><dd><code>${directory.organizationId}</code></dd></dl>
<h2>Users (${users.size})</h2>
<form method="get" action="${path}" role="search">
<label for="find">Name or email</label>
<input id="find" name="find" type="search" autocomplete="off" value="${find}">
<button>Search</button>
</form>
<ul>${rows.map(
        (user) =>
          html`<li><a href="${path}/users/${user.id}">${nameOf(user)}</a> ${user.email}${user.active ? '' : ' (deactivated)'}</li>`,
      )}</ul>
${rows.length === 0 ? html`<p>${users.size === 0 ? 'There are no users yet.' : 'No user matches.'}</p>` : ''}
${
  pages === 1
    ? ''
    : html`<nav aria-label="Pages of users"><p>${number > 1 ? link(number - 1, 'Previous') : ''} Page ${number} of ${pages} ${number < pages ? link(number + 1, 'Next') : ''}</p></nav>`
}
<p><a href="${path}/users/${NEW}">Add a user</a></p>
<h2>Groups (${groups.size})</h2>
<ul>${[...groups.values()].map(
        ({ id, displayName }) =>
          html`<li><a href="${path}/groups/${id}">${displayName}</a> (${membersText(sizes.get(id) ?? 0)})</li>`,
      )}</ul>
<p><a href="${path}/groups/${NEW}">Add a group</a></p>
<p><a href="${ROOT}">All directories</a></p>`,
    });
  }

  async #user(
    directory: Directory,
    id: string | undefined,
    action: string,
    posted: URLSearchParams | undefined,
  ): Promise<SandboxResponse> {
    const { contents } = this.directories;
    const { users, groups } = contents.of(directory);
    const user = id === undefined ? undefined : users.get(id);
    let form: UserForm = user === undefined ? emptyUser : { ...user, groups: user.groupIds };
    let problem: string | undefined;
    if (posted !== undefined) {
      if (posted.get('do') === 'delete' && id !== undefined) {
        problem = attempt(() => contents.deleteUser(directory, id));
        if (problem === undefined) return back(directory, 'deleted');
      } else {
        form = userFrom(posted);
        problem = attempt(() => {
          const fields = readUserFields(fieldsOf(form), groups.values());
          if (id === undefined) contents.createUser(directory, newUserFields(fields));
          else contents.updateUser(directory, id, withOwnName(fields, user));
        });
        if (problem === undefined) return back(directory, 'saved');
      }
    }
    return page({
      title: user === undefined ? 'New user' : nameOf(user),
      status: problem === undefined ? 200 : 400,
      main: html`${this.#where(directory, problem)}
${postForm(
  this.tokens,
  action,
  html`${userForm(form, [...groups.values()])}
<button name="do" value="save">Save</button>${id === undefined ? '' : html` <button name="do" value="delete" formnovalidate>Delete user</button>`}`,
)}`,
    });
  }

  async #group(
    directory: Directory,
    id: string | undefined,
    action: string,
    posted: URLSearchParams | undefined,
  ): Promise<SandboxResponse> {
    const { contents } = this.directories;
    const { users, groups } = contents.of(directory);
    const group = id === undefined ? undefined : groups.get(id);
    let problem: string | undefined;
    if (posted !== undefined) {
      const isDeletion = posted.get('do') === 'delete' && id !== undefined;
      problem = attempt(() => {
        if (isDeletion) contents.deleteGroup(directory, id);
        else if (id === undefined) contents.createGroup(directory, readGroupName(posted.get('display_name')));
        else contents.renameGroup(directory, id, readGroupName(posted.get('display_name')));
      });
      if (problem === undefined) return back(directory, isDeletion ? 'deleted' : 'saved');
    }
    const members =
      group === undefined ? [] : [...users.values()].filter(({ groupIds }) => groupIds.includes(group.id));
    return page({
      title: group === undefined ? 'New group' : group.displayName,
      status: problem === undefined ? 200 : 400,
      main: html`${this.#where(directory, problem)}
${postForm(
  this.tokens,
  action,
  html`<label for="display_name">Name</label>
<input id="display_name" name="display_name" required autocomplete="off" value="${posted?.get('display_name') ?? group?.displayName ?? ''}">
<button name="do" value="save">Save</button>${id === undefined ? '' : html` <button name="do" value="delete" formnovalidate>Delete group</button>`}`,
)}
${group === undefined ? '' : this.#members(directory, group, members)}`,
    });
  }

  #members(directory: Directory, group: ProvidedGroup, members: readonly ProvidedUser[]): Markup {
    return html`<h2>Members (${members.length})</h2>
<ul>${members
      .slice(0, ROWS)
      .map(
        (user) => html`<li><a href="${ROOT}/${directory.id}/users/${user.id}">${nameOf(user)}</a> ${user.email}</li>`,
      )}</ul>
${members.length > ROWS ? html`<p>These are the first ${ROWS}.</p>` : ''}
<p class="hint">Add users to “${group.displayName}”, or remove them, on their own pages.</p>`;
  }

  #where(directory: Directory, problem: string | undefined): Markup {
    return html`<p><a href="${ROOT}/${directory.id}">${providerOf(directory)} of ${this.#organizationName(directory)}</a></p>
${problem === undefined ? this.#disabledNote(directory) : html`<p class="problem" role="alert">${problem}</p>`}`;
  }

  #disabledNote(directory: Directory): Markup | '' {
    return directory.enabled
      ? ''
      : html`<p class="problem">This directory is disabled, so changes don’t reach Scalekit. Enable it with the API or in VS Code.</p>`;
  }

  #organizationName({ organizationId }: Directory): string {
    return this.directories.organizations.all.get(organizationId)?.displayName ?? organizationId;
  }
}

/** Why something can't be done, or undefined if it was done. */
function attempt(action: () => unknown): string | undefined {
  try {
    action();
    return undefined;
  } catch (error) {
    if (error instanceof ApiError && error.status === 'NOT_FOUND') throw error;
    return error instanceof Error ? error.message : String(error);
  }
}

/** A page that is read with GET after a form, so that reloading it sends nothing again. */
function back(directory: Directory, done: keyof typeof DONE): SandboxResponse {
  return {
    status: 303,
    headers: {
      location: `${ROOT}/${directory.id}?done=${done}`,
      'content-type': 'text/plain; charset=utf-8',
      'cache-control': 'no-store',
    },
    body: '',
  };
}

function fieldsOf({ email, preferredUsername, givenName, familyName, active, groups, attributes }: UserForm) {
  return {
    email,
    preferred_username: preferredUsername || email,
    given_name: givenName,
    family_name: familyName,
    active,
    groups,
    attributes,
  };
}

/** A user name that only repeats the old email address follows the new one. */
function withOwnName(fields: Partial<UserFields>, before: ProvidedUser | undefined): Partial<UserFields> {
  const { preferredUsername, ...rest } = fields;
  return preferredUsername === before?.email ? rest : fields;
}

function providerOf({ directoryProvider, name }: Directory): string {
  return name || (DirectoryProvider[directoryProvider] ?? 'Directory');
}

function nameOf({ givenName, familyName, email }: ProvidedUser): string {
  return `${givenName} ${familyName}`.trim() || email;
}

function membersText(count: number): string {
  return count === 1 ? '1 member' : `${count} members`;
}
