import { keys, metricsOperations } from '@highroad/plugin-metrics-common';
import {
  Call,
  Implementations,
  onlyVisible,
} from '@highroad/plugin-platform-node';
import { QuarantineStore } from './database/QuarantineStore';
import { WorkStore } from './database/WorkStore';
import { Example } from './example/Example';
import { AdoptionDetails } from './queries/adoption/AdoptionDetails';
import { adoptionColumns } from './queries/adoption/adoptionExport';
import { adoptionGauges } from './queries/adoption/adoptionGauges';
import { AdoptionReader } from './queries/adoption/AdoptionReader';
import { Details } from './queries/Details';
import {
  changeColumns,
  csvOf,
  deploymentColumns,
  incidentColumns,
  jsonLinesOf,
  numberColumns,
} from './queries/exportColumns';
import { Exported } from './queries/Exported';
import { Incidents } from './queries/Incidents';
import { Numbers } from './queries/Numbers';
import { namedRows, prometheusText } from './queries/prometheusText';
import { SourceStore } from './queries/SourceStore';
import { requireSlice } from './requireSlice';
import { Intake } from './service/Intake';
import { Surveys } from './surveys/Surveys';

/** Of gaps that are told of, and of services that could not be computed */
const MOST_GAPS = 100;

/** What does the work of the operations on metrics. */
export function metricsImplementations(deps: {
  adoption: AdoptionReader;
  adoptionDetails: AdoptionDetails;
  details: Details;
  /** Names of the environments that Prometheus gets the numbers of */
  environments: readonly string[];
  example: Example;
  exported: Exported;
  incidents: Incidents;
  intake: Intake;
  now: () => Date;
  numbers: Numbers;
  /** Told of each question as open pages ask it again and again */
  onAsked: () => void;
  /** Told when something was dismissed */
  onQuarantine: () => void;
  quarantine: QuarantineStore;
  sources: SourceStore;
  surveys: Surveys;
  wake: () => void;
  work: WorkStore;
}): Implementations<typeof metricsOperations> {
  const { adoption, adoptionDetails, details, environments, example } = deps;
  const {
    exported,
    incidents,
    intake,
    now,
    numbers,
    onAsked,
    onQuarantine,
    quarantine,
    sources,
    surveys,
    wake,
    work,
  } = deps;
  const ofSlice = slicesFor(onAsked);
  return {
    summary: ofSlice(async ({ bucket, ...input }) => {
      if (!bucket) return numbers.summary(input);
      const [summary, ...series] = await Promise.all([
        numbers.summary(input),
        ...keys.map(key => numbers.series({ ...input, key, bucket })),
      ]);
      return { ...summary, series: series.map(({ scope: _, ...one }) => one) };
    }),
    series: ofSlice(async input => numbers.series(input)),
    details: ofSlice((input, visible) => details.of(input, visible)),
    incidents: ofSlice((input, visible) => incidents.of(input, visible)),
    teams: {
      async handle(call) {
        const { input, visible } = call;
        onAsked();
        // Each row is a part of the slice, and may be all of it.
        if (input.slice) await requireSlice(call, input.slice);
        return numbers.teams(input, visible);
      },
    },
    exportCsv: ofSlice(async (input, visible) =>
      csvOf(details.all(input, visible), deploymentColumns),
    ),
    exportJson: ofSlice(async (input, visible) =>
      jsonLinesOf(details.all(input, visible), deploymentColumns),
    ),
    exportChangesCsv: ofSlice(async (input, visible) =>
      csvOf(exported.changes(input, visible), changeColumns),
    ),
    exportChangesJson: ofSlice(async (input, visible) =>
      jsonLinesOf(exported.changes(input, visible), changeColumns),
    ),
    exportIncidentsCsv: ofSlice(async (input, visible) =>
      csvOf(exported.incidents(input, visible), incidentColumns),
    ),
    exportIncidentsJson: ofSlice(async (input, visible) =>
      jsonLinesOf(exported.incidents(input, visible), incidentColumns),
    ),
    exportNumbersCsv: ofSlice(async input =>
      csvOf(exported.numbers(input), numberColumns),
    ),
    exportNumbersJson: ofSlice(async input =>
      jsonLinesOf(exported.numbers(input), numberColumns),
    ),
    prometheus: {
      async handle(call) {
        await requireSlice(call);
        const summed = async (name: string, environment?: string) => {
          const { keys: found, scope } = await numbers.summary({
            environment,
          });
          return {
            name,
            measures: Object.fromEntries(
              found.map(one => [one.key, one.current]),
            ),
            // The range before has no part in what is read here.
            example: await numbers.hasExample({ ...scope.range, environment }),
          };
        };
        const [all, owners, systems, inEach, adopted] = await Promise.all([
          summed(''),
          numbers.teams({ by: 'owner' }),
          numbers.teams({ by: 'system' }),
          Promise.all(environments.map(name => summed(name, name))),
          adoption.owners(),
        ]);
        return pieces(
          prometheusText({
            owners: [all, ...namedRows(owners.rows)],
            systems: namedRows(systems.rows),
            environments: inEach,
          }) + adoptionGauges(adopted),
        );
      },
    },
    sources: {
      async handle({ input: { limit }, visible }) {
        onAsked();
        const [allItems, allGaps, allAside, pending, quarantined, recompute] =
          await Promise.all([
            sources.sources(now()),
            sources.gaps(now()),
            work.aside(),
            work.pending(),
            quarantine.count(),
            work.progress(now().toISOString()),
          ]);
        const gaps = await onlyVisible(allGaps, {
          referenceOf: ({ service }) => service,
          visible,
        });
        const aside = await onlyVisible(allAside, {
          referenceOf: service => service,
          visible,
        });
        // Of which services a source tells is nowhere written.
        const items = await onlyVisible(allItems, {
          referenceOf: () => '',
          visible,
        });
        return {
          ...{ pending, quarantined },
          items: items.slice(0, limit),
          ...(items.length > limit && { itemsInAll: items.length }),
          gaps: gaps.slice(0, MOST_GAPS),
          ...(gaps.length > MOST_GAPS && { gapsInAll: gaps.length }),
          ...(aside.length > 0 && { aside: aside.slice(0, MOST_GAPS) }),
          ...(recompute && { recompute }),
        };
      },
    },
    ingest: {
      async handle({ input: { service, events }, actor, note }) {
        const taken = await intake.take(events, {
          source: actor.ref,
          service,
        });
        note({
          accepted: taken.accepted,
          quarantined: taken.quarantined.length,
        });
        return taken;
      },
    },
    quarantine: {
      handle: ({ input: { limit, before } }) => {
        onAsked();
        return quarantine.list(limit, before);
      },
    },
    replay: {
      async handle({ input: { ids }, note }) {
        const done = await intake.replay(ids);
        note(done);
        return done;
      },
    },
    dismiss: {
      async handle({ input: { ids, reason }, note }) {
        await quarantine.dismiss(ids, { reason, now: now().toISOString() });
        note({ dismissed: ids.join(', '), reason });
        onQuarantine();
        return {
          dismissed: new Set(ids).size,
          remaining: await quarantine.count(),
        };
      },
    },
    recompute: {
      async handle() {
        const recompute = await work.recompute(now().toISOString());
        wake();
        return { recompute };
      },
    },
    loadExample: {
      handle: async () => ({ accepted: await example.load() }),
    },
    removeExample: {
      async handle() {
        const removed = await example.remove();
        wake();
        return { removed };
      },
    },
    askSurvey: {
      async handle({ actor }) {
        if (actor.kind !== 'user') return {};
        const survey = await surveys.ask(actor.ref);
        return survey ? { survey } : {};
      },
    },
    answerSurvey: {
      // Who answers is not looked at.
      async handle({ input }) {
        await surveys.answer(input);
        return { taken: true as const };
      },
    },
    surveyResults: {
      handle: async call => {
        await requireSlice(call);
        return {
          quarters: await surveys.results(),
          current: surveys.current(),
        };
      },
    },
    adoption: ofSlice(async ({ bucket, ...input }, visible) =>
      bucket
        ? adoption.readWithSeries({ ...input, bucket }, visible)
        : { adoption: await adoption.read(input, visible) },
    ),
    adoptionSeries: ofSlice(input => adoption.series(input)),
    adoptionDetails: ofSlice((input, visible) =>
      adoptionDetails.of(input, visible),
    ),
    exportAdoptionCsv: ofSlice(async (input, visible) =>
      csvOf(adoptionDetails.all(input, visible), adoptionColumns),
    ),
    exportAdoptionJson: ofSlice(async (input, visible) =>
      jsonLinesOf(adoptionDetails.all(input, visible), adoptionColumns),
    ),
  };
}

/** Answers about a group, system or service, or about everything, for who may see that. */
function slicesFor(onAsked: () => void) {
  return function ofSlice<I extends { slice?: string }, A>(
    work: (input: I, visible: Call['visible']) => Promise<A>,
  ): { handle(call: Call<I>): Promise<A> } {
    return {
      async handle(call) {
        onAsked();
        await requireSlice(call, call.input.slice);
        return work(call.input, call.visible);
      },
    };
  };
}

async function* pieces(text: string): AsyncIterable<string> {
  yield text;
}
