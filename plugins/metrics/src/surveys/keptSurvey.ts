import { metricsApiRef } from '../api';

type Survey = NonNullable<
  Awaited<ReturnType<typeof metricsApiRef.T.askSurvey>>['survey']
>;

/** What this browser keeps of a survey that somebody was asked with, until its quarter is over. */
export function keptSurvey(person: string) {
  const name = `highroad.survey.${person}`;
  return {
    get(): Survey | undefined {
      const kept = readKept(name);
      // When it is over is for the portal to say, whose day it may be another of.
      return isSurvey(kept) && Date.now() < Date.parse(kept.until)
        ? kept
        : undefined;
    },
    put(survey: Survey): void {
      try {
        window.localStorage.setItem(name, JSON.stringify(survey));
      } catch {
        // A browser may keep nothing. Then the question is there as long as the page is: nobody is asked twice.
      }
    },
    drop(): void {
      try {
        window.localStorage.removeItem(name);
      } catch {
        // Where nothing is kept, nothing is to be dropped.
      }
    },
  };
}

/** @returns nothing for what nobody can read */
function readKept(name: string): unknown {
  try {
    return JSON.parse(window.localStorage.getItem(name) ?? 'null');
  } catch {
    return undefined;
  }
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
