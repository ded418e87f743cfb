import { ChildProcess } from 'node:child_process';
import { subscribe } from 'node:diagnostics_channel';

/** Moments of a call at which a process may die. */
export type Moment =
  /** Nothing was sent yet */
  | 'before'
  /** It has had its effect, and nobody has been told */
  | 'after';

export interface OutsideCall {
  /** From 1 on, in the order in which they began */
  number: number;
  what: string;
  moment: Moment;
}

/** Tells of calls that Node.js does not know of, such as queries of a database. */
export interface OtherCalls {
  begin(key: object, what: string): void;
  end(key: object): void;
}

/**
 * Watches everything that this process asks of others, whoever in it asks: requests by `http`, `https` and `fetch`, as
 * Node.js itself reports them, and programs that are started. No list of calls is kept anywhere.
 *
 * @param options.except - what does not count, by what it asks
 */
export function watchOutsideCalls(
  onCall: (call: OutsideCall) => void,
  { except }: { except?: RegExp } = {},
): OtherCalls {
  let count = 0;
  const known = new WeakMap<object, { number: number; what: string }>();
  const begin = (key: object, what: string) => {
    if (except?.test(what)) return;
    count += 1;
    const call = { number: count, what };
    known.set(key, call);
    onCall({ ...call, moment: 'before' });
  };
  const end = (key: object) => {
    const call = known.get(key);
    if (!call) return;
    known.delete(key);
    onCall({ ...call, moment: 'after' });
  };

  subscribe('http.client.request.start', message => {
    const { request } = message as {
      request: { method: string; host: string; path: string };
    };
    begin(request, `${request.method} ${request.host}${request.path}`);
  });
  subscribe('http.client.response.finish', message => {
    end((message as { request: object }).request);
  });
  subscribe('undici:request:create', message => {
    const { request } = message as {
      request: { method: string; origin: string; path: string };
    };
    begin(request, `${request.method} ${request.origin}${request.path}`);
  });
  subscribe('undici:request:headers', message => {
    end((message as { request: object }).request);
  });

  const prototype = ChildProcess.prototype as unknown as {
    spawn(options: { file: string; args: string[] }): unknown;
  };
  const { spawn } = prototype;
  prototype.spawn = function started(this: ChildProcess, options) {
    begin(this, [options.file, ...options.args.slice(1, 3)].join(' '));
    this.once('exit', () => end(this));
    return spawn.call(this, options);
  };
  return { begin, end };
}
