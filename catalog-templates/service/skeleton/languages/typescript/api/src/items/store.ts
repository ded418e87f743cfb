import type { Item } from './item.ts';

export interface PageRequest {
  limit: number;
  /** Only items behind the one with this id. */
  after?: string | undefined;
}

/** Keeps items, in the order of their ids, which is the order in which they were made. */
export interface ItemStore {
  add(item: Item): Promise<void>;
  list(page: PageRequest): Promise<Item[]>;
  get(id: string): Promise<Item | undefined>;
  /** Answers whether there was such an item. */
  delete(id: string): Promise<boolean>;
}
