import {
  Adoption,
  adoptionReadings,
  RangeInput,
} from '@highroad/plugin-metrics-common';
import { CommandContext, CommandDefinition } from '../../command';
import { table } from '../../output/table';
import { withRange } from './scope';

export const showAdoption: CommandDefinition = {
  path: ['metrics', 'adoption'],
  summary: 'Say how the platform is taken up, compared with the time before',
  examples: [
    'platform metrics adoption',
    'platform metrics adoption --days 30',
  ],
  configure: withRange,
  async run(
    { output, portal }: CommandContext,
    ...args: [Pick<RangeInput, 'from' | 'to' | 'days'>]
  ) {
    const [{ from, to, days }] = args;
    const { adoption } = await (
      await portal()
    ).metrics.adoption({ from, to, days });
    output.answer({ adoption }, () => adoptionWords(adoption, output.width));
  },
};

function adoptionWords(adoption: Adoption, width: number): string {
  const { range, previous, example } = adoption;
  const readings = adoptionReadings(adoption);
  return [
    `How the platform is taken up, ${range.from} to ${range.to}, compared with ${previous.range.from} to ${previous.range.to}`,
    ...(example ? ['⚠ Example history is among what is counted.'] : []),
    '',
    table(
      ['', 'NOW', ''],
      readings.map(one => [one.title, one.number, one.compared ?? '']),
      width,
    ),
    '',
    ...readings.flatMap(({ reading, list, listTitle }) => [
      reading,
      ...(list.length > 0 && listTitle ? [`${listTitle}:`] : []),
      ...list.map(one => `  ${one}`),
    ]),
  ].join('\n');
}
