import { adoptionDefinitions, AdoptionKey } from './adoptionDefinitions';
import { Adoption, AdoptionOfRange, Share } from './adoptionResults';
import { Unit } from './definitions';
import { differenceText, durationText, nameOf } from './readings';

/** A number of adoption as people read it. */
export interface AdoptionReading {
  key: AdoptionKey | 'nps';
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
    deflection(adoption),
    nps(adoption.nps),
  ];
}

type Both = Pick<Adoption, keyof AdoptionOfRange | 'previous'>;

function onboarding({ onboarding: value, previous }: Both): AdoptionReading {
  return ofShare(
    'onboarding',
    value,
    previous.onboarding,
    of =>
      `${of} services that it could run were made from its template or are deployed by it.`,
  );
}

function goldenPath({ goldenPath: value, previous }: Both): AdoptionReading {
  return ofShare(
    'golden-path',
    value,
    previous.goldenPath,
    of =>
      `${of} deployments to production that are known of were made by this platform.`,
  );
}

function firstDeployment(both: Both): AdoptionReading {
  const key = 'first-deployment';
  const { firstDeployment: value, previous } = both;
  if (value.state === 'no-data') return noData(key, value.why);
  const before = previous.firstDeployment;
  return {
    ...titled(key),
    number:
      value.median === undefined ? 'none yet' : durationText(value.median),
    compared: compared(
      value.median,
      before.state === 'value' ? before.median : undefined,
      { unit: 'seconds', better: 'less' },
    ),
    reading: `Median from creation to the first success in production, of ${servicesText(
      value.n,
    )}.`,
    list: value.censored.map(
      one => `${nameOf(one.service)}: ${durationText(one.seconds)} so far`,
    ),
    listTitle: `${value.waiting} are not there yet, and no part of it`,
  };
}

function deviations({ deviations: value, previous }: Both): AdoptionReading {
  const key = 'deviations';
  if (value.state === 'no-data') return noData(key, value.why);
  return {
    ...titled(key),
    number: String(value.n),
    ...(previous.deviations.state === 'value' && {
      compared: `${previous.deviations.n} at the end of the period before`,
    }),
    reading: `Deviations from the golden path that were in force at the end, of ${servicesText(
      value.services,
    )}. Why stands with each, on its service.`,
    list: value.guardrails.map(one => `${one.guardrail}: ${one.n}`),
  };
}

function deflection({ deflection: value, previous }: Both): AdoptionReading {
  const key = 'deflection';
  if (value.state === 'no-data') return noData(key, value.why);
  const { services, leftOut, windowDays } = value;
  const others =
    leftOut > 0
      ? ` ${leftOut} more are left out: nothing of them was deployed around that time, or tickets of the time before are not known.`
      : '';
  return {
    ...titled(key),
    number: ticketsText(value),
    ...(previous.deflection.state === 'value' && {
      compared: `${ticketsText(
        previous.deflection,
      )} at the end of the period before`,
    }),
    reading: `Tickets to the platform’s people for each service, in the ${windowDays} days before and after it was onboarded, of ${servicesText(
      services,
    )}.${others}`,
    list: [],
  };
}

function servicesText(n: number): string {
  return n === 1 ? '1 service' : `${n} services`;
}

function ticketsText(value: { before: number; after: number }): string {
  return `${round(value.before)} → ${round(value.after)}`;
}

function nps(value: Adoption['nps']): AdoptionReading {
  if (value.state === 'no-data') return noData('nps', value.why);
  const { score, n, margin, quarter, before, responseRate } = value;
  const rate =
    responseRate === undefined
      ? ''
      : `, from ${Math.round(responseRate * 100)} % of those asked`;
  return {
    ...titled('nps'),
    number: String(Math.round(score)),
    compared: before
      ? `${Math.round(before.score)} in ${before.quarter}`
      : 'Nothing before to compare with',
    reading: `What people said in ${quarter}: ${n} answers${rate}, ± ${Math.round(
      margin,
    )}.`,
    list: [],
  };
}

function ofShare(
  key: AdoptionKey,
  share: Share,
  before: Share,
  reading: (of: string) => string,
): AdoptionReading {
  if (share.state === 'no-data') return noData(key, share.why);
  const value = shareOf(share);
  return {
    ...titled(key),
    number: value === undefined ? 'none' : `${Math.round(value * 100)} %`,
    compared: compared(value, shareOf(before), {
      unit: 'share',
      better: 'more',
    }),
    reading: reading(`${share.part} of ${share.whole}`),
    list: [],
  };
}

function titled(key: AdoptionReading['key']) {
  return { key, title: adoptionDefinitions[key].title };
}

function noData(key: AdoptionReading['key'], why: string): AdoptionReading {
  return { ...titled(key), number: 'no data', reading: why, list: [] };
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
