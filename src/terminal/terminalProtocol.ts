/**
 * What a terminal's programs and the extension say to each other over a local socket: the program sends one line of JSON, a
 * {@link TerminalRequest}; the extension answers with one {@link TerminalResponse} and closes. Who does not know the nonce gets no answer.
 */

/**
 * The variables of a terminal. VS Code writes a terminal's environment to disk, so nothing in it is a secret: the nonce is worth
 * something only as long as the window and the terminal live, and only to who may open the socket, which is this user alone.
 */
export const TERMINAL_VARIABLES = {
  socket: 'SCALEKIT_WORKBENCH_SOCKET',
  /** Which terminal asks. */
  handle: 'SCALEKIT_WORKBENCH_HANDLE',
  nonce: 'SCALEKIT_WORKBENCH_NONCE',
  /** The Node executable that runs the program: the one that runs the extension. */
  node: 'SCALEKIT_WORKBENCH_NODE',
  /** The sentence, in the person's language, for when the window is gone. */
  ended: 'SCALEKIT_WORKBENCH_ENDED',
} as const;

/** Where `scalekit-run.cmd` keeps the person's NODE_OPTIONS for their command while its own helper runs without them. */
export const SAVED_NODE_OPTIONS = 'SCALEKIT_WORKBENCH_NODE_OPTIONS';

export interface TerminalRequest {
  readonly handle: string;
  readonly nonce: string;
  readonly wants: 'token' | 'credentials';
}

/** What `scalekit-run` puts into the environment of the command that it runs. */
export interface TerminalCredentials {
  readonly environmentUrl: string;
  readonly clientId: string;
  readonly clientSecret: string;
}

export type TerminalResponse =
  | { readonly token: string; readonly credentials?: TerminalCredentials }
  /** A sentence that names the environment and says what to do. */
  | { readonly error: string };

/** The longest request, in bytes; a real one has about 150. */
export const MAX_REQUEST_BYTES = 1024;

/** How long a request may take to arrive, in milliseconds. It comes from this machine. */
export const REQUEST_DEADLINE_MS = 5_000;

/** How long a program waits for its answer, in milliseconds: a token request with all its retries is over by then. */
export const ANSWER_DEADLINE_MS = 120_000;
