import {
  Permission,
  PermissionCondition,
  PermissionCriteria,
} from '@backstage/plugin-permission-common';
import { z } from 'zod';

export type HttpMethod = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** What an operation is about; what rights, records and machine tokens go by. */
export type Target = {
  /** Reference of a service, such as `component:default/cart` */
  service?: string;
  /** Name of an environment */
  environment?: string;
  /** Names of several, where it is about more than one: all have to be allowed */
  environments?: string[];
  /** What a record says of it besides, before it is done. Nothing secret. */
  detail?: Record<string, string | string[]>;
  /**
   * What further records say besides where it is refused, each instead of `detail`: of what is too much for one record to name.
   * Where it is done, the operation writes them itself.
   */
  furtherDetails?: Array<Record<string, string | string[]>>;
  /**
   * What a resource permission is decided on, where that is not the service. Looking at it is not closed to machines that
   * are limited to other services.
   */
  resource?: string;
};

/** Who may. */
export type Access =
  /** Everyone who is signed in, and every machine that the configuration knows */
  | 'signed-in'
  /** Decided before the operation: on the target for a resource permission */
  | {
      permission: Permission;
      /** Others that it takes besides: what reads at two places takes the right for either */
      also?: Permission[];
    }
  /**
   * A list: the decision may be conditional, and the operation leaves out what it does not allow.
   * `filtered` says in conditions what a machine that is limited to these services may see; `true`: all of it.
   */
  | {
      permission: Permission;
      filtered:
        | true
        | ((services: string[]) => PermissionCriteria<PermissionCondition>);
    };

/** What is recorded. */
export type AuditRule =
  /** It changes nothing and shows no secret */
  | 'no-effect'
  | {
      /** What happened, such as `deployment-create`; the plugin's name is added */
      event: string;
      /**
       * `critical`: refused where it cannot be recorded. `by-environment`: critical in production, else medium.
       */
      severity: 'medium' | 'high' | 'critical' | 'by-environment';
    };

/**
 * One thing that can be done, declared once: the route, its check, its rights, its record, the typed client, the
 * OpenAPI document and the action all come from it.
 */
export interface Operation<
  I extends z.AnyZodObject = z.AnyZodObject,
  O extends z.ZodTypeAny = z.ZodTypeAny,
> {
  /** Id of the plugin that serves it */
  plugin: string;
  /** Unique within the plugin; kebab-case */
  name: string;
  /** What it does, as a sentence that goes on from "You may": `search the records` */
  summary: string;
  http: {
    method: HttpMethod;
    /** Under the plugin's address, such as `/v1/records/:id` */
    path: `/${string}`;
    /** Media type of an answer that is sent piece by piece instead of as JSON */
    streams?: string;
    /**
     * A stream whose pieces are sent as they come, so that whoever waits sees how far it is: nothing of it is read ahead, gathered
     * or compressed on its way. What goes wrong in the middle, it says in a piece of its own.
     */
    live?: boolean;
    /** The answer must be kept by nobody on its way */
    noStore?: boolean;
  };
  /**
   * All that it takes, flat. What is named in the path comes from there; the rest from the query for GET and DELETE,
   * and from a JSON body otherwise.
   */
  input: I;
  output: O;
  access: Access;
  /** Plugins of the backend that may do this on their own behalf, though it is more than reading */
  plugins?: string[];
  audit: AuditRule;
  /** What it is about, as far as the input says so */
  // A method, so that operations of any input fit where some operation is wanted.
  target?(input: z.output<I>): Target;
  /** Offered to templates, AI clients and other callers of the actions registry too */
  action?: {
    name: string;
    title: string;
    /** For a reader who knows nothing else: what it gives, and when to use it */
    description: string;
    /** Inputs to learn from */
    examples?: Array<{ title: string; input: z.input<I> }>;
    /** It may destroy something */
    destructive?: boolean;
    /** Doing it twice is as good as once */
    idempotent?: boolean;
  };
}

export type Operations = Record<string, Operation>;

/** All permissions that an operation takes; none where signing in is enough. */
export function permissionsFor({ access }: Operation): Permission[] {
  if (access === 'signed-in') return [];
  const also = 'also' in access ? access.also : undefined;
  return [access.permission, ...(also ?? [])];
}

/**
 * Declares an operation, and refuses what cannot be meant.
 *
 * @throws TypeError if a path names what the input lacks, or something that changes is declared as without effect
 * @throws ZodError if an example is not an input
 */
export function defineOperation<
  I extends z.AnyZodObject,
  O extends z.ZodTypeAny,
>(operation: Operation<I, O>): Operation<I, O> {
  const { plugin, name, http, input } = operation;
  for (const parameter of pathParameters(http.path)) {
    if (!(parameter in input.shape)) {
      throw new TypeError(
        `${plugin}.${name}: the path has :${parameter}, which the input lacks`,
      );
    }
  }
  if (http.method === 'GET' && typeof operation.audit === 'object') {
    const { severity } = operation.audit;
    if (severity === 'by-environment') {
      throw new TypeError(`${plugin}.${name}: a GET must not change anything`);
    }
  }
  operation.action?.examples?.forEach(example =>
    input.strict().parse(example.input),
  );
  return operation;
}

/** The names after colons in a path. */
export function pathParameters(path: string): string[] {
  return [...path.matchAll(/:([A-Za-z]\w*)/g)].map(match => match[1]);
}
