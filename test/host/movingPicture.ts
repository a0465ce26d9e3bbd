import { applyPalette, GIFEncoder, quantize } from 'gifenc';
import type { BrowserContext } from 'playwright-core';

/** One screenshot of a moving picture, and how long it's shown. All have the same size. */
export interface Scene {
  readonly png: Buffer;
  readonly milliseconds: number;
}

/** Colors of a scene. The last of GIF's 256 stands for what is as it was in the scene before. */
const COLORS = 255;

/** What GIF does with a scene when the next one comes: it stays below it. */
const KEEP = 1;

/** A GIF of some screenshots. The browser reads them. */
export async function movingPicture(scenes: readonly Scene[], context: BrowserContext): Promise<Uint8Array> {
  const gif = GIFEncoder();
  let before: Uint32Array | undefined;
  for (const { png, milliseconds } of scenes) {
    const { width, height, rgba } = await pixelsOf(png, context);
    const palette = quantize(rgba, COLORS);
    const index = applyPalette(rgba, palette);
    const pixels = new Uint32Array(rgba.buffer, rgba.byteOffset, width * height);
    if (before !== undefined) for (const [at, pixel] of pixels.entries()) if (before[at] === pixel) index[at] = COLORS;
    while (palette.length <= COLORS) palette.push([0, 0, 0]);
    gif.writeFrame(index, width, height, {
      palette,
      delay: milliseconds,
      ...(before === undefined ? {} : { transparent: true, transparentIndex: COLORS, dispose: KEEP }),
    });
    before = pixels;
  }
  gif.finish();
  return gif.bytes();
}

async function pixelsOf(
  png: Buffer,
  context: BrowserContext,
): Promise<{ width: number; height: number; rgba: Uint8Array }> {
  const blank = await context.newPage();
  const { width, height, text } = await blank.evaluate<{ width: number; height: number; text: string }>(`(async () => {
    const bytes = Uint8Array.from(atob(${JSON.stringify(png.toString('base64'))}), (char) => char.charCodeAt(0));
    const image = await createImageBitmap(new Blob([bytes]));
    const drawing = new OffscreenCanvas(image.width, image.height).getContext('2d');
    drawing.drawImage(image, 0, 0);
    const { data } = drawing.getImageData(0, 0, image.width, image.height);
    let text = '';
    for (let at = 0; at < data.length; at += 8192) text += String.fromCharCode(...data.subarray(at, at + 8192));
    return { width: image.width, height: image.height, text: btoa(text) };
  })()`);
  await blank.close();
  // A copy, because a Buffer's memory may begin at any byte.
  return { width, height, rgba: new Uint8Array(Buffer.from(text, 'base64')) };
}
