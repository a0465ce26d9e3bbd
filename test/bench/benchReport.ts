import { goalsOf, type BenchResults, type Series } from './benchResults';
import { contenderNames, type ContenderName } from './contender';
import { figuresOf, ratiosOf, type Figures } from './figures';

const titles: Readonly<Record<ContenderName, string>> = {
  workbench: 'Workbench',
  sdk: 'Scalekit’s Node SDK',
  nodeFetch: 'bare node-fetch',
  plainFetch: 'plain fetch',
};

/** The side-by-side comparisons. */
function comparisons(
  results: BenchResults,
): { readonly title: string; readonly series: Series; readonly unit: 'ms' | 'MB' }[] {
  const { load, firstCall, concurrent, listing, singleCall, organizations } = results;
  const peak = Object.fromEntries(
    contenderNames.map((name) => [name, results.peakBytes[name].map((bytes) => bytes / 1e6)]),
  ) as unknown as Series;
  const all = organizations.toLocaleString('en');
  return [
    { title: 'load, in a separate process', series: load, unit: 'ms' },
    { title: 'load, token and first page of 100, in a separate process', series: firstCall, unit: 'ms' },
    { title: '100 concurrent calls from cold', series: concurrent, unit: 'ms' },
    { title: `${all} organizations, listed`, series: listing, unit: 'ms' },
    { title: 'one call after the other, each', series: singleCall, unit: 'ms' },
    { title: `peak memory of a process that lists ${all}`, series: peak, unit: 'MB' },
  ];
}

/** The whole report in Markdown: every figure with minimum, median and maximum. */
export function report(results: BenchResults): string {
  const { machine, runs, concurrentRequests, firstRows, activation, bundles, vsixBytes } = results;
  const series = comparisons(results);
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
    'The Workbench’s client loads node-fetch at its first call, like the extension. So the first row is without it and the second with it.',
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

/** The lines for the README. */
export function readmeTable(results: BenchResults): string {
  const { machine, listing, load, firstCall, concurrent, concurrentRequests, runs, organizations } = results;
  const median = (values: readonly number[]): string => `${rounded(figuresOf(values).median)} ms`;
  const row = (title: string, values: Series): string[] => [
    title,
    ...(['workbench', 'sdk', 'nodeFetch', 'plainFetch'] as const).map((name) => median(values[name])),
    timesAsFast(ratiosOf(values.sdk, values.workbench)),
  ];
  const requests = (name: ContenderName): string => {
    const { median: count } = figuresOf(concurrentRequests[name].map(({ token, api }) => token + api));
    return rounded(count);
  };
  return [
    table(
      ['', ...contenderNames.map((name) => titles[name]), 'against the SDK'],
      [
        row('loading the client', load),
        row('loading, token, first page', firstCall),
        row(`${organizations.toLocaleString('en')} organizations`, listing),
        row('100 calls at once, from cold', concurrent),
        ['requests for these', ...contenderNames.map(requests), ''],
      ],
    ),
    `Medians of ${runs} runs against the local sandbox, in Node ${machine.node} with ${machine.cores} cores; the minimum and maximum are in brackets. The Workbench loads ` +
      'node-fetch at its first call, so the first row is without it and the second with it. ' +
      `For ${organizations.toLocaleString('en')} organizations, the server’s responses take most of the time: plain fetch, with nothing around it, is ` +
      `${timesAsFast(ratiosOf(listing.sdk, listing.plainFetch))} as the SDK. \`npm run bench\` measures all this again.`,
  ].join('\n\n');
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
