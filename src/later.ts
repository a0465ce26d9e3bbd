/**
 * What activation does not need. The bundler puts all of this into a file of its own, which is read when a person first uses one of
 * these; several small files would cost activation more than they save, since what they share becomes files too.
 */
export { AgentTools } from './agents/agentTools.js';
export { copyMcpConfiguration } from './agents/mcpConfiguration.js';
export { compareDocuments } from './documents/compareDocuments.js';
export { saveResource } from './documents/saveResource.js';
export { DotenvActions } from './environments/dotenvActions.js';
export { enterCredentials } from './environments/enterCredentials.js';
export { EnvironmentActions } from './environments/environmentActions.js';
export { EnvironmentChooser } from './environments/environmentChooser.js';
export { openAccessibilityHelp } from './editor/accessibilityHelp.js';
export { copyExternalIds, copyIds, copyNames } from './explorer/copyIds.js';
export { openWalkthrough } from './editor/openWalkthrough.js';
export { reportIssue } from './editor/reportIssue.js';
export { createExplorerActions } from './explorer/actions/explorerActions.js';
export { UndoOffer } from './explorer/actions/undoOffer.js';
export { Writer } from './explorer/actions/writer.js';
export { searchOrganizationsFlow } from './explorer/organizationSearch.js';
export { filterSignInLog } from './explorer/signInLogFilter.js';
export { searchUsersFlow } from './explorer/userSearch.js';
export { createRequestActions } from './requests/createRequestActions.js';
export { decodeJwt } from './tokens/inspect/decodeJwt.js';
export { TokenInspector } from './tokens/inspect/tokenInspector.js';
export { TerminalActions } from './tokens/terminal/terminalActions.js';
