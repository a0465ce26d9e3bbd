/** The clipboard, for texts that hold a secret or token. */
export interface SecretClipboard {
  /** After how many seconds what is copied is cleared; undefined when it is not. */
  readonly clearsAfter: number | undefined;
  copy(text: string): Promise<void>;
  read(): Promise<string>;
}
