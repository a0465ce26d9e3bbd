import type { EnvironmentFailure } from '../core/environmentFailure';
import type { EditProblem } from './resourceEdit';

/** Why a document isn't shown or saved, if no call to Scalekit failed. */
export type RefusalReason =
  | { readonly kind: 'unknownAddress' }
  | { readonly kind: 'readOnly' }
  | { readonly kind: 'unknownKind' | 'notInList' | 'autoSave' | 'changedMeanwhile' | 'deleted' | 'declined' }
  /** VS Code's bytes aren't what the user typed. */
  | { readonly kind: 'notUtf8' }
  | { readonly kind: 'notShownInEncoding' | 'notSavedInEncoding'; readonly encoding: string }
  | { readonly kind: 'edit'; readonly problem: EditProblem }
  | { readonly kind: 'savedInPart'; readonly left: readonly string[]; readonly failure: EnvironmentFailure };

/** A document that isn't shown or saved. `fileError` turns it into a message. */
export class DocumentRefusal extends Error {
  constructor(readonly reason: RefusalReason) {
    super(reason.kind);
    this.name = 'DocumentRefusal';
  }
}
