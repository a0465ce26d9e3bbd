/** The clipboard for texts with a secret or token. */
export interface SecretClipboard {
  /** After how many seconds a copied text is cleared. Undefined if it isn't. */
  readonly clearsAfter: number | undefined;
  copy(text: string): Promise<void>;
  read(): Promise<string>;
}
