// The licences of the packages in the bundles, from esbuild's metafiles, as a text for the VSIX.
import { existsSync, readFileSync, readdirSync } from 'node:fs';

/** Apache's own text, for packages that name this licence but don't include it. */
const apacheLicense = 'node_modules/typescript/LICENSE.txt';

/** Licences of packages that keep theirs only in their repository. */
const keptLicenses = 'test/host/licenses';

/** Creates ThirdPartyNotices.txt of a product. Throws if a bundled package has no licence text. */
export function thirdPartyNotices(metafiles, product = 'Scalekit Workbench') {
  const files = bundledFiles(metafiles);
  const sections = [...files.keys()].sort().map((folder) => section(folder, [...files.get(folder)].sort()));
  return (
    [
      `${product} contains the following third-party software.`,
      ...sections,
      `Apache License 2.0\n\n${readFileSync(apacheLicense, 'utf8').trim()}`,
    ].join(`\n\n${'-'.repeat(80)}\n\n`) + '\n'
  );
}

/** Files with code in a bundle, by the folder of their package. */
function bundledFiles(metafiles) {
  const files = new Map();
  for (const { inputs } of metafiles.flatMap(({ outputs }) => Object.values(outputs))) {
    for (const [path, { bytesInOutput }] of Object.entries(inputs)) {
      const folder = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1];
      if (folder === undefined || bytesInOutput === 0) continue;
      if (!files.has(folder)) files.set(folder, new Set());
      files.get(folder).add(path);
    }
  }
  return files;
}

function section(folder, paths) {
  const { name, version, license, homepage } = JSON.parse(readFileSync(`${folder}/package.json`, 'utf8'));
  const text = licenseFile(folder) ?? licenseInReadme(folder) ?? keptLicense(name) ?? licenseInSources(paths);
  if (!text || !license) throw new Error(`${name} ${version} is in a bundle but has no licence text.`);
  return [`${name} ${version}`, `Licence: ${license}`, ...(homepage ? [homepage] : []), '', text.trim()].join('\n');
}

function licenseFile(folder) {
  const names = readdirSync(folder)
    .filter((name) => /^(licen[cs]e|notice|copying)\b/i.test(name))
    .sort();
  return names.length === 0
    ? undefined
    : names.map((name) => readFileSync(`${folder}/${name}`, 'utf8').trim()).join('\n\n');
}

function keptLicense(name) {
  const file = `${keptLicenses}/${name}.txt`;
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}

/** A "License" section with the whole text. */
function licenseInReadme(folder) {
  const name = readdirSync(folder).find((each) => /^readme\b/i.test(each));
  const text = name && /^(?:#+ *)?licen[cs]e *\n(?:-+\n)?([^]*)/im.exec(readFileSync(`${folder}/${name}`, 'utf8'))?.[1];
  return text && /permission is hereby granted/i.test(text) ? text : undefined;
}

/** The notices at the top of the bundled files, each one once. */
function licenseInSources(paths) {
  const notices = paths
    .map((path) => /^(?:(?:\/\/.*\n)+|\/\*[^]*?\*\/)/.exec(readFileSync(path, 'utf8'))?.[0])
    .filter((notice) => /copyright/i.test(notice ?? ''));
  const texts = notices.map((notice) => notice.replaceAll(/^\s*(?:\/\/|\/\*+|\*\/?) ?/gm, '').trim());
  return texts.length === 0 ? undefined : [...new Set(texts)].join('\n\n');
}
