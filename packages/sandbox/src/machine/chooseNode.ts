import { NodeKind } from '@highroad/plugin-sandbox-common';
import { whatRealNodeLacks } from '../real-node/check';

/**
 * Which kind of node this machine can have.
 *
 * @param state - folder of the sandbox that asks: what it has itself does not stand in its way
 * @throws Error that lists what is missing, when a real node was asked for and cannot be had
 */
export async function chooseNode(
  asked: 'auto' | NodeKind,
  state?: string,
): Promise<{ kind: NodeKind; why: string }> {
  if (asked === 'simulated')
    return { kind: 'simulated', why: 'It was asked for.' };
  const lacks = await whatRealNodeLacks({ state });
  if (lacks.length === 0) {
    return {
      kind: 'real',
      why:
        asked === 'real'
          ? 'It was asked for.'
          : 'This machine has what a real node needs.',
    };
  }
  if (asked === 'real') {
    throw new Error(
      `This machine cannot have a real node: ${lacks
        .map(lack => lack.what)
        .join('; ')}`,
    );
  }
  return {
    kind: 'simulated',
    why: `A real node lacks: ${lacks.map(lack => lack.what).join('; ')}`,
  };
}
