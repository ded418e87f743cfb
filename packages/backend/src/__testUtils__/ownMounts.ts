import { httpRouterServiceFactory } from '@backstage/backend-defaults/httpRouter';
import {
  BackendFeature,
  resolvePackagePath,
  ServiceFactory,
} from '@backstage/backend-plugin-api';
import { z } from 'zod';
import { mountedRoutes } from './mountedRoutes';

const ROOT = resolvePackagePath('backend', '../..');
/** Those that start backends stand in every stack, and mount nothing. */
const STARTERS = /__testUtils__\/(ownMounts|wholeBackend)\.ts|\.test\.ts/;
/** Enough that whoever began it is in it, also through code of others. */
const FRAMES = 200;

/** What a service is made of. Only what is needed to put something in front of it. */
const routerSchema = z.object({
  use: z.function(z.tuple([]).rest(z.unknown()), z.unknown()),
});
const pluginSchema = z.object({
  plugin: z.object({ getId: z.function().returns(z.string()) }),
});
const factorySchema = z.object({
  factory: z.function().args(z.unknown(), z.unknown()).returns(z.unknown()),
});

interface Mount {
  /** Such as /api/catalog */
  path: string;
  /** File of ours, from the root of the project */
  file: string;
  handler: unknown;
}

/**
 * Notes what code of this project mounts, in whichever plugin it does so: in one of its own, or as a module in one of
 * Backstage's, where looking at the routes alone would not tell ours from theirs. Whose it is, is known by who calls.
 */
export class OwnMounts {
  readonly #mounts: Mount[] = [];
  readonly #isOurs: (file: string) => boolean;

  /** @param isOurs - by the file, from the root of the project */
  constructor(isOurs = (file: string) => /^(plugins|packages)\//.test(file)) {
    this.#isOurs = isOurs;
  }

  /** The router of each plugin, to be added to a backend. */
  ofPlugins(standard: ServiceFactory = httpRouterServiceFactory) {
    return this.#recording(standard, (deps, [handler]) => ({
      path: `/api/${pluginSchema.parse(deps).plugin.getId()}`,
      handler,
    }));
  }

  /** The router above those of plugins, to be added to a backend. */
  ofRoot(standard: ServiceFactory) {
    return this.#recording(standard, (_, [path, handler]) => ({
      ...{ path: String(path), handler },
    }));
  }

  /**
   * All that was mounted by hand, or by the service of operations, as `METHOD /api/plugin/path`. What is no router, so that
   * nobody can tell what it answers, is given as `ANY /api/plugin (file)`.
   */
  routes(): string[] {
    return this.#mounts.flatMap(({ path, file, handler }) => {
      const unseen = (where: string) => `ANY ${where} (${file})`;
      const routes = mountedRoutes(handler, path, unseen);
      return routes.length > 0 ? routes : [unseen(path)];
    });
  }

  #recording(
    standard: ServiceFactory,
    mountOf: (deps: unknown, given: unknown[]) => Omit<Mount, 'file'>,
  ): BackendFeature {
    const { factory } = factorySchema.parse(standard);
    const recording = async (deps: unknown, context: unknown) => {
      const router = await factory(deps, context);
      const { use } = routerSchema.parse(router);
      return Object.assign(Object.create(Object(router)), {
        use: (...given: unknown[]) => {
          const file = callers().find(one => this.#isOurs(one));
          if (file) this.#mounts.push({ ...mountOf(deps, given), file });
          return use.call(router, ...given);
        },
      });
    };
    return Object.assign(Object.create(standard), standard, {
      factory: recording,
    });
  }
}

/** Files of this project that lead to this call, the nearest first. */
function callers(): string[] {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = FRAMES;
  const { stack = '' } = new Error('who calls');
  Error.stackTraceLimit = limit;
  return stack.split('\n').flatMap(line => {
    const [, file] =
      line.match(/\(?((?:file:\/\/)?\/[^():]+):\d+:\d+\)?$/) ?? [];
    const path = file?.replace('file://', '');
    if (!path?.startsWith(`${ROOT}/`) || STARTERS.test(path)) return [];
    return [path.slice(ROOT.length + 1)];
  });
}
