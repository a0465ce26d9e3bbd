import type { EnvironmentFailure } from '../core/environmentFailure';
import type { EditProblem } from './resourceEdit';

/** Why a document is not shown or not saved, where no call to Scalekit says so. */
export type RefusalReason =
  | { readonly kind: 'unknownAddress' }
  | { readonly kind: 'readOnly' }
  | { readonly kind: 'unknownKind' | 'notInList' | 'autoSave' | 'changedMeanwhile' | 'deleted' | 'declined' }
  /** The bytes that VS Code brought are not what the person typed. */
  | { readonly kind: 'notUtf8' }
  | { readonly kind: 'notShownInEncoding' | 'notSavedInEncoding'; readonly encoding: string }
  | { readonly kind: 'edit'; readonly problem: EditProblem }
  | { readonly kind: 'savedInPart'; readonly left: readonly string[]; readonly failure: EnvironmentFailure };

/** A document that is not shown or not saved. `fileError` says it in words. */
export class DocumentRefusal extends Error {
  constructor(readonly reason: RefusalReason) {
    super(reason.kind);
    this.name = 'DocumentRefusal';
  }
}
