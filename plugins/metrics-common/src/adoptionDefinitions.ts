import { Definition } from './definitions';

export const adoptionKeys = [
  'onboarding',
  'golden-path',
  'first-deployment',
  'deviations',
  'deflection',
] as const;
/** What is measured of how the platform is taken up, besides what people say of it. */
export type AdoptionKey = (typeof adoptionKeys)[number];

const BY_OWNER_THEN =
  'A service counts for whoever owned it at the end of the time.';
const NPS = 'https://hbr.org/2003/12/the-one-number-you-need-to-grow';

export const adoptionDefinitions: Record<AdoptionKey | 'nps', Definition> = {
  onboarding: {
    title: 'Onboarded services',
    question: 'How many of our services are on the platform?',
    formula:
      'Services that were made from a template of the platform or are deployed by it, over all that it could run, at the end of the time.',
    notes: [
      'It could run components of the types service, website, worker and application.',
      'Services that did not exist then are on neither side.',
      BY_OWNER_THEN,
    ],
    unit: 'share',
    better: 'more',
    sources: [],
  },
  'golden-path': {
    title: 'Golden-path share',
    question: 'How much of what reaches production takes the golden path?',
    formula:
      'Deployments to production that the platform made, over all that are known of.',
    notes: [
      'Successful ones without rollbacks, as the deployment frequency counts them.',
      'A deployment counts for whoever owned its service then.',
    ],
    unit: 'share',
    better: 'more',
    sources: [],
  },
  'first-deployment': {
    title: 'Time to first deployment',
    question: 'How long does a new service take to production?',
    formula:
      'Median from a service’s creation to its first success in production, of services that were created in the time.',
    notes: [
      'Those that are not there yet are no part of the median; they are listed with their time so far.',
      'What ran in production before the catalog got it is left out.',
      BY_OWNER_THEN,
    ],
    unit: 'seconds',
    better: 'less',
    sources: [],
  },
  deviations: {
    title: 'Lifted guardrails',
    question: 'How many guardrails are lifted?',
    formula: 'Deviations that were in force at the end of the time.',
    notes: [
      'A deviation has a reason and an end; both stand on its service.',
      BY_OWNER_THEN,
    ],
    unit: 'count',
    better: 'less',
    sources: [],
  },
  deflection: {
    title: 'Ticket deflection',
    question: 'How many of the tickets from before onboarding still come?',
    formula:
      'Tickets to the platform’s people for each service in the 90 days after it was onboarded, beside those in the 90 days before.',
    notes: [
      'Only services that were there for both windows, of which something was deployed in one of them, with tickets known since before the first.',
      'Over time it is the tickets after over those before: 100 % is as many as before.',
      BY_OWNER_THEN,
    ],
    unit: 'share',
    better: 'less',
    sources: [],
  },
  nps: {
    title: 'Developer NPS',
    question: 'Would people recommend the platform?',
    formula:
      'Percent of 9 and 10 minus percent of 0 to 6, of the last quarter with answers that is over.',
    notes: [
      'Groups of fewer than five answers are never shown, nor can they be got by subtraction. So there is no list behind it, and groups within a group are not added to it.',
      'Answers are kept by quarter and group only.',
    ],
    unit: 'count',
    better: 'more',
    sources: [NPS],
  },
};
