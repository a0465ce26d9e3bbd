/** The scheme of payloads that are being edited. `when` clauses and schemas in package.json use it too. */
export const PAYLOAD_SCHEME = 'scalekit-webhook';
