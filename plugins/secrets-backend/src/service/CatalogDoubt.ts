/**
 * Believes that the catalog knows none of the services that are asked for only when it says so twice: after a start it may
 * not have read them yet, and what they need would be taken from them.
 */
export class CatalogDoubt {
  #wasEmpty = false;

  /** @returns whether the answer can be gone by */
  believes(asked: number, found: number): boolean {
    const isEmpty = asked > 0 && found === 0;
    const isBelieved = !isEmpty || this.#wasEmpty;
    this.#wasEmpty = isEmpty;
    return isBelieved;
  }
}
