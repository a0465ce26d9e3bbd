import * as vscode from 'vscode';

/** The scheme of payloads that are being edited. `when` clauses and schemas in package.json use it too. */
export const PAYLOAD_SCHEME = 'scalekit-webhook';

/** Whether a tab shows a payload: at the start, one from before a reload, which must say that it's gone. */
export function showsPayload(): boolean {
  return vscode.window.tabGroups.all.some(({ tabs }) =>
    tabs.some(({ input }) => input instanceof vscode.TabInputText && input.uri.scheme === PAYLOAD_SCHEME),
  );
}
