import * as vscode from 'vscode';
import type { SignInReport } from './signInReport';

/** The path of a sign-in's document. It ends with its number. */
export function signInPath({ environment, number }: Pick<SignInReport, 'environment' | 'number'>): string {
  return `/sign-in/${environment.id}/${vscode.l10n.t('Sign-in')} ${number}.md`;
}

/** The number of the sign-in that a document shows. Undefined if it shows none. */
export function signInNumber(uri: vscode.Uri | undefined): number | undefined {
  const number = /^\/sign-in\/[^/]+\/[^/]* (\d+)\.md$/.exec(uri?.path ?? '')?.[1];
  return number === undefined ? undefined : Number(number);
}
