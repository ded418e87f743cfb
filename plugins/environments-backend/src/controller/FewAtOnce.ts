/** Lets so many at once do something, and the others wait in the order in which they came. */
export class FewAtOnce {
  readonly #waiting: Array<() => void> = [];
  #free: number;

  /** @param places - how many at once */
  constructor(places: number) {
    this.#free = places;
  }

  /**
   * Waits for a place.
   *
   * @returns how to give it back; done twice it has no other effect
   * @throws the reason of the signal, where that ends the wait
   */
  async enter(signal: AbortSignal): Promise<() => void> {
    signal.throwIfAborted();
    if (this.#free > 0) this.#free -= 1;
    else await this.#turn(signal);
    let given = false;
    return () => {
      if (given) return;
      given = true;
      const next = this.#waiting.shift();
      if (next) next();
      else this.#free += 1;
    };
  }

  #turn(signal: AbortSignal): Promise<void> {
    const waiting = this.#waiting;
    return new Promise((resolve, reject) => {
      function enter() {
        signal.removeEventListener('abort', leave);
        resolve();
      }
      function leave() {
        waiting.splice(waiting.indexOf(enter), 1);
        reject(signal.reason);
      }
      waiting.push(enter);
      signal.addEventListener('abort', leave, { once: true });
    });
  }
}
