import type { CommandTable } from '../ui/commands';
import { McpChecks, type McpCheckDependencies } from './mcpChecks';

/** Commands for MCP servers that use Scalekit. */
export function mcpCommands(dependencies: McpCheckDependencies) {
  const checks = new McpChecks(dependencies);
  return {
    'scalekit.mcp.check': (argument) => checks.check(argument),
  } satisfies CommandTable;
}
