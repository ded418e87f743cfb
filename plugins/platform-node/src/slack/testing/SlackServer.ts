import {
  createServer,
  IncomingMessage,
  Server,
  ServerResponse,
} from 'node:http';
import { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

export const TOKEN = 'xoxb-test-1234';
const CHANNELS: Record<string, string> = {
  deployments: 'C0000000001',
  production: 'C0000000002',
  'cart-deploys': 'C0000000003',
};

export interface KeptMessage {
  channel: string;
  ts: string;
  text: string;
  blocks: unknown[];
  metadata: { event_type: string; event_payload: { id: string } };
  /** How often it was changed */
  edits: number;
}

type Mode =
  | { kind: 'up' }
  | { kind: 'down' }
  /** Posts after so many milliseconds, and does all else at once */
  | { kind: 'slow'; ms: number }
  /** Does what it is asked, and hangs up without an answer */
  | { kind: 'cut-off' }
  | { kind: 'refuses'; error: string }
  | { kind: 'busy'; retryAfter: number };

/** Answers as Slack does, as far as messages go, and refuses requests that Slack would refuse. */
export class SlackServer {
  readonly messages: KeptMessage[] = [];
  /** Method and time of each request */
  readonly calls: Array<{ method: string; at: number }> = [];
  /** What was wrong with requests */
  readonly problems: string[] = [];
  mode: Mode = { kind: 'up' };
  readonly #server: Server;
  readonly #isDated: boolean;
  #last = 1_700_000_000;

  /** @param options.now - dates messages by it, and leaves out those that are older than is asked for */
  constructor(options: { now?: () => Date } = {}) {
    const { now } = options;
    this.#isDated = now !== undefined;
    if (now) this.#last = Math.floor(now().getTime() / 1_000);
    this.#server = createServer((request, response) => {
      this.#handle(request, response).catch(error => {
        this.problems.push(String(error));
        response.destroy();
      });
    });
  }

  async start(): Promise<string> {
    await new Promise<void>(resolve =>
      this.#server.listen(0, '127.0.0.1', resolve),
    );
    const { port } = this.#server.address() as AddressInfo;
    return `http://127.0.0.1:${port}/api/`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise(resolve => this.#server.close(resolve));
  }

  async #handle(request: IncomingMessage, response: ServerResponse) {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const method = String(request.url).replace('/api/', '');
    this.calls.push({ method, at: Date.now() });
    const { mode } = this;
    if (mode.kind === 'down') {
      response.destroy();
      return;
    }
    if (mode.kind === 'busy') {
      response.writeHead(429, { 'retry-after': String(mode.retryAfter) });
      response.end();
      return;
    }
    if (mode.kind === 'slow' && method === 'chat.postMessage') {
      await sleep(mode.ms);
    }
    const form = new URLSearchParams(Buffer.concat(chunks).toString());
    const answer =
      mode.kind === 'refuses'
        ? { ok: false, error: mode.error }
        : this.#answer(request, method, form);
    if (mode.kind === 'cut-off') {
      response.destroy();
      return;
    }
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(answer));
  }

  #answer(request: IncomingMessage, method: string, form: URLSearchParams) {
    const wrong = (error: string) => {
      this.problems.push(`${method}: ${error}`);
      return { ok: false, error };
    };
    const { headers } = request;
    if (request.method !== 'POST') return wrong('not a POST');
    if (headers.authorization !== `Bearer ${TOKEN}`) return wrong('not_authed');
    if (form.has('token')) return wrong('the token is in the body');
    if (
      !headers['content-type']?.startsWith('application/x-www-form-urlencoded')
    )
      return wrong('invalid_post_type');
    switch (method) {
      case 'chat.postMessage':
        return this.#post(form) ?? wrong('channel_not_found');
      case 'chat.update':
        return this.#update(form) ?? wrong('message_not_found');
      case 'conversations.history':
        return this.#history(form) ?? wrong('channel_not_found');
      case 'conversations.list':
        return {
          ok: true,
          channels: Object.entries(CHANNELS).map(([name, id]) => ({
            name,
            id,
          })),
        };
      default:
        return wrong('unknown_method');
    }
  }

  #post(form: URLSearchParams) {
    const named = form.get('channel') ?? '';
    const channel = CHANNELS[named.replace(/^#/, '')] ?? named;
    if (!Object.values(CHANNELS).includes(channel)) return undefined;
    this.#last += 1;
    const ts = `${this.#last}.000100`;
    this.messages.push({
      ...{ channel, ts, edits: 0 },
      ...contentOf(form),
    });
    return { ok: true, channel, ts };
  }

  #update(form: URLSearchParams) {
    const found = this.messages.find(
      ({ channel, ts }) =>
        channel === form.get('channel') && ts === form.get('ts'),
    );
    if (!found) return undefined;
    Object.assign(found, contentOf(form), { edits: found.edits + 1 });
    return { ok: true, channel: found.channel, ts: found.ts };
  }

  /** Two messages a page, the newest first, as Slack has them. */
  #history(form: URLSearchParams) {
    const channel = form.get('channel');
    if (!Object.values(CHANNELS).includes(String(channel))) return undefined;
    if (form.get('include_all_metadata') !== 'true') {
      this.problems.push('history without metadata');
    }
    const oldest = this.#isDated ? Number(form.get('oldest') ?? 0) : 0;
    const all = this.messages
      .filter(message => message.channel === channel)
      .filter(({ ts }) => !(Number(ts) < oldest))
      .reverse();
    const from = Number(form.get('cursor') ?? 0);
    return {
      ok: true,
      messages: all.slice(from, from + 2),
      response_metadata: {
        next_cursor: from + 2 < all.length ? String(from + 2) : '',
      },
    };
  }
}

function contentOf(form: URLSearchParams) {
  return {
    text: form.get('text') ?? '',
    blocks: JSON.parse(form.get('blocks') ?? '[]'),
    metadata: JSON.parse(form.get('metadata') ?? '{}'),
  };
}
