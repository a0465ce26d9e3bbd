import type { SeededRandom } from '../random';

const FIRST = [
  'Acme',
  'Globex',
  'Initech',
  'Umbra',
  'Northwind',
  'Contoso',
  'Fabrikam',
  'Hooli',
  'Vandelay',
  'Sirius',
  'Aperture',
  'Cyberdyne',
  'Tyrell',
  'Wayne',
  'Stark',
  'Oscorp',
  'Massive',
  'Pied Piper',
  'Dunder',
  'Prestige',
  'Bluth',
  'Gekko',
  'Soylent',
  'Zorg',
  'Monarch',
  'Virtucon',
  'Octan',
  'Nakatomi',
  'Wonka',
  'Duff',
  'Blue Harbor',
  'Red Maple',
  'Silver Birch',
  'Golden Gate',
  'Iron Bridge',
  'Granite',
  'Juniper',
  'Cobalt',
  'Saffron',
  'Tidewater',
];
const SECOND = [
  'Logistics',
  'Industries',
  'Software',
  'Health',
  'Energy',
  'Foods',
  'Media',
  'Robotics',
  'Analytics',
  'Insurance',
  'Capital',
  'Airlines',
  'Motors',
  'Textiles',
  'Pharma',
  'Networks',
  'Studios',
  'Labs',
  'Retail',
  'Security',
];
const LEGAL_FORMS = ['Inc', 'GmbH', 'Ltd', 'Group', 'SA', 'LLC', 'Pty Ltd', 'BV'];
const GIVEN = [
  'Ada',
  'Alan',
  'Grace',
  'Linus',
  'Margaret',
  'Ken',
  'Barbara',
  'Dennis',
  'Radia',
  'Edsger',
  'Frances',
  'Tim',
  'Hedy',
  'John',
  'Katherine',
  'Niklaus',
  'Sophie',
  'Guido',
  'Adele',
  'Bjarne',
  'Mei',
  'Amir',
  'Zoë',
  'Jürgen',
  'Ngozi',
  'Søren',
];
const FAMILY = [
  'Okafor',
  'Lindqvist',
  'Nakamura',
  'Fernández',
  'Kowalski',
  'Haddad',
  'Silva',
  'Novak',
  'Petrov',
  'Rossi',
  'Dubois',
  'Schmidt',
  'Jansen',
  'Murphy',
  'Patel',
  'Nguyen',
  'Kim',
  'Larsen',
  'Cohen',
  'Mensah',
  'Ivanova',
  'Moreau',
  'Tanaka',
  'O’Brien',
  'García',
];
/** Names in letters that an email address can have. */
const ascii = new Map(
  [...GIVEN, ...FAMILY].map((name) => [
    name,
    name
      .normalize('NFKD')
      .replace(/ø/gi, 'o')
      .replace(/[^A-Za-z]/g, '')
      .toLowerCase(),
  ]),
);
const PEOPLE = GIVEN.length * FAMILY.length;
const COMBINATIONS = FIRST.length * SECOND.length;
// A stride that shares no factor with the number of combinations uses each one once before any repeats.
const STRIDE = 323;

/** A company's name and the slug for its domain. Two companies never share a slug. */
export interface CompanyName {
  readonly name: string;
  readonly slug: string;
}

/** Names of the sample companies, which can also be found by slug. */
export class CompanyNames {
  readonly #start: number;
  #combinationOf: Map<string, number> | undefined;

  constructor(private readonly seed: SeededRandom) {
    this.#start = seed.number(COMBINATIONS, 'company', 0);
  }

  at(position: number): CompanyName {
    if (position === 0) return { name: 'Looney Corp', slug: 'looneycorp' };
    const { first, second } = words((this.#start + position * STRIDE) % COMBINATIONS);
    const round = Math.floor(position / COMBINATIONS);
    const legalForm = this.seed.pick(LEGAL_FORMS, 'legal form', position);
    return {
      name: `${first} ${second}${round === 0 ? '' : ` ${round + 1}`} ${legalForm}`,
      slug: `${slugOf(first, second)}${round === 0 ? '' : `-${round + 1}`}`,
    };
  }

  /** The position of the company with this slug. */
  positionOf(slug: string): number | undefined {
    if (slug === 'looneycorp') return 0;
    const [, name, number] = /^(.*?)(?:-(\d{1,9}))?$/.exec(slug) ?? [];
    if (this.#combinationOf === undefined) {
      this.#combinationOf = new Map();
      for (let place = 0; place < COMBINATIONS; place++) {
        const { first, second } = words((this.#start + place * STRIDE) % COMBINATIONS);
        this.#combinationOf.set(slugOf(first, second), place);
      }
    }
    const place = this.#combinationOf.get(name ?? '');
    if (place === undefined) return undefined;
    const position = (number === undefined ? 0 : Number(number) - 1) * COMBINATIONS + place;
    return this.at(position).slug === slug ? position : undefined;
  }
}

/** A person's name, and the matching part of an email address. */
export function personName(seed: SeededRandom, position: number): { given: string; family: string; mailbox: string } {
  const given = seed.pick(GIVEN, 'given name', position);
  const family = seed.pick(FAMILY, 'family name', position);
  return { given, family, mailbox: `${ascii.get(given)}.${ascii.get(family)}` };
}

/** The mailbox of the `index`-th person from `start` on. A number distinguishes it from earlier namesakes. */
export function mailboxAmong(seed: SeededRandom, start: number, index: number): string {
  const { mailbox } = personName(seed, start + index);
  // Among so many people, searching for namesakes isn't worth the time, so each mailbox gets a number.
  if (index >= PEOPLE) return `${mailbox}${index + 1}`;
  for (let before = 0; before < index; before++) {
    if (personName(seed, start + before).mailbox === mailbox) return `${mailbox}${index + 1}`;
  }
  return mailbox;
}

function words(combination: number): { first: string; second: string } {
  return {
    first: FIRST[combination % FIRST.length] as string,
    second: SECOND[Math.floor(combination / FIRST.length)] as string,
  };
}

function slugOf(first: string, second: string): string {
  return `${first}-${second}`.toLowerCase().replace(/ /g, '-');
}
