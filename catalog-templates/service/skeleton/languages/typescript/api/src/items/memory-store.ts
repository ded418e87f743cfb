import type { Item } from './item.ts';
import type { ItemStore, PageRequest } from './store.ts';

/** Keeps items in this process: they are gone when it ends. */
export class MemoryItemStore implements ItemStore {
  readonly #items = new Map<string, Item>();

  async add(item: Item): Promise<void> {
    this.#items.set(item.id, item);
  }

  async list({ limit, after = '' }: PageRequest): Promise<Item[]> {
    return [...this.#items.values()]
      .filter(({ id }) => id > after)
      .sort((a, b) => (a.id < b.id ? -1 : 1))
      .slice(0, limit);
  }

  async get(id: string): Promise<Item | undefined> {
    return this.#items.get(id);
  }

  async delete(id: string): Promise<boolean> {
    return this.#items.delete(id);
  }
}
