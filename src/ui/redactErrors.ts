import { parseJson } from '../api/client/errorResponse';
import type { Send } from '../api/client/http';
import type { Redactor } from './redactor';

/**
 * The same exchange, with live secrets and tokens removed from error responses: servers repeat in their messages what
 * they were sent, and those messages are shown and logged. Successful responses stay unchanged, since they contain the
 * tokens.
 */
export function redactErrors(exchange: Send, redactor: Redactor): Send {
  return async (request) => {
    const [answer] = await Promise.all([exchange(request), redactor.ready()]);
    if (answer.status < 400) return answer;
    // Printing the JSON again writes each character in the one way that the redactor knows. Go, for example, writes `&`
    // as `\u0026`.
    const json = parseJson(answer.text);
    return { ...answer, text: redactor.redact(json === undefined ? answer.text : JSON.stringify(json)) };
  };
}
