import { metricsApiRef } from '../api';

type Survey = NonNullable<
  Awaited<ReturnType<typeof metricsApiRef.T.askSurvey>>['survey']
>;

/** What this browser keeps of a survey that somebody was asked with, until its quarter is over. */
export function keptSurvey(person: string) {
  const name = `highroad.survey.${person}`;
  return {
    get(): Survey | undefined {
      const text = window.localStorage.getItem(name);
      const kept: unknown = text ? JSON.parse(text) : undefined;
      // When it is over is for the portal to say, whose day it may be another of.
      return isSurvey(kept) && Date.now() < Date.parse(kept.until)
        ? kept
        : undefined;
    },
    put: (survey: Survey) =>
      window.localStorage.setItem(name, JSON.stringify(survey)),
    drop: () => window.localStorage.removeItem(name),
  };
}

function isSurvey(value: unknown): value is Survey {
  return (
    typeof value === 'object' &&
    value !== null &&
    ['question', 'quarter', 'ballot', 'until'].every(
      key => typeof Reflect.get(value, key) === 'string',
    )
  );
}
