import {
  nameOf,
  NetPromoterScore,
  QuarterResult,
} from '@highroad/plugin-metrics-common';
import { CommandContext, CommandDefinition } from '../../command';
import { table } from '../../output/table';

export const showSurveys: CommandDefinition = {
  path: ['metrics', 'surveys'],
  summary: 'Say how people like the platform, by quarter and group',
  examples: ['platform metrics surveys'],
  configure: command => command,
  async run({ output, portal }: CommandContext) {
    const found = await (await portal()).metrics.surveyResults({});
    output.answer(found, () =>
      [
        ...(found.quarters.length === 0
          ? ['No quarter with answers is over yet, so there is no data.']
          : found.quarters.map(one => quarterWords(one, output.width))),
        '',
        `${found.current} goes on, and is shown once it is over.`,
      ].join('\n'),
    );
  },
};

function quarterWords(result: QuarterResult, width: number): string {
  const { quarter, total, groups, others, leftOut, texts } = result;
  if (!total) {
    return `${quarter}: fewer than five answered, so nothing is shown.`;
  }
  return [
    quarter,
    table(
      ['GROUP', 'SCORE', 'ANSWERS', 'OF THOSE ASKED'],
      [
        ...groups.map(({ group, nps, responseRate }) =>
          rowOf(group ? nameOf(group) : 'in no group', nps, responseRate),
        ),
        ...(others ? [rowOf('smaller groups together', others)] : []),
        rowOf('all that are shown', total, result.responseRate),
      ],
      width,
    ),
    ...(leftOut
      ? ['Groups that are fewer than five answers together are left out.']
      : []),
    ...(texts.length > 0
      ? ['What people wrote:', ...texts.map(text => `  ${text}`)]
      : []),
  ].join('\n');
}

function rowOf(
  name: string,
  { score, margin, n }: NetPromoterScore,
  responseRate?: number,
): string[] {
  return [
    name,
    `${Math.round(score)} ± ${Math.round(margin)}`,
    String(n),
    responseRate === undefined ? '—' : `${Math.round(responseRate * 100)} %`,
  ];
}
