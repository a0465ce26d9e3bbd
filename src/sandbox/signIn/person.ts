/** A person as an identity provider or the hosted login page describes them. */
export interface Person {
  readonly email: string;
  readonly givenName: string;
  readonly familyName: string;
  /** Further attributes of the identity provider, by name. */
  readonly attributes: Readonly<Record<string, string>>;
}

const EMAIL = /^[^\s@<>"]{1,64}@[^\s@<>"]{1,255}$/;

export function isEmail(text: string): boolean {
  return EMAIL.test(text);
}

/** An address for end-to-end tests: no mail, and always the same code (docs/scalekit-api.md, 4.8). */
export function isTestAddress(email: string): boolean {
  return /^[^@]*\+sktest[^@]*@/i.test(email);
}

export function fullName({ givenName, familyName }: Pick<Person, 'givenName' | 'familyName'>): string {
  return [givenName, familyName].filter((name) => name !== '').join(' ');
}
