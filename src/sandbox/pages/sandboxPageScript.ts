/**
 * The script of the sandbox's first page: it asks once a second for what is new, sends the forms without leaving the page,
 * and copies the secret, which the page itself doesn't contain. Every markup in what it gets was escaped by the sandbox.
 */
export const SANDBOX_PAGE_SCRIPT = `
'use strict';
(() => {
  const MOST_ROWS = 200;
  const EVERY_MS = 1000;
  const find = (id) => document.getElementById(id);
  const requests = find('requests');
  const { run, token } = document.body.querySelector('main > div').dataset;
  const shown = {};
  let after = Number(requests.dataset.after);
  let timer, asking;

  const show = (id, markup) => {
    if (shown[id] === markup) return;
    shown[id] = markup;
    find(id).innerHTML = markup;
  };

  const ask = async () => {
    const response = await fetch('/sandbox/requests.json?after=' + after);
    if (!response.ok) throw new Error(String(response.status));
    const news = await response.json();
    if (news.run !== run) return location.reload();
    after = news.next;
    requests.insertAdjacentHTML('afterbegin', news.rows);
    while (requests.children.length > MOST_ROWS) requests.lastElementChild.remove();
    for (const id of ['counts', 'deliveries', 'faults', 'time']) show(id, news[id]);
    find('ended').textContent = '';
  };

  const poll = () => {
    clearTimeout(timer);
    asking ??= ask()
      .catch(() => {
        find('ended').textContent = 'The sandbox has ended. This page goes on when it’s started again.';
      })
      .finally(() => {
        asking = undefined;
        clearTimeout(timer);
        if (!document.hidden) timer = setTimeout(poll, EVERY_MS);
      });
    return asking;
  };

  const post = async (path, fields) => {
    const response = await fetch(path, { method: 'POST', body: new URLSearchParams(fields), redirect: 'manual' });
    if (response.type !== 'opaqueredirect' && !response.ok) throw new Error(String(response.status));
    return response;
  };

  addEventListener('submit', (event) => {
    if (event.target.method !== 'post') return;
    event.preventDefault();
    const fields = new FormData(event.target, event.submitter);
    post(event.target.getAttribute('action'), fields)
      .catch(() => undefined)
      .then(() => asking)
      .then(poll);
  });

  const dotenv = async () => new Blob([await (await post('/sandbox/secret', { page_token: token })).text()], { type: 'text/plain' });
  const copy = find('copy');
  copy.hidden = false;
  copy.addEventListener('click', () => {
    // The text as a promise: some browsers only let a page write to the clipboard at the moment of the click.
    navigator.clipboard.write([new ClipboardItem({ 'text/plain': dotenv() })]).then(
      () => { find('copied').textContent = 'Copied.'; },
      () => { find('copied').textContent = 'It couldn’t be copied.'; },
    );
  });

  document.addEventListener('visibilitychange', () => void (document.hidden ? clearTimeout(timer) : poll()));
  void poll();
})();
`;
