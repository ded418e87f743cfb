import { EventEmitter } from 'node:events';

/** How often is looked whether another replica changed something. */
const ELSEWHERE_MS = 1_000;

/** Tells those who wait for a deployment to change, and wakes the worker. */
export class Changes {
  readonly #emitter = new EventEmitter().setMaxListeners(0);

  /** It changed, or is new. */
  tell(id: string): void {
    this.#emitter.emit(id);
    this.#emitter.emit('any', id);
  }

  onAny(listener: (id: string) => void): void {
    this.#emitter.on('any', listener);
  }

  /** Waits until it changed here, or may have changed elsewhere. */
  of(
    id: string,
    options: { withinMs: number; signal?: AbortSignal },
  ): Promise<void> {
    const { withinMs, signal } = options;
    if (signal?.aborted) return Promise.resolve();
    const emitter = this.#emitter;
    return new Promise(resolve => {
      const timer = setTimeout(done, Math.min(withinMs, ELSEWHERE_MS));
      emitter.once(id, done);
      signal?.addEventListener('abort', done, { once: true });
      function done() {
        clearTimeout(timer);
        emitter.off(id, done);
        signal?.removeEventListener('abort', done);
        resolve();
      }
    });
  }
}
