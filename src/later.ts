/**
 * What activation does not need. The bundler puts all of this into a file of its own, which is read when a person first uses one of
 * these; several small files would cost activation more than they save, since what they share becomes files too.
 */
export { compareDocuments } from './documents/compareDocuments.js';
export { DotenvActions } from './environments/dotenvActions.js';
export { enterCredentials } from './environments/enterCredentials.js';
export { searchOrganizationsFlow } from './explorer/organizationSearch.js';
export { filterSignInLog } from './explorer/signInLogFilter.js';
export { createRequestActions } from './requests/createRequestActions.js';
export { TokenInspector } from './tokens/inspect/tokenInspector.js';
export { TerminalActions } from './tokens/terminal/terminalActions.js';
