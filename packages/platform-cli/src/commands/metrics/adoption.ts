import { Adoption, adoptionReadings } from '@highroad/plugin-metrics-common';
import { CommandContext, CommandDefinition } from '../../command';
import { table } from '../../output/table';
import { shortRef } from '../service/resolveService';
import { SliceOptions, sliceOf, withSlice } from './scope';

export const showAdoption: CommandDefinition = {
  path: ['metrics', 'adoption'],
  summary: 'Say how the platform is taken up, compared with the time before',
  examples: [
    'platform metrics adoption',
    'platform metrics adoption --group my-team --days 30',
    'platform metrics adoption my-service',
  ],
  configure: withSlice,
  async run(
    { output, portal }: CommandContext,
    ...args: [string | undefined, SliceOptions]
  ) {
    const [name, options] = args;
    const connected = await portal();
    const { adoption } = await connected.metrics.adoption(
      await sliceOf(connected, name, options),
    );
    output.answer({ adoption }, () => adoptionWords(adoption, output.width));
  },
};

function adoptionWords(adoption: Adoption, width: number): string {
  const { range, previous, example, slice, incomplete } = adoption;
  const readings = adoptionReadings(adoption);
  return [
    `How the platform is taken up${slice ? ` by ${shortRef(slice)}` : ''}, ${
      range.from
    } to ${range.to}${incomplete ? ' (not over yet)' : ''}, compared with ${
      previous.range.from
    } to ${previous.range.to}`,
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
    '',
    'What each is taken from: platform metrics details onboarding',
  ].join('\n');
}
