/** The name under which a browser that reaches this machine another way is sent here: VS Code's own proxy takes only addresses without one. */
export const NAMED_HOST = 'scalekit.localhost';
