/** The checks of a project's files, by the names that the setting has. */
export const CHECKS = [
  'misspeltNames',
  'urlForms',
  'placeholders',
  'swappedValues',
  'differentUrls',
  'publicSecrets',
  'trackedSecrets',
  'mixedStages',
  'storedSecrets',
  'sdkMethods',
  'sdkOptions',
  'logoutUrls',
  'organizationClaims',
  'statusTexts',
  'parsedBodies',
  'webhookHeaders',
  'clientsPerRequest',
] as const;

/** What a finding is about. */
export type Check = (typeof CHECKS)[number];

/** One replacement in a text. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/**
 * Something in a text that the person should know about. Never holds the value of a secret: other extensions read
 * diagnostics.
 */
export interface Finding {
  readonly check: Check;
  readonly start: number;
  readonly end: number;
  /** Which of the check's sentences it is, if there are several. */
  readonly variant?: string;
  /** Names for the sentence, such as a variable's or a method's. */
  readonly names?: readonly string[];
  /** The mechanical fix, if there is one. */
  readonly fix?: readonly Edit[];
  /** The environment that the finding is about. */
  readonly environmentId?: string;
}
