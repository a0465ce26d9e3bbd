/**
 * What activation does not need. The bundler puts all of this into a file of its own, which is read when a person first uses one of
 * these; several small files would cost activation more than they save, since what they share becomes files too.
 */
export { ActivityView } from './activity/activityView';
export { AgentTools } from './agents/agentTools';
export { copyMcpConfiguration } from './agents/mcpConfiguration';
export { compareDocuments } from './documents/compareDocuments';
export { saveResource } from './documents/saveResource';
export { DotenvActions } from './environments/dotenvActions';
export { enterCredentials } from './environments/enterCredentials';
export { EnvironmentActions } from './environments/environmentActions';
export { EnvironmentChooser } from './environments/environmentChooser';
export { SandboxRequestList } from './environments/sandboxRequestList';
export { showActiveEnvironment as sayWhatIsActive } from './environments/showActiveEnvironment';
export { openAccessibilityHelp } from './ui/accessibilityHelp';
export { copyExternalIds, copyIds, copyNames } from './resources/copyIds';
export { openWalkthrough } from './ui/openWalkthrough';
export { reportIssue } from './ui/reportIssue';
export { createExplorerActions } from './resources/actions';
export { UndoOffer } from './changes/undoOffer';
export { Writer } from './changes/writer';
export { searchOrganizations as searchOrganizationsFlow } from './resources/organizations/organizationSearch';
export { filterSignInLog } from './resources/signIns/signInLogFilter';
export { searchUsers as searchUsersFlow } from './resources/users/searchUsers';
export { createRequestActions } from './requests/createRequestActions';
export { SentRequestList } from './requests/sentRequestList';
export { decodeJwt } from './tokens/inspect/decodeJwt';
export { TokenInspector } from './tokens/inspect/tokenInspector';
export { TerminalActions } from './terminal/terminalActions';
