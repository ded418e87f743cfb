import { AuthService, LoggerService } from '@backstage/backend-plugin-api';
import {
  Entity,
  RELATION_CHILD_OF,
  RELATION_MEMBER_OF,
} from '@backstage/catalog-model';
import { stringifyError } from '@backstage/errors';
import { CatalogService } from '@backstage/plugin-catalog-node';
import { PolicyQueryUser } from '@backstage/plugin-permission-node';
import { Claims } from '../policy/PlatformPolicy';

/** How long a change of groups may take to be seen. */
const FRESH_MS = 30_000;
/** Groups in groups deeper than this are a mistake. */
const DEEPEST = 20;

interface Known {
  parents: string[];
  exists: boolean;
  until: number;
}

/**
 * What somebody owns things as: who they are, their groups, and all groups that these are part of. So what belongs to a
 * department belongs to the people of its teams; what belongs to a team doesn't belong to the department's other teams.
 */
export class NestedGroups implements Claims {
  readonly #auth: AuthService;
  readonly #catalog: CatalogService;
  readonly #logger: LoggerService;
  readonly #now: () => number;
  readonly #known = new Map<string, Known>();

  constructor(options: {
    auth: AuthService;
    catalog: CatalogService;
    logger: LoggerService;
    now?: () => number;
  }) {
    this.#auth = options.auth;
    this.#catalog = options.catalog;
    this.#logger = options.logger;
    this.#now = options.now ?? Date.now;
  }

  /** Where the catalog does not answer, or does not know the person, what the sign-in said. */
  async of(user: PolicyQueryUser): Promise<string[]> {
    const { userEntityRef, ownershipEntityRefs } = user.info;
    const lower = (ref: string) => ref.toLocaleLowerCase('en-US');
    const person = lower(userEntityRef);
    const claims = new Set([person]);
    const signedInWith = ownershipEntityRefs.map(lower);
    try {
      // Whom the catalog knows has the groups that it says; what the sign-in said may be of days ago.
      let level = (await this.#isKnown(person))
        ? [person]
        : [person, ...signedInWith];
      level.forEach(ref => claims.add(ref));
      for (let depth = 0; level.length > 0 && depth < DEEPEST; depth++) {
        const parents = await this.#parentsOf(level);
        level = parents.filter(parent => !claims.has(parent));
        level.forEach(parent => claims.add(parent));
      }
    } catch (error) {
      this.#logger.warn(
        `The groups around those of ${userEntityRef} could not be read, so fewer rights are given: ${stringifyError(
          error,
        )}`,
      );
      signedInWith.forEach(ref => claims.add(ref));
    }
    return [...claims];
  }

  async #isKnown(person: string): Promise<boolean> {
    await this.#parentsOf([person]);
    return this.#known.get(person)?.exists ?? false;
  }

  async #parentsOf(refs: string[]): Promise<string[]> {
    const now = this.#now();
    const unknown = refs.filter(ref => {
      const known = this.#known.get(ref);
      return !known || known.until <= now;
    });
    if (unknown.length > 0) await this.#read(unknown, now + FRESH_MS);
    return refs.flatMap(ref => this.#known.get(ref)?.parents ?? []);
  }

  async #read(refs: string[], until: number): Promise<void> {
    const { items } = await this.#catalog.getEntitiesByRefs(
      { entityRefs: refs, fields: ['kind', 'metadata', 'relations'] },
      { credentials: await this.#auth.getOwnServiceCredentials() },
    );
    refs.forEach((ref, at) =>
      this.#known.set(ref, {
        parents: groupsAround(items[at]),
        exists: items[at] !== undefined,
        until,
      }),
    );
  }
}

function groupsAround(entity: Entity | undefined): string[] {
  return (entity?.relations ?? [])
    .filter(({ type }) =>
      [RELATION_CHILD_OF, RELATION_MEMBER_OF].includes(type),
    )
    .map(({ targetRef }) => targetRef);
}
