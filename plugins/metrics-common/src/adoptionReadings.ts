import { Adoption, AdoptionOfRange, Share } from './adoptionOperations';
import { Unit } from './definitions';
import { differenceText, durationText, nameOf } from './readings';

/** A number of adoption as people read it. */
export interface AdoptionReading {
  title: string;
  /** "no data" where it is not known */
  number: string;
  /** With the range before; left out where there is no value, or none that has such a range */
  compared?: string;
  /** One sentence or two: what it means, or why it is not known */
  reading: string;
  /** What is counted one by one */
  list: string[];
  /** What the list is of, where it is no part of the number */
  listTitle?: string;
}

/** All numbers of adoption, in the order in which they are shown. */
export function adoptionReadings(adoption: Adoption): AdoptionReading[] {
  return [
    onboarding(adoption),
    goldenPath(adoption),
    firstDeployment(adoption),
    deviations(adoption),
    deflection(adoption.deflection),
  ];
}

type Both = Pick<Adoption, keyof AdoptionOfRange | 'previous'>;

function onboarding({ onboarding: value, previous }: Both): AdoptionReading {
  return ofShare(
    'Onboarded services',
    value,
    previous.onboarding,
    of =>
      `${of} services that it could run were made from its template or are deployed by it.`,
  );
}

function goldenPath({ goldenPath: value, previous }: Both): AdoptionReading {
  return ofShare(
    'Golden-path share',
    value,
    previous.goldenPath,
    of =>
      `${of} deployments to production that are known of were made by this platform.`,
  );
}

function firstDeployment(both: Both): AdoptionReading {
  const title = 'Time to first deployment';
  const { firstDeployment: value, previous } = both;
  if (value.state === 'no-data') return noData(title, value.why);
  const before = previous.firstDeployment;
  return {
    title,
    number:
      value.median === undefined ? 'none yet' : durationText(value.median),
    compared: compared(
      value.median,
      before.state === 'value' ? before.median : undefined,
      { unit: 'seconds', better: 'less' },
    ),
    reading: `Median from creation to the first success in production, of ${value.n} services.`,
    list: value.censored.map(
      one => `${nameOf(one.service)}: ${durationText(one.seconds)} so far`,
    ),
    listTitle: `${value.censored.length} are not there yet, and no part of it`,
  };
}

function deviations({ deviations: value, previous }: Both): AdoptionReading {
  const title = 'Lifted guardrails';
  if (value.state === 'no-data') return noData(title, value.why);
  return {
    title,
    number: String(value.n),
    ...(previous.deviations.state === 'value' && {
      compared: `${previous.deviations.n} at the end of the period before`,
    }),
    reading: `Deviations from the golden path that were in force at the end, of ${value.services} services. Why stands with each, on its service.`,
    list: value.guardrails.map(one => `${one.guardrail}: ${one.n}`),
  };
}

function deflection(value: Adoption['deflection']): AdoptionReading {
  const title = 'Ticket deflection';
  if (value.state === 'no-data') return noData(title, value.why);
  const { before, after, services, leftOut, windowDays } = value;
  const others =
    leftOut > 0
      ? ` ${leftOut} more have no such time before of which tickets are known.`
      : '';
  return {
    title,
    number: `${round(before)} → ${round(after)}`,
    reading: `Tickets to the platform’s people for each service, in the ${windowDays} days before and after it was onboarded, of ${services} services.${others}`,
    list: [],
  };
}

function ofShare(
  title: string,
  share: Share,
  before: Share,
  reading: (of: string) => string,
): AdoptionReading {
  if (share.state === 'no-data') return noData(title, share.why);
  const value = shareOf(share);
  return {
    title,
    number: value === undefined ? 'none' : `${Math.round(value * 100)} %`,
    compared: compared(value, shareOf(before), {
      unit: 'share',
      better: 'more',
    }),
    reading: reading(`${share.part} of ${share.whole}`),
    list: [],
  };
}

function noData(title: string, why: string): AdoptionReading {
  return { title, number: 'no data', reading: why, list: [] };
}

function shareOf(share: Share): number | undefined {
  return share.state === 'value' && share.whole > 0
    ? share.part / share.whole
    : undefined;
}

function compared(
  now: number | undefined,
  before: number | undefined,
  about: { unit: Unit; better: 'more' | 'less' },
): string | undefined {
  if (now === undefined) return undefined;
  if (before === undefined) return 'Nothing before to compare with';
  const text = differenceText(now, before, about);
  return `${text.charAt(0).toLocaleUpperCase('en')}${text.slice(1)}`;
}

function round(value: number): string {
  return value.toLocaleString('en', { maximumFractionDigits: 1 });
}
