import { Adoption, AdoptionOfRange } from './adoptionResults';
import { adoptionReadings } from './adoptionReadings';

const range = { from: '2026-06-01', to: '2026-06-30' };
const ofRange: AdoptionOfRange = {
  range,
  onboarding: { state: 'value', part: 3, whole: 4 },
  goldenPath: { state: 'value', part: 0, whole: 0 },
  firstDeployment: {
    ...{ state: 'value', n: 1, median: 86_400, waiting: 3 },
    censored: [
      { service: 'component:default/cart', seconds: 3_600 },
      { service: 'component:shop/cart', seconds: 7_200 },
    ],
  },
  deviations: {
    ...{ state: 'value', n: 1, services: 1 },
    guardrails: [{ guardrail: 'limits', n: 1 }],
  },
  deflection: {
    ...{ state: 'value', before: 2.5, after: 1, services: 4 },
    ...{ leftOut: 2, windowDays: 90 },
  },
};
const adoption: Adoption = {
  ...ofRange,
  previous: {
    ...ofRange,
    onboarding: { state: 'value', part: 1, whole: 4 },
    firstDeployment: { state: 'no-data', why: 'None was created.' },
  },
  example: false,
  nps: {
    ...{ state: 'value', quarter: '2026-Q1', score: 37.5, n: 8, margin: 52.4 },
    before: { quarter: '2025-Q4', score: -12.5 },
  },
};

describe('adoptionReadings', () => {
  const of = (value: Adoption) =>
    Object.fromEntries(adoptionReadings(value).map(one => [one.title, one]));

  it('says each number, with the time before and what is counted', () => {
    expect(of(adoption)).toMatchObject({
      'Onboarded services': {
        number: '75 %',
        compared: 'Better than 25 % in the period before',
      },
      'Golden-path share': { number: 'none', compared: undefined },
      'Time to first deployment': {
        ...{ number: '1 d', compared: 'Nothing before to compare with' },
        list: ['cart: 1 h so far', 'shop/cart: 2 h so far'],
        listTitle: '3 are not there yet, and no part of it',
      },
      'Lifted guardrails': { number: '1', list: ['limits: 1'] },
      'Ticket deflection': {
        number: '2.5 → 1',
        compared: '2.5 → 1 at the end of the period before',
        reading: expect.stringContaining('2 more are left out: nothing'),
      },
      'Developer NPS': {
        ...{ number: '38', compared: '-12 in 2025-Q4' },
        reading: 'What people said in 2026-Q1: 8 answers, ± 52.',
      },
    });
  });

  it('says why a number is not known, and never 0 for it', () => {
    const why = 'Nothing is connected.';
    const nothing = { state: 'no-data' as const, why };
    for (const one of adoptionReadings({
      ...{ ...adoption, onboarding: nothing, goldenPath: nothing },
      ...{ firstDeployment: nothing, deviations: nothing, deflection: nothing },
      nps: nothing,
    })) {
      expect(one).toMatchObject({ number: 'no data', reading: why, list: [] });
    }
  });
});
