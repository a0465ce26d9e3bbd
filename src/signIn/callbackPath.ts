/** The path of the callback, as of Scalekit's own program for trying sign-in. */
export const CALLBACK_PATH = '/auth/callback';
