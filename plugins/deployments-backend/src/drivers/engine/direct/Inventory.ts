import { KubernetesObjectApi, PatchStrategy } from '@kubernetes/client-node';
import { z } from 'zod';
import { KubernetesObject } from '@highroad/plugin-deployments-node';
import { isNotFound } from './answers';
import { INVENTORY } from '@highroad/plugin-platform-node/manifests';
import { FIELD_MANAGER } from './namespaceObjects';

const itemSchema = z.object({
  apiVersion: z.string(),
  kind: z.string(),
  name: z.string(),
});
export type InventoryItem = z.output<typeof itemSchema>;

const mapSchema = z.object({ data: z.object({ objects: z.string() }) });

/** What was applied to a namespace, kept there so that what is gone from the manifests can be removed. */
export class Inventory {
  readonly #api: KubernetesObjectApi;
  readonly #namespace: string;

  constructor(api: KubernetesObjectApi, namespace: string) {
    this.#api = api;
    this.#namespace = namespace;
  }

  async read(): Promise<InventoryItem[]> {
    try {
      const found = await this.#api.read({
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: INVENTORY, namespace: this.#namespace },
      });
      const { data } = mapSchema.parse(found);
      return z.array(itemSchema).parse(JSON.parse(data.objects));
    } catch (error) {
      if (isNotFound(error)) return [];
      throw error;
    }
  }

  async write(items: InventoryItem[]): Promise<void> {
    const map = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: INVENTORY, namespace: this.#namespace },
      data: { objects: JSON.stringify(items) },
    };
    await this.#api.patch(
      map,
      undefined,
      undefined,
      FIELD_MANAGER,
      true,
      PatchStrategy.ServerSideApply,
    );
  }
}

export function inventoryOf(objects: KubernetesObject[]): InventoryItem[] {
  return objects.map(({ apiVersion, kind, metadata }) => ({
    apiVersion,
    kind,
    name: metadata.name,
  }));
}

export function sameItem(one: InventoryItem, other: InventoryItem): boolean {
  const group = (item: InventoryItem) =>
    item.apiVersion.replace(/\/?[^/]*$/, '');
  return (
    one.kind === other.kind &&
    one.name === other.name &&
    group(one) === group(other)
  );
}
