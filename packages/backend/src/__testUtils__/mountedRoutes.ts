import { z } from 'zod';

/** What a router without a path is mounted with. */
const ANYWHERE = '^\\/?(?=\\/|$)';

/** A layer of a router, as Express 4 keeps it. */
const layerSchema = z.object({
  regexp: z.instanceof(RegExp).optional(),
  route: z
    .object({
      path: z.union([z.string(), z.array(z.string()), z.instanceof(RegExp)]),
      methods: z.record(z.boolean()),
    })
    .optional(),
  handle: z.unknown(),
});

/**
 * Every route that a router leads to, as `METHOD /path`.
 *
 * @param unseen - what to say of a handler of its own making, behind which nothing can be seen; nothing if not given
 */
export function mountedRoutes(
  router: unknown,
  prefix = '',
  unseen?: (path: string) => string,
): string[] {
  const stack = stackOf(router);
  return stack.flatMap(layer => {
    const parsed = layerSchema.safeParse(layer);
    if (!parsed.success) return [];
    const { route, handle, regexp } = parsed.data;
    if (!route) {
      const path = prefix + prefixOf(regexp);
      const isRouter = stackOf(handle).length > 0;
      if (!isRouter && unseen) return [unseen(path)];
      return mountedRoutes(handle, path, unseen);
    }
    const methods = Object.keys(route.methods);
    return [route.path]
      .flat()
      .flatMap(path =>
        methods.map(method => `${method.toUpperCase()} ${prefix}${path}`),
      );
  });
}

function stackOf(router: unknown): unknown[] {
  if (typeof router !== 'function' || !('stack' in router)) return [];
  return Array.isArray(router.stack) ? router.stack : [];
}

/**
 * The path that a router was mounted at, which Express 4 keeps only as the expression that matches it. What is no plain
 * path, as one with a parameter, is given as that expression, so that it is not taken for a path that is known.
 */
function prefixOf(regexp: RegExp | undefined): string {
  if (!regexp || regexp.source === ANYWHERE) return '';
  const match = regexp.source.match(
    /^\^((?:\\[/.]|[\w-])+)\\\/\?\(\?=\\\/\|\$\)$/,
  );
  return match ? match[1].replace(/\\(.)/g, '$1') : `/(${regexp.source})`;
}
