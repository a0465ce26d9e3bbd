/** Known at activation; what they do is in `agentCommands`, which is loaded when one is first used. */
export const AGENT_COMMANDS = ['scalekit.mcp.copyConfiguration'] as const;
