import { ConflictError } from '@backstage/errors';
import { Operation } from '@highroad/plugin-platform-common';

/** Every operation that is served in this process. */
export class OperationTable {
  readonly #operations: Operation[] = [];

  /** @throws ConflictError if one of that name or of that route is there already */
  add(operations: Operation[]): void {
    for (const operation of operations) {
      const other = this.#operations.find(
        one =>
          one.plugin === operation.plugin &&
          (one.name === operation.name ||
            (one.http.method === operation.http.method &&
              one.http.path === operation.http.path)),
      );
      if (other) {
        throw new ConflictError(
          `${operation.plugin} declares ${operation.name} (${operation.http.method} ${operation.http.path}) beside ${other.name} (${other.http.method} ${other.http.path}); name and route must be unique.`,
        );
      }
      this.#operations.push(operation);
    }
  }

  /** By plugin, path and method. */
  all(): Operation[] {
    const place = ({ plugin, http }: Operation) =>
      `${plugin} ${http.path} ${http.method}`;
    return [...this.#operations].sort((a, b) => (place(a) < place(b) ? -1 : 1));
  }

  of(plugin: string): Operation[] {
    return this.all().filter(operation => operation.plugin === plugin);
  }
}
