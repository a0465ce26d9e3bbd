/**
 * What activation doesn't need. The bundler puts all of this into its own file, which is read when the user first uses
 * one of these. Several small files would cost activation more than they save, since shared code becomes files too.
 */
export { ActivityView } from './activity/activityView';
export { agentCommands } from './agents/agentCommands';
export { AgentTools } from './agents/agentTools';
export { UndoOffer, undoCommands } from './changes/undoOffer';
export { Writer } from './changes/writer';
export { documentActions } from './documents/documentActions';
export { ReadOnlyFields } from './documents/readOnlyFields';
export { saveResource } from './documents/saveResource';
export { addFoundCredentials, environmentWith, hasSecret } from './environments/addFoundCredentials';
export { SandboxLauncher } from './environments/sandboxLauncher';
export { SandboxRequestList } from './environments/sandboxRequestList';
export { environmentCommands } from './environments/environmentCommands';
export { showActiveEnvironment } from './environments/showActiveEnvironment';
export { mcpCommands } from './mcp/mcpCommands';
export { projectFileCommands } from './projectFiles/projectFileCommands';
export { ProjectFiles } from './projectFiles/projectFiles';
export { SentRequestList } from './requests/sentRequestList';
export { requestCommands } from './requests/requestCommands';
export { resourceActions } from './resources/actions';
export { copyCommands } from './resources/copyIds';
export { matchingOrganizations } from './resources/organizations/organizationSearch';
export { searchCommands } from './resources/searchCommands';
export { showFailedSignIns } from './resources/signIns/signInLogFilter';
export { copyUrlCommands } from './signIn/copyUrl/copyUrlCommands';
export { RememberedChoices } from './signIn/rememberedChoices';
export { summaryCommands } from './signIn/summary/summaryCommands';
export { SignInAttemptList } from './signIn/signInAttemptList';
export { signInCommands } from './signIn/signInCommands';
export { SignIns } from './signIn/signIns';
export { terminalCommands } from './terminal/terminalCommands';
export { TerminalActions } from './terminal/terminalActions';
export { commentedClaims } from './tokens/inspect/commentedClaims';
export { decodeJwt } from './tokens/inspect/decodeJwt';
export { EnvironmentKeys } from './tokens/inspect/environmentKeys';
export { findJwt } from './tokens/inspect/parseJwt';
export { TokenActions } from './tokens/tokenActions';
export { tokenCommands } from './tokens/tokenCommands';
export { helpCommands } from './ui/helpCommands';
export { ReceivedWebhookList } from './webhooks/listen/receivedWebhookList';
export { SentWebhookList } from './webhooks/send/sentWebhookList';
export { webhookCommands } from './webhooks/webhookCommands';
export { WebhookSecrets } from './webhooks/webhookSecrets';
