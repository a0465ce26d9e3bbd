/** The IDs are known at activation. `documentActions`, which has the handlers, is loaded on first use. */
export const DOCUMENT_ACTIONS = ['scalekit.document.compare', 'scalekit.document.reload'] as const;
