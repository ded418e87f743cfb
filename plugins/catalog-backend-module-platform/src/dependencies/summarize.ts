import {
  DependencyAnswer,
  DependencySummary,
} from '@highroad/plugin-catalog-platform-common';

/** An answer for readers of text: in a sentence, and without what only a map needs. */
export function summarize(answer: DependencyAnswer): DependencySummary {
  const { root, items, unresolved, deeper, truncated } = answer;
  return {
    summary: inWords(answer),
    items: items.map(item => ({
      ref: item.ref,
      title: item.title,
      depth: item.depth,
      owner: item.owner,
      lifecycle: item.lifecycle,
      onCallUrl: item.onCall?.url,
      path: [root.ref, ...item.path.map(step => step.ref)],
    })),
    unresolved,
    deeper,
    truncated,
  };
}

function inWords(answer: DependencyAnswer): string {
  const { root, direction, items } = answer;
  const things = items.length === 1 ? '1 thing' : `${items.length} things`;
  const sentence =
    direction === 'dependents'
      ? `${things} ${items.length === 1 ? 'breaks' : 'break'} if ${
          root.name
        } breaks.`
      : `${root.name} needs ${things}.`;
  return answer.truncated || answer.deeper
    ? `${sentence} There is more that was not followed.`
    : sentence;
}
