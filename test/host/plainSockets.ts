/**
 * Runs in a page before its own scripts. VS Code reads each message of its sockets through a `Blob`, which costs the browser more than
 * the message itself. Here the browser hands over the bytes at once, in the same order.
 */
export function plainSockets(): void {
  const page = globalThis as unknown as PageSockets;
  page.WebSocket = class extends page.WebSocket {
    constructor(...args: unknown[]) {
      super(...args);
      this.binaryType = 'arraybuffer';
    }
  };
  const { prototype } = page.FileReader;
  const { readAsArrayBuffer } = prototype;
  prototype.readAsArrayBuffer = function (data) {
    if (!(data instanceof ArrayBuffer)) return readAsArrayBuffer.call(this, data);
    queueMicrotask(() => this.onload?.({ target: { result: data } }));
  };
}

/** The parts of the page that are replaced. */
interface PageSockets {
  WebSocket: new (...args: unknown[]) => { binaryType: string };
  readonly FileReader: {
    readonly prototype: {
      onload?: ((event: { readonly target: { readonly result: ArrayBuffer } }) => void) | null;
      readAsArrayBuffer(data: unknown): void;
    };
  };
}
