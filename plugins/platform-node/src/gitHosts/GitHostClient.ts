import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { isLast, readAtMost, retryAfter } from './answerParts';
import {
  GitHostAnswerError,
  GitHostNotFoundError,
  GitHostRateLimitedError,
  GitHostRefusedError,
  GitHostUnavailableError,
  isGitHostError,
} from './gitHostErrors';

const ATTEMPTS = 3;
const FIRST_PAUSE_MS = 250;
/** Who wants to be left alone for longer is asked again by the next look, not by waiting here. */
const LONGEST_PAUSE_MS = 3_000;
const MB = 1024 * 1024;
/** How much of answers is kept to ask "still the same?". A page of pull requests is tens of kilobytes, most are empty. */
const MOST_KEPT_BYTES = 64 * MB;
/** Beside its text, roughly. */
const KEPT_BYTES = 1_000;
const MOST_PAGES = 100;
/** A host whose clock is wrong is not left alone for a day. */
const LONGEST_LIMIT_MS = 900_000;

/** How a host is asked. */
export interface GitHostClientOptions {
  /** For messages */
  host: string;
  /** What paths are appended to, without a slash at its end */
  apiUrl: string;
  /** Asked each time: tokens of apps end within the hour */
  headers(
    request: Pick<GitHostRequest, 'path' | 'owner'>,
  ): Promise<Record<string, string>>;
  timeoutMs?: number;
  /** From 0 to 1 */
  random?: () => number;
  pause?: (ms: number, signal?: AbortSignal) => Promise<void>;
  now?: () => Date;
}

export interface GitHostRequest {
  method?: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** Below the address of the interface, with its query */
  path: string;
  /** Whose repositories it is about, where the path does not say */
  owner?: string;
  body?: object;
  accept?: string;
  /** What is asked for, such as `acme/cart#12`; for messages */
  about: string;
  /** Whether doing it twice is as good as once; so it is for what only reads */
  repeatable?: boolean;
  maxBytes?: number;
  signal?: AbortSignal;
}

export interface GitHostAnswer {
  text: string;
  headers: Headers;
}

interface Kept {
  etag: string;
  answer: GitHostAnswer;
}

/**
 * Asks a Git host's interface: bounded in time, size and tries, and with an error of its own for each way in which it may fail
 * to answer. An answer that did not come whole is not one.
 */
export class GitHostClient {
  readonly #options: Required<GitHostClientOptions>;
  readonly #kept = new Map<string, Kept>();
  #keptBytes = 0;
  /** Until when the host wants to be left alone, whatever it is asked for */
  #limitedUntil = 0;

  constructor(options: GitHostClientOptions) {
    this.#options = {
      timeoutMs: 15_000,
      random: Math.random,
      pause: (ms, signal) => sleep(ms, undefined, { signal }),
      now: () => new Date(),
      ...options,
    };
  }

  /** @throws the errors of `gitHostErrors.ts`, and whatever the signal was aborted with */
  async send(request: GitHostRequest): Promise<GitHostAnswer> {
    const { method = 'GET', signal } = request;
    this.#mustNotBeLimited(request);
    const attempts = request.repeatable ?? method === 'GET' ? ATTEMPTS : 1;
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#once(request);
      } catch (error) {
        signal?.throwIfAborted();
        const pause = this.#pauseAfter(error, attempt);
        if (attempt >= attempts || pause === undefined) throw error;
        await this.#options.pause(pause, signal);
      }
    }
  }

  /** @throws GitHostAnswerError where it is no JSON, or of another shape than the host documents */
  async json<T extends z.ZodTypeAny>(
    request: GitHostRequest,
    schema: T,
  ): Promise<z.output<T>> {
    return this.#parse(request, await this.send(request), schema);
  }

  /**
   * All pages of a list, or none: one that fails fails all.
   *
   * @param request - its path with a query; `page` is added
   */
  async pages<T extends z.ZodTypeAny>(
    request: GitHostRequest & { pageSize: number },
    item: T,
  ): Promise<z.output<T>[]> {
    const found: z.output<T>[] = [];
    const list = z.array(item);
    for (let page = 1; page <= MOST_PAGES; page++) {
      const answer = await this.send({
        ...request,
        path: `${request.path}&page=${page}`,
      });
      const items = this.#parse(request, answer, list);
      found.push(...items);
      if (isLast(answer.headers, items.length, request.pageSize)) {
        this.#mustBeWhole(request, answer.headers, found.length);
        return found;
      }
    }
    throw new GitHostAnswerError(
      `${this.#options.host} has more than ${MOST_PAGES} pages for ${
        request.about
      }. Nothing was changed.`,
    );
  }

  /**
   * A list that is sent in one piece.
   *
   * @throws GitHostAnswerError also where fewer came than the host counts
   */
  async list<T extends z.ZodTypeAny>(
    request: GitHostRequest,
    item: T,
  ): Promise<z.output<T>[]> {
    const answer = await this.send(request);
    const items = this.#parse(request, answer, z.array(item));
    this.#mustBeWhole(request, answer.headers, items.length);
    return items;
  }

  async #once(request: GitHostRequest): Promise<GitHostAnswer> {
    const { method = 'GET', path, body, about, signal } = request;
    const { host, apiUrl, timeoutMs } = this.#options;
    const late = AbortSignal.timeout(timeoutMs);
    const accept = request.accept ?? 'application/json';
    const key = `${accept} ${path}`;
    const kept = method === 'GET' ? this.#kept.get(key) : undefined;
    let response: Response;
    let text: string | undefined;
    try {
      response = await fetch(`${apiUrl}${path}`, {
        method,
        headers: {
          ...(await this.#options.headers(request)),
          Accept: accept,
          ...(body && { 'Content-Type': 'application/json' }),
          ...(kept && { 'If-None-Match': kept.etag }),
        },
        ...(body && { body: JSON.stringify(body) }),
        signal: signal ? AbortSignal.any([signal, late]) : late,
      });
      text = await readAtMost(response, request.maxBytes ?? 8 * MB);
    } catch (error) {
      signal?.throwIfAborted();
      if (isGitHostError(error)) throw error;
      throw new GitHostUnavailableError(
        late.aborted
          ? `${host} did not answer within ${
              timeoutMs / 1000
            } s, asked for ${about}. Nothing was changed.`
          : `${host} does not answer (${causeOf(
              error,
            )}), asked for ${about}. Nothing was changed.`,
      );
    }
    if (response.status === 304 && kept) return kept.answer;
    if (!response.ok) throw this.#failure(request, response);
    if (text === undefined) {
      throw new GitHostAnswerError(
        `${host} sent more than is read, asked for ${about}. Nothing was changed.`,
      );
    }
    const answer = { text, headers: response.headers };
    const etag = response.headers.get('etag');
    if (method === 'GET' && etag) this.#keep(key, { etag, answer });
    return answer;
  }

  #failure(request: GitHostRequest, response: Response): Error {
    const { host } = this.#options;
    const { status, headers } = response;
    const asked = `${host} answered ${status}, asked for ${request.about}.`;
    const limited =
      status === 429 ||
      (status === 403 &&
        (headers.get('x-ratelimit-remaining') === '0' ||
          headers.has('retry-after')));
    if (limited) {
      const now = this.#options.now();
      const ms = retryAfter(headers, now);
      this.#limitedUntil = Math.max(
        this.#limitedUntil,
        now.getTime() + Math.min(ms ?? 0, LONGEST_LIMIT_MS),
      );
      return new GitHostRateLimitedError(
        `${asked} It wants to be asked less. Nothing was changed; it is asked again later.`,
        ms,
      );
    }
    if (status === 401 || status === 403) {
      return new GitHostRefusedError(
        `${asked} Check the token under "integrations" in app-config: it must be able to read pull requests and to write comments and commit statuses. Nothing was changed.`,
      );
    }
    if (status === 404 || status === 410) {
      return new GitHostNotFoundError(
        `${asked} It is not there, or the portal's user may not see it.`,
      );
    }
    if (status >= 500 || status === 408) {
      return new GitHostUnavailableError(`${asked} Nothing was changed.`);
    }
    return new GitHostAnswerError(`${asked} Nothing was changed.`);
  }

  /** Who goes on asking is left out altogether by some hosts. */
  #mustNotBeLimited({ about }: GitHostRequest): void {
    const { host, now } = this.#options;
    const left = this.#limitedUntil - now().getTime();
    if (left <= 0) return;
    throw new GitHostRateLimitedError(
      `${host} was not asked for ${about}: it wants to be asked less for another ${Math.ceil(
        left / 1000,
      )} s. Nothing was changed; it is asked again later.`,
      left,
    );
  }

  /** @returns undefined where asking again makes no sense now */
  #pauseAfter(error: unknown, attempt: number): number | undefined {
    const passing =
      error instanceof GitHostUnavailableError ||
      error instanceof GitHostAnswerError ||
      error instanceof GitHostRateLimitedError;
    if (!passing) return undefined;
    if (error instanceof GitHostRateLimitedError) {
      const { retryAfterMs } = error;
      if (retryAfterMs === undefined || retryAfterMs > LONGEST_PAUSE_MS) {
        return undefined;
      }
      return retryAfterMs + FIRST_PAUSE_MS * this.#options.random();
    }
    const pause = FIRST_PAUSE_MS * 2 ** (attempt - 1);
    return pause * (0.5 + this.#options.random());
  }

  #parse<T extends z.ZodTypeAny>(
    { about }: GitHostRequest,
    { text }: GitHostAnswer,
    schema: T,
  ): z.output<T> {
    const { host } = this.#options;
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch {
      throw new GitHostAnswerError(
        `${host} sent ${
          text === '' ? 'an empty answer' : 'an answer that is cut off'
        }, asked for ${about}. Nothing was changed.`,
      );
    }
    const parsed = schema.safeParse(value);
    if (parsed.success) return parsed.data;
    const [issue] = parsed.error.issues;
    throw new GitHostAnswerError(
      `${host} sent another answer than it documents, asked for ${about} (${issue.path.join(
        '.',
      )}: ${issue.message}). Nothing was changed.`,
    );
  }

  /** Gitea says how many there are in all; fewer means that some were not sent. */
  #mustBeWhole(
    { about }: GitHostRequest,
    headers: Headers,
    found: number,
  ): void {
    const total = headers.get('x-total-count');
    if (total === null || found >= Number(total)) return;
    throw new GitHostAnswerError(
      `${
        this.#options.host
      } sent ${found} of ${total}, asked for ${about}. Nothing was changed.`,
    );
  }

  /** What was kept first goes first. */
  #keep(key: string, entry: Kept): void {
    this.#forget(key);
    this.#kept.set(key, entry);
    this.#keptBytes += bytesOf(entry);
    for (const oldest of this.#kept.keys()) {
      if (this.#keptBytes <= MOST_KEPT_BYTES) return;
      this.#forget(oldest);
    }
  }

  #forget(key: string): void {
    const entry = this.#kept.get(key);
    if (!entry) return;
    this.#kept.delete(key);
    this.#keptBytes -= bytesOf(entry);
  }
}

function bytesOf({ answer }: Kept): number {
  return KEPT_BYTES + 2 * answer.text.length;
}

function causeOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  if (!(cause instanceof Error)) return error.name;
  return 'code' in cause && typeof cause.code === 'string'
    ? cause.code
    : cause.message;
}
