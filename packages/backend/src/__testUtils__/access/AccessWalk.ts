import { Operation, operationRequest } from '@highroad/plugin-platform-common';
import { WholeBackend } from '../wholeBackend';
import { AccessLine, Role, roles, Verdict } from './accessTable';
import { callers, ownServices } from './callers';

/** How long the live tail is listened to */
const TAIL_MS = 5_000;
/** Longer than any answer takes on a busy machine. */
const ANSWER_MS = 60_000;

/** Calls what a backend serves as everybody of the table, and says in its words what each got. */
export class AccessWalk {
  readonly #backend: WholeBackend;
  readonly #authorization: Map<string, string>;
  readonly #inputs: () => Record<string, Record<string, unknown>>;
  readonly #cannotBeDone: Record<string, RegExp>;
  readonly #before: (operation: string) => Promise<void>;

  private constructor(
    options: AccessWalkOptions,
    authorization: [string, string][],
  ) {
    this.#backend = options.backend;
    this.#authorization = new Map(authorization);
    this.#inputs = options.inputs;
    this.#cannotBeDone = options.cannotBeDone;
    this.#before = options.before ?? (async () => {});
  }

  static async start(options: AccessWalkOptions): Promise<AccessWalk> {
    const all = [...Object.values(callers).flat(), ...(options.more ?? [])];
    return new AccessWalk(
      options,
      await Promise.all(
        all
          .filter(Boolean)
          .map(
            async (who): Promise<[string, string]> => [
              who,
              who.startsWith('user:')
                ? await options.backend.signIn(who)
                : `Bearer ${who}-token`,
            ],
          ),
      ),
    );
  }

  /** The Authorization header of somebody; undefined for who is not signed in. */
  authorization(caller: string): string | undefined {
    return this.#authorization.get(caller);
  }

  /** What everybody gets of one line of the table. */
  async seen(line: AccessLine): Promise<Record<string, string>> {
    return this.#forAll(async (role, caller) => {
      const delivery = this.#backend.deliveries.find(
        one => nameOf(one) === line.operation,
      );
      if (delivery) {
        const path = `${delivery.plugin}${delivery.path.replace(
          ':host',
          'git.test',
        )}`;
        const { status } = await this.post(path, caller, {});
        return status === 401 ? 'no' : `${status}`;
      }
      if (line.verdicts[role] !== 'no') await this.#before(line.operation);
      return this.#verdictOf(
        this.#operationOf(line),
        await this.call(this.#operationOf(line), caller),
        line.verdicts[role],
        caller,
      );
    });
  }

  /** What everybody is to get of it. */
  wanted(line: AccessLine): Promise<Record<string, string>> {
    return this.#forAll(async role => line.verdicts[role]);
  }

  async call(operation: Operation, caller: string): Promise<Response> {
    const input = this.#inputs()[nameOf(operation)] ?? {};
    const { path, init } = operationRequest(operation, input);
    const header = this.authorization(caller);
    const isTail = operation.name === 'tail';
    return fetch(`${this.#backend.url}/api/${operation.plugin}${path}`, {
      ...init,
      headers: {
        ...(init.headers as Record<string, string>),
        ...(header && { Authorization: header }),
      },
      signal: AbortSignal.timeout(isTail ? TAIL_MS : ANSWER_MS),
    }).catch(error => {
      // Whoever may see nothing of what there is waits for more.
      if (!isTail) throw error;
      return new Response('{}');
    });
  }

  /** @param path - under /api/ */
  post(path: string, caller: string, body: object): Promise<Response> {
    const header = this.authorization(caller);
    return fetch(`${this.#backend.url}/api/${path}`, {
      method: 'POST',
      headers: {
        'Content-Type': 'application/json',
        Accept: 'application/json, text/event-stream',
        ...(header && { Authorization: header }),
      },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(ANSWER_MS),
    });
  }

  #operationOf(line: AccessLine): Operation {
    const found = this.#backend.operations.find(
      one => nameOf(one) === line.operation,
    );
    if (!found) throw new Error(`${line.operation} is not declared`);
    return found;
  }

  async #forAll(
    get: (role: Role, caller: string) => Promise<string>,
  ): Promise<Record<string, string>> {
    const all: Record<string, string> = {};
    for (const role of roles) {
      for (const caller of callers[role]) {
        all[`${role}: ${caller}`] = await get(role, caller);
      }
    }
    return all;
  }

  /** What somebody got, in the words of the table. Where they wrongly got more or less, says what. */
  async #verdictOf(
    operation: Operation,
    response: Response,
    wanted: Verdict,
    caller: string,
  ): Promise<string> {
    const { status } = response;
    if (status === 401 || status === 403) return 'no';
    if (wanted === 'hidden') return status === 404 ? 'hidden' : `${status}`;
    if (wanted !== 'theirs') {
      if (response.ok) {
        await response.body?.cancel();
        return 'yes';
      }
      const why =
        this.#cannotBeDone[nameOf(operation)] ??
        this.#cannotBeDone[operation.plugin];
      const answer = await response.text();
      return why?.test(answer) ? 'yes' : `${status} ${answer}`;
    }
    const records = recordsIn(await textOf(response, operation));
    const foreign = records.filter(
      // What one did oneself one sees, whatever it was done to.
      one => !one.includes(caller) && foreignService(one, caller),
    );
    // Whoever owns something that was recorded gets that: nothing at all would be too little.
    const missing = ownServices(caller).filter(
      service => !records.some(one => one.includes(service)),
    );
    return status === 200 && foreign.length === 0 && missing.length === 0
      ? 'theirs'
      : `${status}, with ${foreign.join()}, without ${missing.join()}`;
  }
}

export interface AccessWalkOptions {
  backend: WholeBackend;
  /** Whoever else calls: people, or subjects of tokens */
  more?: string[];
  /** An input that is right, for each operation that needs one */
  inputs: () => Record<string, Record<string, unknown>>;
  /**
   * What those who may do something are told where it cannot be done here, by operation or by plugin. Whoever may not is
   * never told so.
   */
  cannotBeDone: Record<string, RegExp>;
  /** Sets up what an operation is done to, before each call by somebody who may */
  before?: (operation: string) => Promise<void>;
}

/** `plugin.name` */
export function nameOf(one: { plugin: string; name: string }): string {
  return `${one.plugin}.${one.name}`;
}

/** All of an answer; of the live tail, what came while it was listened to. */
async function textOf(
  response: Response,
  operation: Operation,
): Promise<string> {
  if (operation.name !== 'tail') return response.text();
  const pieces: string[] = [];
  const decoder = new TextDecoder();
  try {
    for await (const piece of response.body ?? []) {
      pieces.push(decoder.decode(piece, { stream: true }));
    }
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'TimeoutError') throw error;
  }
  return pieces.join('');
}

/** The records in an answer, one by one: items of a list, or lines. */
function recordsIn(text: string): string[] {
  try {
    const { items = [] } = JSON.parse(text) as { items?: unknown[] };
    return items.map(item => JSON.stringify(item));
  } catch {
    return text.split('\n');
  }
}

function foreignService(record: string, caller: string): boolean {
  const services = record.match(/component:default\/[\w-]+/g) ?? [];
  return services.some(service => !ownServices(caller).includes(service));
}
