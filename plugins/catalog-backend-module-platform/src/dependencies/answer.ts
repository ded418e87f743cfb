import {
  DependencyAnswer,
  DependencyEdge,
  DependencyItem,
  DependencyQuery,
  NO_LIFECYCLE,
  PathStep,
} from '@highroad/plugin-catalog-platform-common';
import { toDependencyEntity } from './graphEntity';
import { stepsFrom } from './steps';
import { Visit, Walk } from './walk';

// Ways multiply with every diamond; beyond this the number says nothing more.
const MANY = 1_000_000;

function byText(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

function lifecycleOf(visit: Visit): string {
  return visit.entity.lifecycle ?? NO_LIFECYCLE;
}

type Arrival = Visit['arrivals'][number];

/** The first arrival by name, so that the same question has the same answer. */
function firstOf(arrivals: Arrival[]): Arrival | undefined {
  let first: Arrival | undefined;
  for (const arrival of arrivals) {
    const order = first
      ? byText(arrival.from, first.from) ||
        byText(arrival.relation, first.relation)
      : -1;
    if (order < 0) {
      first = arrival;
    }
  }
  return first;
}

/** The first of the shortest ways to each thing; visits are in order of depth. */
function findPaths(walk: Walk): Map<string, PathStep[]> {
  const paths = new Map<string, PathStep[]>([[walk.root.ref, []]]);
  for (const [ref, visit] of walk.visits) {
    const way = firstOf(visit.arrivals);
    const before = way && paths.get(way.from);
    if (before) {
      paths.set(ref, [...before, { ref, relation: way.relation }]);
    }
  }
  return paths;
}

function findCycle(
  walk: Walk,
  paths: Map<string, PathStep[]>,
): PathStep[] | undefined {
  const way = firstOf(walk.returns);
  const before = way && paths.get(way.from);
  return before && [...before, { ref: walk.root.ref, relation: way.relation }];
}

/** How many shortest ways lead to each; visits are in order of depth. */
function countPaths(walk: Walk): Map<string, number> {
  const counts = new Map<string, number>([[walk.root.ref, 1]]);
  for (const [ref, visit] of walk.visits) {
    const sources = new Set(visit.arrivals.map(({ from }) => from));
    let count = 0;
    for (const from of sources) {
      count += counts.get(from) ?? 0;
    }
    counts.set(ref, Math.min(count, MANY));
  }
  return counts;
}

/** Everything that lies on a shortest way to one of the items, the items included. */
function onTheWay(items: Visit[], walk: Walk): Set<string> {
  const refs = new Set<string>();
  const open = items.map(visit => visit.entity.ref);
  for (let ref = open.pop(); ref !== undefined; ref = open.pop()) {
    if (!refs.has(ref) && ref !== walk.root.ref) {
      refs.add(ref);
      open.push(...(walk.visits.get(ref)?.arrivals ?? []).map(a => a.from));
    }
  }
  return refs;
}

function edgesBetween(
  refs: Set<string>,
  walk: Walk,
  direction: DependencyQuery['direction'],
): DependencyEdge[] {
  const root: Visit = {
    entity: walk.root,
    depth: 0,
    arrivals: [],
    counted: true,
    askedAsWhole: true,
  };
  const visits = [
    root,
    ...[...refs].flatMap(ref => walk.visits.get(ref) ?? []),
  ];
  return visits
    .flatMap(({ entity, askedAsWhole }) =>
      stepsFrom(entity, direction, askedAsWhole)
        .filter(({ to }) => refs.has(to) || to === walk.root.ref)
        .map(({ to, relation }) => ({ from: entity.ref, to, relation })),
    )
    .sort(
      (a, b) =>
        byText(a.from, b.from) ||
        byText(a.to, b.to) ||
        byText(a.relation, b.relation),
    );
}

/**
 * Turns a walk into the answer that people get. A lifecycle filter chooses what
 * is listed and does not cut ways: something in production that is reached
 * only through an experiment still breaks.
 */
export function toAnswer(walk: Walk, query: DependencyQuery): DependencyAnswer {
  const counted = [...walk.visits.values()].filter(visit => visit.counted);
  const listed = counted.filter(
    visit =>
      query.lifecycle.length === 0 ||
      query.lifecycle.includes(lifecycleOf(visit)),
  );
  const paths = findPaths(walk);
  const pathCounts = countPaths(walk);
  const items: DependencyItem[] = listed
    .map(visit => ({
      ...toDependencyEntity(visit.entity),
      depth: visit.depth,
      path: paths.get(visit.entity.ref) ?? [],
      pathCount: pathCounts.get(visit.entity.ref) ?? 1,
    }))
    .sort((a, b) => a.depth - b.depth || byText(a.ref, b.ref));
  const refs = onTheWay(listed, walk);
  const listedRefs = new Set(items.map(item => item.ref));
  const lifecycles = new Map<string, number>();
  for (const visit of counted) {
    const lifecycle = lifecycleOf(visit);
    lifecycles.set(lifecycle, (lifecycles.get(lifecycle) ?? 0) + 1);
  }
  return {
    root: toDependencyEntity(walk.root),
    direction: query.direction,
    depth: query.depth,
    lifecycle: query.lifecycle,
    items,
    passed: [...refs]
      .filter(ref => !listedRefs.has(ref))
      .sort(byText)
      .flatMap(ref => walk.visits.get(ref)?.entity ?? [])
      .map(toDependencyEntity),
    edges: edgesBetween(refs, walk, query.direction),
    unresolved: walk.unresolved,
    lifecycles: [...lifecycles]
      .map(([lifecycle, count]) => ({ lifecycle, count }))
      .sort((a, b) => byText(a.lifecycle, b.lifecycle)),
    cycle: findCycle(walk, paths),
    deeper: walk.deeper,
    truncated: walk.truncated,
  };
}
