import { DependencyDirection } from '@highroad/plugin-catalog-platform-common';
import { GraphEntity } from './graphEntity';

/** One way on from an entity. */
export interface Step {
  to: string;
  relation: string;
  /**
   * True if the step leads to a whole (a system, a domain) only to see what
   * depends on that whole. It is not counted itself.
   */
  bridge: boolean;
  /** True if the step leads from a whole that was asked about to a part of it. */
  part: boolean;
}

const DEPENDENTS = ['dependencyOf', 'providesApi', 'apiConsumedBy'];
const DEPENDENCIES = ['dependsOn', 'consumesApi', 'apiProvidedBy', 'hasPart'];

/** True for kinds that group others and are nothing that runs. */
export function isWhole(ref: string): boolean {
  return ref.startsWith('system:') || ref.startsWith('domain:');
}

// Systems and domains also hold other things (users' groups have relations of their own).
function stepFor(
  relation: { type: string; targetRef: string },
  entity: GraphEntity,
  direction: DependencyDirection,
  askedAsWhole: boolean,
): Step | undefined {
  const { type, targetRef } = relation;
  const step = (kind: 'plain' | 'bridge' | 'part'): Step => ({
    to: targetRef,
    relation: type,
    bridge: kind === 'bridge',
    part: kind === 'part',
  });
  if (direction === 'dependencies') {
    return DEPENDENCIES.includes(type) ? step('plain') : undefined;
  }
  if (DEPENDENTS.includes(type)) {
    return step('plain');
  }
  if (type === 'partOf') {
    return step(isWhole(targetRef) ? 'bridge' : 'plain');
  }
  if (type === 'hasPart' && askedAsWhole && isWhole(entity.ref)) {
    return step('part');
  }
  return undefined;
}

/**
 * Where to go on from an entity.
 *
 * What needs what: dependsOn; whoever consumes an API needs the API, which
 * needs whoever provides it; a whole needs its parts. Asking what breaks with a
 * system or a domain is asking about all of its parts.
 *
 * @param askedAsWhole - true for the entity asked about, and for the systems inside it
 */
export function stepsFrom(
  entity: GraphEntity,
  direction: DependencyDirection,
  askedAsWhole: boolean,
): Step[] {
  return entity.relations.flatMap(
    relation => stepFor(relation, entity, direction, askedAsWhole) ?? [],
  );
}
