import {
  Attention,
  attentionWords,
  secretOperations,
} from '@highroad/plugin-secrets-common';
import { z } from 'zod';
import { Output } from '../../output/Output';
import { table } from '../../output/table';
import { withoutFraction } from '../../output/withoutFraction';
import { Portal } from '../../portal/Portal';
import { shortRef } from '../service/resolveService';

type Answer = z.output<typeof secretOperations.attention.output>;

const SYMBOLS: Record<Attention['kind'], string> = {
  missing: '✖',
  overdue: '✖',
  behind: '✖',
  failing: '✖',
  'missing-next': '!',
  due: '…',
};
const RUNBOOKS: Partial<Record<Attention['kind'], string>> = {
  overdue: 'secret-not-replaced',
  failing: 'secret-not-replaced',
  behind: 'secrets-behind',
};

/** Says what needs somebody across all services that one may see, most urgent first. */
export async function answerAttention(
  output: Output,
  portal: Portal,
  limit: number,
): Promise<void> {
  const answer = await portal.secrets.attention({ limit });
  output.answer(answer, () => inWords(answer, output.width));
  const pages = new Set(
    answer.items.flatMap(({ kind }) => RUNBOOKS[kind] ?? []),
  );
  for (const page of pages) {
    output.note(`What to do: docs/runbooks/${page}.md`);
  }
}

/** `✖ overdue`, as it stands in tables */
export function needText(kind: Attention['kind']): string {
  return `${SYMBOLS[kind]} ${attentionWords[kind]}`;
}

function inWords({ items, next, missingUnknown }: Answer, width: number) {
  const unknown = missingUnknown ? [`! ${missingUnknown}`] : [];
  if (items.length === 0) {
    return [
      'No secret that you may see needs anybody.',
      ...unknown,
      'All of a service: platform secrets list my-service',
    ].join('\n');
  }
  const [first] = items;
  return [
    table(
      ['NEEDS', 'SERVICE', 'KEY', 'ENVIRONMENT', 'WHEN', 'WHY'],
      items.map(one => [
        ...[needText(one.kind), shortRef(one.service), one.key ?? 'all keys'],
        ...[one.environment, one.dueAt ? withoutFraction(one.dueAt) : ''],
        one.message,
      ]),
      width,
    ),
    ...unknown,
    ...(next === undefined ? [] : ['There is more: --limit 200']),
    `All of a service: platform secrets list ${shortRef(first.service)}`,
  ].join('\n');
}
