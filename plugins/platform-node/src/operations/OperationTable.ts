import { ConflictError } from '@backstage/errors';
import { Delivery, Operation } from '@highroad/plugin-platform-common';

/** Every operation that is served in this process, and every delivery that is taken. */
export class OperationTable {
  readonly #operations: Operation[] = [];
  readonly #deliveries: Delivery[] = [];

  /** @throws ConflictError if one of that name or of that route is there already */
  add(operations: Operation[]): void {
    for (const operation of operations) {
      this.#refuseTwice(placeOf(operation));
      this.#operations.push(operation);
    }
  }

  /** @throws ConflictError if something of that name or of that route is there already */
  addDelivery(delivery: Delivery): void {
    this.#refuseTwice(placeOfDelivery(delivery));
    this.#deliveries.push(delivery);
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

  /** By plugin and path. */
  deliveries(): Delivery[] {
    const place = ({ plugin, path }: Delivery) => `${plugin} ${path}`;
    return [...this.#deliveries].sort((a, b) => (place(a) < place(b) ? -1 : 1));
  }

  deliveriesOf(plugin: string): Delivery[] {
    return this.deliveries().filter(delivery => delivery.plugin === plugin);
  }

  #refuseTwice(wanted: Place): void {
    const other = [
      ...this.#operations.map(placeOf),
      ...this.#deliveries.map(placeOfDelivery),
    ].find(
      one =>
        one.plugin === wanted.plugin &&
        (one.name === wanted.name || one.route === wanted.route),
    );
    if (other) {
      throw new ConflictError(
        `${wanted.plugin} declares ${wanted.name} (${wanted.route}) beside ${other.name} (${other.route}); name and route must be unique.`,
      );
    }
  }
}

interface Place {
  plugin: string;
  name: string;
  /** Such as `GET /v1/records` */
  route: string;
}

function placeOf({ plugin, name, http }: Operation): Place {
  return { plugin, name, route: `${http.method} ${http.path}` };
}

function placeOfDelivery({ plugin, name, path }: Delivery): Place {
  return { plugin, name, route: `POST ${path}` };
}
