import * as vscode from 'vscode';
import type { Choice } from '../ui/prompts';
import type { NextSteps } from '../ui/wizard';

/**
 * The rows of a creation's first step: **Create**, and **More Options…** for the other fields.
 *
 * @param last the last field that **Create** asks for
 * @param what what the text becomes, if that isn't obvious
 * @param more the other fields, in words
 */
export function creationChoices<Draft>(
  last: keyof Draft & string,
  what: string | undefined,
  more: string,
): readonly Choice<NextSteps<Draft>>[] {
  return [{ value: { last }, label: vscode.l10n.t('Create'), description: what, icon: 'add' }, moreOptions(more)];
}

/** The row that goes on to the other fields. */
export function moreOptions<Draft>(more: string): Choice<NextSteps<Draft>> {
  return { value: {}, label: vscode.l10n.t('More Options…'), description: more, icon: 'settings' };
}
