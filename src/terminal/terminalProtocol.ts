/**
 * What a terminal's programs and the extension say to each other over a local socket. The program sends one line of
 * JSON, a {@link TerminalRequest}. The extension responds with one {@link TerminalResponse} and closes the connection.
 * Without the nonce there's no response.
 */

/**
 * The variables of a terminal. VS Code writes a terminal's environment to disk, so none of them is a secret. The nonce
 * only works while the window and the terminal live, and only this user can open the socket.
 */
export const TERMINAL_VARIABLES = {
  socket: 'SCALEKIT_WORKBENCH_SOCKET',
  /** Which terminal is asking. */
  handle: 'SCALEKIT_WORKBENCH_HANDLE',
  nonce: 'SCALEKIT_WORKBENCH_NONCE',
  /** The Node executable that runs the program, which is also the extension's. */
  node: 'SCALEKIT_WORKBENCH_NODE',
  /** The message for when the window is gone, in the user's language. */
  ended: 'SCALEKIT_WORKBENCH_ENDED',
} as const;

/** Where `scalekit-run.cmd` saves the user's NODE_OPTIONS for their command while its own helper runs without them. */
export const SAVED_NODE_OPTIONS = 'SCALEKIT_WORKBENCH_NODE_OPTIONS';

export interface TerminalRequest {
  readonly handle: string;
  readonly nonce: string;
  readonly wants: 'token' | 'credentials';
}

/** What `scalekit-run` adds to the environment of its command. */
export interface TerminalCredentials {
  readonly environmentUrl: string;
  readonly clientId: string;
  readonly clientSecret: string;
}

export type TerminalResponse =
  | { readonly token: string; readonly credentials?: TerminalCredentials }
  /** A sentence that names the environment and says what to do. */
  | { readonly error: string };

/** The longest request, in bytes. A real one has about 150. */
export const MAX_REQUEST_BYTES = 1024;

/** How long a request may take to arrive, in milliseconds. It comes from this machine. */
export const REQUEST_DEADLINE_MS = 5_000;

/** How long a program waits for its response, in milliseconds. A token request with all its retries is over by then. */
export const ANSWER_DEADLINE_MS = 120_000;
