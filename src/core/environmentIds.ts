/** Ids that belong to environments that are not stored. */
export const SANDBOX_ID = 'sandbox';
export const PROCESS_ID = 'process';

/** What an environment's id looks like: it stands in URIs and file names. */
export const ENVIRONMENT_ID = /^[a-z0-9][a-z0-9-]{0,62}$/;
