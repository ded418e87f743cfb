import { NodeKind } from '@highroad/plugin-sandbox-common';
import { builder } from '../builder/definition';
import { argoRollouts } from './argoRollouts';
import { Elsewhere, elsewhereFrom, takenFromElsewhere } from './elsewhere';
import { gitea } from './gitea';
import { controlPlane } from './kubernetes';
import { postgres } from './postgres';
import { prometheus } from './prometheus';
import { registry } from './registry';
import { bridge, ingress, realNode } from '../real-node';
import { ServerDefinition } from './Server';
import { vault } from './vault';
import { vaultKubernetes } from './vaultKubernetes';

/** All servers, each after those that it needs. */
const all: ServerDefinition[] = [
  bridge,
  postgres,
  registry,
  gitea,
  ...controlPlane,
  ...realNode,
  ingress,
  prometheus,
  vault,
  vaultKubernetes,
  argoRollouts,
  builder,
];

/**
 * The servers of a sandbox with this kind of node.
 *
 * @param only - names of servers; they and what they need are taken, the rest is left out
 * @param elsewhere - servers that run already
 * @throws Error for a name that is no server's
 */
export function definitionsFor(
  node: NodeKind,
  only?: string[],
  elsewhere: Elsewhere = elsewhereFrom(process.env),
): ServerDefinition[] {
  const possible = all
    .filter(definition => !definition.node || definition.node === node)
    .filter(
      ({ withoutElsewhere }) =>
        !withoutElsewhere || !elsewhere[withoutElsewhere],
    )
    .map(definition => takenFromElsewhere(definition, elsewhere));
  if (!only) return possible;
  const wanted = new Set<string>();
  const take = (name: string) => {
    const definition = possible.find(one => one.name === name);
    if (!definition) {
      throw new Error(
        `No server is called "${name}". There are: ${possible
          .map(one => one.name)
          .join(', ')}`,
      );
    }
    // What is needed on another kind of node only is not there on this one.
    definition.needs
      .filter(need => possible.some(one => one.name === need))
      .forEach(take);
    wanted.add(name);
  };
  only.forEach(take);
  return possible.filter(definition => wanted.has(definition.name));
}
