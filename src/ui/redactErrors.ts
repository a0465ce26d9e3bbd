import { parseJson } from '../api/client/errorResponse';
import type { Send } from '../api/client/http';
import type { Redactor } from './redactor';

/**
 * The same exchange, with live secrets and tokens taken out of what a server says about an error: servers repeat in their messages
 * what they were sent, and those messages are shown and logged. Good answers are left as they are; they hold the tokens.
 */
export function redactErrors(exchange: Send, redactor: Redactor): Send {
  return async (request) => {
    const [answer] = await Promise.all([exchange(request), redactor.ready()]);
    if (answer.status < 400) return answer;
    // Written anew, JSON has each character in the one way that the redactor knows: Go, for one, writes `&` as `\u0026`.
    const json = parseJson(answer.text);
    return { ...answer, text: redactor.redact(json === undefined ? answer.text : JSON.stringify(json)) };
  };
}
