/** Where something waits until it is let go on. */
export class Barrier {
  /** Whether something waits, or has passed */
  arrived = false;
  #open = () => {};
  readonly #passed = new Promise<void>(done => {
    this.#open = done;
  });

  async pass(): Promise<void> {
    this.arrived = true;
    await this.#passed;
  }

  open(): void {
    this.#open();
  }
}
