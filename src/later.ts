/**
 * What activation does not need. The bundler puts all of this into a file of its own, which is read when a person first uses one of
 * these; several small files would cost activation more than they save, since what they share becomes files too.
 */
export { AgentTools } from './agents/agentTools';
export { copyMcpConfiguration } from './agents/mcpConfiguration';
export { compareDocuments } from './documents/compareDocuments';
export { saveResource } from './documents/saveResource';
export { DotenvActions } from './environments/dotenvActions';
export { enterCredentials } from './environments/enterCredentials';
export { EnvironmentActions } from './environments/environmentActions';
export { EnvironmentChooser } from './environments/environmentChooser';
export { sayWhatIsActive } from './environments/sayWhatIsActive';
export { openAccessibilityHelp } from './editor/accessibilityHelp';
export { copyExternalIds, copyIds, copyNames } from './explorer/copyIds';
export { openWalkthrough } from './editor/openWalkthrough';
export { reportIssue } from './editor/reportIssue';
export { createExplorerActions } from './explorer/actions/explorerActions';
export { UndoOffer } from './explorer/actions/undoOffer';
export { Writer } from './explorer/actions/writer';
export { searchOrganizationsFlow } from './explorer/organizationSearch';
export { filterSignInLog } from './explorer/signInLogFilter';
export { searchUsersFlow } from './explorer/userSearch';
export { createRequestActions } from './requests/createRequestActions';
export { decodeJwt } from './tokens/inspect/decodeJwt';
export { TokenInspector } from './tokens/inspect/tokenInspector';
export { TerminalActions } from './tokens/terminal/terminalActions';
