import * as vscode from 'vscode';
import { showStatus } from '../ui/statusMessage';

/**
 * Scalekit's own hosted MCP server, in the format of VS Code's `mcp.json`. The user signs in to it in the browser
 * (OAuth), so it contains no secret and is independent of the environments in VS Code (docs/scalekit-api.md, 1.5).
 */
const MCP_CONFIGURATION = { servers: { scalekit: { type: 'http', url: 'https://mcp.scalekit.com/' } } };

export async function copyMcpConfiguration(): Promise<void> {
  await vscode.env.clipboard.writeText(`${JSON.stringify(MCP_CONFIGURATION, undefined, 2)}\n`);
  showStatus(vscode.l10n.t('MCP configuration copied. Paste it into .vscode/mcp.json.'));
}
