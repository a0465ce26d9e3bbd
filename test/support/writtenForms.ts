/** Ways in which servers and programs write a text. Each one is a separate function, so that they can be combined. */
export type WrittenForm = (text: string) => string;

const bytesOf = (text: string): Buffer => Buffer.from(text, 'utf8');
const base64 = (text: string): string => bytesOf(text).toString('base64');
const perUnit = (text: string, write: (code: number, character: string) => string): string =>
  Array.from({ length: text.length }, (_, index) => write(text.charCodeAt(index), text[index] ?? '')).join('');
const perByte = (bytes: Buffer, write: (byte: number) => string): string => [...bytes].map(write).join('');
const hexOf = (number: number, digits: number): string => number.toString(16).padStart(digits, '0');
const special = /[^\w.-]/;
const jsonString = (text: string): string => JSON.stringify(text).slice(1, -1);
const lowerPercent = (text: string): string =>
  encodeURIComponent(text).replace(/%[\dA-F]{2}/g, (escape) => escape.toLowerCase());
const inHtml = (text: string): string =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&apos;');

export const writtenForms: Readonly<Record<string, WrittenForm>> = {
  'as it is': (text) => text,
  'percent-encoded': encodeURIComponent,
  'percent-encoded in lower case': lowerPercent,
  'percent-encoded in mixed case': (text) =>
    lowerPercent(text).replace(/%([\da-f])/g, (escape) => escape.toUpperCase()),
  'percent-encoded whole': (text) => perByte(bytesOf(text), (byte) => `%${hexOf(byte, 2)}`),
  'percent-encoded twice': (text) => encodeURIComponent(encodeURIComponent(text)),
  'percent-encoded twice in lower case': (text) => lowerPercent(lowerPercent(text)),
  'as escape() does': (text) =>
    perUnit(text, (code, character) =>
      code > 255
        ? `%u${hexOf(code, 4)}`
        : special.test(character) && code < 128
          ? `%${hexOf(code, 2)}`
          : encodeURIComponent(character),
    ),
  'as a form value': (text) => new URLSearchParams({ s: text }).toString().slice(2),
  'in HTML': inHtml,
  'in HTML twice': (text) => inHtml(inHtml(text)),
  'in decimal HTML entities': (text) => [...text].map((character) => `&#${character.codePointAt(0)};`).join(''),
  'in hexadecimal HTML entities': (text) =>
    [...text].map((character) => `&#X${(character.codePointAt(0) ?? 0).toString(16)};`).join(''),
  'in JSON': jsonString,
  'in JSON in JSON': (text) => jsonString(jsonString(text)),
  'in JSON in JSON in JSON': (text) => jsonString(jsonString(jsonString(text))),
  'in JSON, as Go writes it': (text) =>
    jsonString(text).replace(/[&<>+]/g, (sign) => `\\u${hexOf(sign.charCodeAt(0), 4)}`),
  'in JSON in upper-case escapes': (text) => perUnit(text, (code) => `\\u${hexOf(code, 4).toUpperCase()}`),
  'in JSON, as PHP writes it': (text) => jsonString(text).replaceAll('/', '\\/'),
  'in escapes of bytes': (text) => perByte(bytesOf(text), (byte) => `\\x${hexOf(byte, 2)}`),
  'in octal escapes': (text) => perByte(bytesOf(text), (byte) => `\\${byte.toString(8).padStart(3, '0')}`),
  'in escapes with braces': (text) =>
    [...text].map((character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`).join(''),
  'quoted for a shell': (text) => text.replace(/[^\w\u0080-\uffff.-]/g, '\\$&'),
  'in base64': base64,
  'in base64 one byte into a group': (text) => base64(`:${text}`),
  'in base64 two bytes into a group': (text) => base64(`a:${text}`),
  'in base64 with more behind it': (text) => base64(`${text} and more`),
  'in base64url': (text) => bytesOf(text).toString('base64url'),
  'in base64 without padding': (text) => base64(text).replace(/=+$/, ''),
  'in base64 twice': (text) => base64(`"${base64(`x${text}`)}"`),
  'in broken lines of base64': (text) => base64(`Authorization: Basic, ${text}`).replace(/.{9}/g, '$&\n'),
  'in broken and indented lines of base64': (text) =>
    base64(`Authorization: Basic, ${text}`).replace(/.{11}/g, '$&\r\n\t  '),
  'in broken lines of base64 in JSON': (text) =>
    jsonString(base64(`Authorization: Basic, ${text}`).replace(/.{9}/g, '$&\r\n')),
  'in Basic credentials': (text) => base64(`skc_123:${text}`),
  'in Basic credentials by the book': (text) =>
    base64(`skc_123:${new URLSearchParams({ s: text }).toString().slice(2)}`),
  'in base64 that is percent-encoded': (text) => encodeURIComponent(base64(`skc_1:${text}`)),
  'in base64 that is percent-encoded in lower case': (text) => lowerPercent(base64(`skc_1:${text}`)),
  'in base64 of UTF-16': (text) => Buffer.from(text, 'utf16le').toString('base64'),
  'in base64 of UTF-16, the other way round': (text) => Buffer.from(`a${text}`, 'utf16le').swap16().toString('base64'),
  'in UTF-16': (text) => perUnit(text, (code) => `${String.fromCharCode(code & 255)}${String.fromCharCode(code >> 8)}`),
  'in hex': (text) => bytesOf(text).toString('hex'),
  'in upper-case hex': (text) => bytesOf(text).toString('hex').toUpperCase(),
  'in hex by pairs': (text) => perByte(bytesOf(text), (byte) => `${hexOf(byte, 2)} `),
  'in hex with colons': (text) => perByte(bytesOf(text), (byte) => `:${hexOf(byte, 2)}`).slice(1),
  'as Node prints a buffer': (text) => `<Buffer ${perByte(bytesOf(text), (byte) => `${hexOf(byte, 2)} `).trim()}>`,
  'as Node writes a buffer in JSON': (text) => JSON.stringify(bytesOf(text)),
};
