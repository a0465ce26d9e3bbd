import { partsAtActivation } from './bundleParts';
import { beyondEmpty, type ClientCost } from './clientCost';
import { goalsOf, type BenchResults, type Series } from './benchResults';
import { contenderNames, type ContenderName } from './contender';
import { figuresOf, ratiosOf, type Figures } from './figures';

const titles: Readonly<Record<ContenderName, string>> = {
  workbench: 'Workbench',
  sdk: 'Scalekit’s Node SDK',
  nodeFetch: 'bare node-fetch',
  plainFetch: 'plain fetch',
};

type Costs = Pick<BenchResults, 'clientCosts' | 'organizations'>;

interface Comparison {
  readonly title: string;
  readonly series: Series;
  readonly unit: 'ms' | 'MB';
}

/** The side-by-side comparisons. */
function comparisons(results: BenchResults): Comparison[] {
  const { load, firstCall, concurrent, listing, singleCall, organizations } = results;
  const all = organizations.toLocaleString('en');
  return [
    { title: 'load, in a separate process', series: load, unit: 'ms' },
    { title: 'load, token and first page of 100, in a separate process', series: firstCall, unit: 'ms' },
    { title: '100 concurrent calls from cold', series: concurrent, unit: 'ms' },
    { title: `${all} organizations, listed, the sandbox’s work included`, series: listing, unit: 'ms' },
    { title: 'one call after the other, each', series: singleCall, unit: 'ms' },
    ...costs(results),
  ];
}

/** What a process takes that loads a client and lists all organizations from recorded responses. */
function costs({ clientCosts, organizations }: Costs): Comparison[] {
  const all = organizations.toLocaleString('en');
  const beyond = (costOf: (cost: ClientCost) => number): Series => beyondEmpty(clientCosts, costOf);
  return [
    { title: `processor time for ${all} organizations`, series: beyond(({ cpuMs }) => cpuMs), unit: 'ms' },
    {
      title: 'of which after loading the client',
      series: beyond(({ cpuMs, loadCpuMs }) => cpuMs - loadCpuMs),
      unit: 'ms',
    },
    { title: 'memory for them, at most', series: beyond(({ peakBytes }) => peakBytes / 1e6), unit: 'MB' },
    { title: 'heap in use after them', series: beyond(({ heapBytes }) => heapBytes / 1e6), unit: 'MB' },
  ];
}

/** The whole report in Markdown: every figure with minimum, median and maximum. */
export function report(results: BenchResults): string {
  const { machine, runs, concurrentRequests, firstRows, activation, bundles, vsixBytes } = results;
  const series = comparisons(results);
  const atActivation = partsAtActivation(bundles);
  const bytesAtActivation = atActivation.reduce((sum, { bytes }) => sum + bytes, 0);
  const requests = (name: ContenderName): string =>
    [...new Set(concurrentRequests[name].map(({ token, api }) => `${token} + ${api}`))].join(', ');
  const sections = [
    `${runs} runs on ${machine.cores} cores (${machine.processor}), Node ${machine.node}; load of the machine before the runs: ${machine.loadBefore.toFixed(2)}. Minimum – **median** – maximum.`,
    '### Side by side',
    table(
      ['', ...contenderNames.map((name) => titles[name])],
      [
        ...series.map(({ title, series: values, unit }) => [
          `${title} (${unit})`,
          ...contenderNames.map((name) => spread(figuresOf(values[name]))),
        ]),
        ['requests of 100 concurrent calls from cold (token + API)', ...contenderNames.map(requests)],
      ],
    ),
    `The Workbench’s client loads node-fetch at its first call, like the extension. So the first row is without it and the second with it. ${whatCostsAre(results)}`,
    '### Ratios, run by run',
    table(
      ['', 'SDK ÷ Workbench', 'Workbench ÷ bare node-fetch', 'Workbench ÷ plain fetch'],
      series.map(({ title, series: values }) => [
        title,
        spread(ratiosOf(values.sdk, values.workbench)),
        spread(ratiosOf(values.workbench, values.nodeFetch)),
        spread(ratiosOf(values.workbench, values.plainFetch)),
      ]),
    ),
    '### First rows, from cold',
    table(
      [
        'organizations',
        'to the first 100 rows (ms)',
        'requests (token + list)',
        'event loop blocked at most, to 1,000 rows (ms)',
        'cached token again (ms)',
      ],
      Object.entries(firstRows).map(([count, measured]) => [
        Number(count).toLocaleString('en'),
        spread(figuresOf(measured.map(({ milliseconds }) => milliseconds))),
        [...new Set(measured.map(({ tokenRequests, listRequests }) => `${tokenRequests} + ${listRequests}`))].join(
          ', ',
        ),
        spread(figuresOf(measured.map(({ longestHoldMs }) => longestHoldMs))),
        spread(figuresOf(measured.map(({ warmTokenMs }) => warmTokenMs))),
      ]),
    ),
    '### Activation',
    table(
      ['VS Code', 'activate() (ms)', 'its processor time (ms)', 'loading the bundle (ms)'],
      Object.entries(activation).map(([version, starts]) => [
        version,
        spread(figuresOf(starts.map(({ activateMs }) => activateMs))),
        spread(figuresOf(starts.map(({ activateCpuMs }) => activateCpuMs))),
        spread(figuresOf(starts.map(({ loadMs }) => loadMs))),
      ]),
    ),
    `### Bundles (VSIX: ${vsixBytes.toLocaleString('en')} bytes)`,
    `Activation reads ${atActivation.map(({ file }) => file).join(', ')}: ${bytesAtActivation.toLocaleString('en')} bytes.`,
    table(
      ['file', 'bytes', 'what is in it'],
      bundles.map(({ file, bytes, contents }) => [file, bytes.toLocaleString('en'), largest(contents)]),
    ),
    '### Goals',
    table(
      ['goal', 'bound', 'figure', ''],
      goalsOf(results).map(({ name, bound, figure, met }) => [
        name,
        bound,
        rounded(figure),
        met ? 'met' : '**missed**',
      ]),
    ),
  ];
  return `${sections.join('\n\n')}\n`;
}

/** The content of docs/speed.md: the client's own costs, then times against the sandbox. */
export function speedTable(results: BenchResults): string {
  return [costTable(results), timeTable(results)].join('\n\n');
}

/** What is measured of the clients alone, with what it means. */
export function costTable(results: Costs & Pick<BenchResults, 'machine' | 'runs'>): string {
  const { machine, runs } = results;
  return [
    table(
      heading(),
      costs(results).map((cost) => row(cost, share(ratiosOf(cost.series.workbench, cost.series.sdk)))),
    ),
    `Medians of ${runs} runs, in Node ${machine.node} with ${machine.cores} cores; the smallest and largest share are in brackets. ${whatCostsAre(results)}`,
  ].join('\n\n');
}

function timeTable(results: BenchResults): string {
  const { load, firstCall, concurrent, concurrentRequests, runs } = results;
  const time = (title: string, series: Series): string[] =>
    row({ title, series, unit: 'ms' }, timesAsFast(ratiosOf(series.sdk, series.workbench)));
  const requests = (name: ContenderName): string =>
    rounded(figuresOf(concurrentRequests[name].map(({ token, api }) => token + api)).median);
  return [
    table(heading(), [
      time('loading the client', load),
      time('loading, token, first page', firstCall),
      time('100 calls at once, from cold', concurrent),
      ['requests for these', ...contenderNames.map(requests), ''],
    ]),
    `Times against the sandbox, medians of ${runs} runs; the minimum and maximum are in brackets. The Workbench loads node-fetch at its first call, so the ` +
      'first row is without it and the second with it.',
  ].join('\n\n');
}

function heading(): string[] {
  return ['', ...contenderNames.map((name) => titles[name]), 'against the SDK'];
}

function row({ title, series, unit }: Comparison, againstSdk: string): string[] {
  return [title, ...contenderNames.map((name) => `${rounded(figuresOf(series[name]).median)} ${unit}`), againstSdk];
}

function whatCostsAre({ clientCosts: { empty }, organizations }: Costs): string {
  const cpu = rounded(figuresOf(empty.map(({ cpuMs }) => cpuMs)).median);
  const peak = rounded(figuresOf(empty.map(({ peakBytes }) => peakBytes / 1e6)).median);
  return (
    'Processor time and memory are the client’s alone. Each time, a new process loads the client, gets a token and lists ' +
    `${organizations.toLocaleString('en')} organizations in pages of 100. Another process returns recorded bytes, without compression. What ` +
    `an empty Node process takes is subtracted: ${cpu} ms and ${peak} MB.`
  );
}

/** The sentence of the README. */
export function readmeSentence(results: Costs): string {
  const [cpu, , peak] = costs(results);
  const percent = (cost: Comparison | undefined): string =>
    cost === undefined ? '' : `${Math.round(100 * ratiosOf(cost.series.workbench, cost.series.sdk).median)} %`;
  return (
    `For ${results.organizations.toLocaleString('en')} organizations, loading included, the extension’s client takes ${percent(cpu)} of the processor time and ${percent(peak)} of the ` +
    'memory of Scalekit’s Node SDK, beyond an empty Node process. [Read more](docs/speed.md)'
  );
}

function share({ minimum, median, maximum }: Figures): string {
  const percent = (value: number): string => `${Math.round(100 * value)} %`;
  return `${percent(median)} (${percent(minimum)} to ${percent(maximum)})`;
}

function timesAsFast({ minimum, median, maximum }: Figures): string {
  return `${rounded(median)} × as fast (${rounded(minimum)} to ${rounded(maximum)})`;
}

function spread({ minimum, median, maximum }: Figures): string {
  return `${rounded(minimum)} – **${rounded(median)}** – ${rounded(maximum)}`;
}

/** Three significant digits. */
function rounded(value: number): string {
  return Math.abs(value) >= 100 ? Math.round(value).toLocaleString('en') : String(Number(value.toPrecision(3)));
}

function largest(contents: Readonly<Record<string, number>>): string {
  const entries = Object.entries(contents);
  const shown = entries.slice(0, 8).map(([owner, bytes]) => `${owner} ${bytes.toLocaleString('en')}`);
  const rest = entries.slice(8).reduce((sum, [, bytes]) => sum + bytes, 0);
  return [...shown, ...(rest === 0 ? [] : [`others ${rest.toLocaleString('en')}`])].join(', ');
}

function table(heading: readonly string[], rows: readonly (readonly string[])[]): string {
  return [heading, heading.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
