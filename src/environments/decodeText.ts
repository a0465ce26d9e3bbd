/** A file's text: UTF-8, or UTF-16 as Windows PowerShell's `>` writes it, with or without a byte order mark. */
export function decodeText(bytes: Uint8Array): string {
  const buffer = Buffer.from(bytes);
  const [first, second] = buffer;
  if ((first === 0xfe && second === 0xff) || (first === 0 && second !== undefined && second !== 0))
    return decodeUtf16(swapped(buffer));
  if ((first === 0xff && second === 0xfe) || (first !== undefined && first !== 0 && second === 0))
    return decodeUtf16(buffer);
  return withoutMark(buffer.toString('utf8'));
}

function swapped(buffer: Buffer): Buffer {
  return buffer.subarray(0, buffer.length - (buffer.length % 2)).swap16();
}

function decodeUtf16(buffer: Buffer): string {
  return withoutMark(buffer.toString('utf16le'));
}

function withoutMark(text: string): string {
  return text.replace(/^\ufeff/, '');
}
