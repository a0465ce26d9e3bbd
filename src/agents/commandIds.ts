/** The IDs are known at activation. `agentCommands`, which has the handlers, is loaded on first use. */
export const AGENT_COMMANDS = ['scalekit.mcp.copyConfiguration'] as const;
