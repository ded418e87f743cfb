import {
  DependencyDirection,
  UnresolvedReference,
} from '@highroad/plugin-catalog-platform-common';
import { GraphEntity, NamedReference } from './graphEntity';
import { stepsFrom } from './steps';

/** Where the walk reads from. What does not exist, or may not be seen, is missing from its answers. */
export interface Source {
  /** Reads many entities at once. */
  entities(refs: string[]): Promise<Map<string, GraphEntity>>;
  /** Reads what the files of entities name. */
  namedBy(refs: string[]): Promise<Map<string, NamedReference[]>>;
}

/** Something that was reached. */
export interface Visit {
  entity: GraphEntity;
  depth: number;
  /** The steps that led here in the fewest steps. */
  arrivals: { from: string; relation: string }[];
  /** False while it was only passed as a whole on the way to others. */
  counted: boolean;
  /** True for the entity asked about and for the wholes inside it. */
  askedAsWhole: boolean;
}

export interface Walk {
  root: GraphEntity;
  visits: Map<string, Visit>;
  /** The last step of each shortest way back to the start. */
  returns: { from: string; relation: string }[];
  unresolved: UnresolvedReference[];
  deeper: boolean;
  truncated: boolean;
}

export interface WalkOptions {
  direction: DependencyDirection;
  /** Steps to follow. */
  depth: number;
  /** How many entities to read before giving up on the rest. */
  maxEntities: number;
}

type Frontier = Map<string, Omit<Visit, 'entity' | 'depth'>>;

// To know whether anything lies beyond, a few of what is named there are enough: nearly always the first ones, and
// more where all of those are gone or may not be seen.
const PEEKS = [20, 500];

/** Collects the steps on from the last level, except back to what was visited. */
function frontierOf(
  level: Visit[],
  walk: Walk,
  direction: DependencyDirection,
): Frontier {
  const next: Frontier = new Map();
  for (const { entity, askedAsWhole } of level) {
    for (const step of stepsFrom(entity, direction, askedAsWhole)) {
      const arrival = { from: entity.ref, relation: step.relation };
      const visited = walk.visits.get(step.to);
      if (step.to === walk.root.ref) {
        if (!step.bridge && !step.part) {
          walk.returns.push(arrival);
        }
      } else if (visited) {
        visited.counted ||= !step.bridge;
      } else {
        const known = next.get(step.to);
        if (known) {
          known.counted ||= !step.bridge;
          known.askedAsWhole ||= step.part;
          known.arrivals.push(arrival);
        } else {
          next.set(step.to, {
            arrivals: [arrival],
            counted: !step.bridge,
            askedAsWhole: step.part,
          });
        }
      }
    }
  }
  return next;
}

/**
 * What was named but not found. A reference is reported only if the file of a
 * visible entity names it: in the other direction it is the unseen entity's
 * file that names the visible one, and reporting it would tell that it exists.
 */
async function unresolvedIn(
  missing: Frontier,
  source: Source,
): Promise<UnresolvedReference[]> {
  const pairs = [...missing].flatMap(([ref, { arrivals }]) =>
    [...new Set(arrivals.map(({ from }) => from))].map(from => ({ ref, from })),
  );
  if (pairs.length === 0) {
    return [];
  }
  const namers = [...new Set(pairs.map(({ from }) => from))];
  const named = await source.namedBy(namers);
  return pairs.flatMap(({ ref, from }) => {
    const naming = named.get(from)?.find(candidate => candidate.ref === ref);
    return naming ? [{ ref, from, field: naming.field }] : [];
  });
}

async function anyExists(refs: string[], source: Source): Promise<boolean> {
  let looked = 0;
  for (const peek of PEEKS) {
    const asked = refs.slice(looked, peek);
    if (asked.length > 0 && (await source.entities(asked)).size > 0) {
      return true;
    }
    looked = peek;
  }
  return false;
}

/**
 * Follows dependencies breadth first, one lookup for each step away from the
 * start (and one more where something is missing), so that the first way found
 * to something is a shortest one. Each entity is read once, which is also what
 * ends cycles.
 */
export async function walkDependencies(
  root: GraphEntity,
  source: Source,
  options: WalkOptions,
): Promise<Walk> {
  const walk: Walk = {
    root,
    visits: new Map(),
    returns: [],
    unresolved: [],
    deeper: false,
    truncated: false,
  };
  let level: Visit[] = [
    { entity: root, depth: 0, arrivals: [], counted: true, askedAsWhole: true },
  ];
  let returnDepth = Infinity;
  for (let depth = 1; ; depth++) {
    const returnsBefore = walk.returns.length;
    const frontier = frontierOf(level, walk, options.direction);
    if (walk.returns.length > returnsBefore) {
      // Only the shortest ways back are kept.
      if (depth > returnDepth) {
        walk.returns.length = returnsBefore;
      }
      returnDepth = Math.min(returnDepth, depth);
    }
    if (frontier.size === 0) {
      return walk;
    }
    if (depth > options.depth) {
      const beyond = [...frontier].filter(([, { counted }]) => counted);
      const refs = beyond.map(([ref]) => ref).sort();
      walk.deeper = await anyExists(refs, source);
      return walk;
    }
    const room = options.maxEntities - walk.visits.size;
    const refs = [...frontier.keys()].sort();
    walk.truncated ||= refs.length > room;
    const asked = refs.slice(0, room);
    const found = await source.entities(asked);
    const missing: Frontier = new Map();
    level = [];
    for (const ref of asked) {
      const entity = found.get(ref);
      const reached = frontier.get(ref);
      if (entity && reached) {
        const visit = { ...reached, entity, depth };
        walk.visits.set(ref, visit);
        level.push(visit);
      } else if (reached) {
        missing.set(ref, reached);
      }
    }
    walk.unresolved.push(...(await unresolvedIn(missing, source)));
    if (walk.truncated) {
      return walk;
    }
  }
}
