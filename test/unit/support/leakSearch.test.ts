import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { searchFolder, searchText, type Needle } from '../../support/leakSearch';
import { writtenForms } from '../../support/writtenForms';

// Contains characters that each encoding writes differently.
const markerSecret = 'test_Marker+9f/Kq=7Z%r&m"W\\x41~ secret';

describe('The search for leaks', () => {
  const needles: Needle[] = [{ name: 'client secret', text: markerSecret }];
  const bytes = Buffer.from(markerSecret);

  it('finds a text in each encoding, at any offset within base64', () => {
    const written = [
      markerSecret,
      encodeURIComponent(markerSecret),
      new URLSearchParams({ client_secret: markerSecret }).toString(),
      JSON.stringify({ clientSecret: markerSecret }),
      JSON.stringify({ record: JSON.stringify({ clientSecret: markerSecret }) }),
      bytes.toString('hex'),
      bytes.toString('hex').toUpperCase(),
      ...['', 'a', 'ab', 'abc', 'skc_1:'].flatMap((before) => [
        Buffer.from(`${before}${markerSecret} and more`).toString('base64'),
        Buffer.from(`${before}${markerSecret}`).toString('base64url'),
      ]),
    ];
    for (const text of written) assert.notDeepEqual(searchText('here', `before ${text} after`, needles), [], text);
  });

  for (const [form, write] of Object.entries(writtenForms)) {
    it(`finds a leak ${form}`, () => {
      for (const around of [
        ['', ''],
        ['Basic ', '\n'],
        ['{"message":"', '"}'],
      ] as const) {
        assert.notDeepEqual(
          searchText('here', `${around[0]}${write(markerSecret)}${around[1]}`, needles),
          [],
          write(markerSecret),
        );
      }
    });
  }

  it('finds a text in files, even in UTF-16, and in their names, and doesn’t report the text itself', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'scalekit-workbench-'));
    try {
      await writeFile(join(folder, 'utf8.bin'), Buffer.concat([Buffer.from([0, 255, 7]), bytes]));
      await writeFile(
        join(folder, 'utf16.bin'),
        Buffer.concat([Buffer.from([1]), Buffer.from(markerSecret, 'utf16le')]),
      );
      await writeFile(join(folder, bytes.toString('hex')), '');
      await writeFile(join(folder, 'innocent.txt'), 'test_Marker+');
      const { leaks, files } = await searchFolder(folder, needles);
      assert.equal(files.length, 4);
      assert.deepEqual(leaks.map(({ form }) => form).sort(), ['as it is', 'as it is, UTF-16', 'in hex']);
      assert.ok(!JSON.stringify(leaks.map(({ needle, form }) => [needle, form])).includes('Marker'));
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('searches subfolders to the end, even if some of them disappear meanwhile', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'scalekit-workbench-'));
    try {
      const passing = Array.from({ length: 500 }, (_, index) => join(folder, `a${index}`, 'b'));
      for (const path of passing) await mkdir(path, { recursive: true });
      await mkdir(join(folder, 'c', 'd'), { recursive: true });
      await writeFile(join(folder, 'c', 'd', 'leak'), bytes);
      const [{ leaks }] = await Promise.all([
        searchFolder(folder, needles),
        ...passing.map((path) => rm(path, { recursive: true })),
      ]);
      assert.deepEqual(
        leaks.map(({ place }) => place),
        [join(folder, 'c', 'd', 'leak')],
      );
      await assert.rejects(searchFolder(join(folder, 'missing'), needles), { code: 'ENOENT' });
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('finds nothing if there’s nothing', () => {
    assert.deepEqual(searchText('here', `${markerSecret.slice(1)} ${markerSecret.slice(0, -1)}`, needles), []);
  });
});
