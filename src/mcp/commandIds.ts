/** The commands of `mcpCommands`. */
export const MCP_COMMANDS = ['scalekit.mcp.check'] as const;
