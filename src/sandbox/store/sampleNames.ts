import type { SeededRandom } from '../random';

const FIRST = [
  'Acme', 'Globex', 'Initech', 'Umbra', 'Northwind', 'Contoso', 'Fabrikam', 'Hooli', 'Vandelay', 'Sirius',
  'Aperture', 'Cyberdyne', 'Tyrell', 'Wayne', 'Stark', 'Oscorp', 'Massive', 'Pied Piper', 'Dunder', 'Prestige',
  'Bluth', 'Gekko', 'Soylent', 'Zorg', 'Monarch', 'Virtucon', 'Octan', 'Nakatomi', 'Wonka', 'Duff',
  'Blue Harbor', 'Red Maple', 'Silver Birch', 'Golden Gate', 'Iron Bridge', 'Granite', 'Juniper', 'Cobalt', 'Saffron', 'Tidewater',
];
const SECOND = [
  'Logistics', 'Industries', 'Software', 'Health', 'Energy', 'Foods', 'Media', 'Robotics', 'Analytics', 'Insurance',
  'Capital', 'Airlines', 'Motors', 'Textiles', 'Pharma', 'Networks', 'Studios', 'Labs', 'Retail', 'Security',
];
const THIRD = ['Inc', 'GmbH', 'Ltd', 'Group', 'SA', 'LLC', 'Pty Ltd', 'BV'];

/** A company's name and the domain that goes with it, unlike those of its neighbours. */
export function companyName(random: SeededRandom, index: number): { name: string; slug: string } {
  // Walking through the combinations by a stride that shares no factor with their number repeats none of them too soon.
  const combinations = FIRST.length * SECOND.length;
  const at = (random.number(combinations, 'company', 0) + index * 323) % combinations;
  const first = FIRST[at % FIRST.length] as string;
  const second = SECOND[Math.floor(at / FIRST.length)] as string;
  const round = Math.floor(index / combinations);
  const legalForm = random.pick(THIRD, 'legal form', index);
  return {
    name: `${first} ${second}${round === 0 ? '' : ` ${round + 1}`} ${legalForm}`,
    slug: `${first}-${second}${round === 0 ? '' : `-${round + 1}`}`.toLowerCase().replace(/ /g, '-'),
  };
}
