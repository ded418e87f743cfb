import { z } from 'zod';

/** All of it stands under the catalog's own address. */
export const BASE_PATH = '/platform/v1';

const namePart = z.string().min(1).max(253);

/** The thing asked about, as it stands in a path. */
export const entityPathSchema = z.object({
  kind: namePart,
  namespace: namePart,
  name: namePart,
});

export const findingsQuerySchema = z.object({
  /** References of owners; everything if there is none. */
  owner: z
    .union([z.string(), z.array(z.string())])
    .optional()
    .transform(value => [value ?? []].flat())
    .pipe(z.array(z.string().min(1).max(600)).max(100)),
});

/** The routes as a server declares them. */
export const routes = {
  dependents: `${BASE_PATH}/dependents/:kind/:namespace/:name`,
  findings: `${BASE_PATH}/findings`,
  entityFindings: `${BASE_PATH}/findings/:kind/:namespace/:name`,
} as const;

/** Puts values into a route. Each is encoded, so that no value can change the path's shape. */
export function fillRoute(
  route: string,
  values: Record<string, string>,
): string {
  return route.replace(/:([a-z]+)/g, (_, key: string) => {
    const value = values[key];
    if (!value) {
      throw new TypeError(`The route ${route} needs a ${key}`);
    }
    return encodeURIComponent(value);
  });
}
