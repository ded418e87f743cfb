import { defineOperation } from '@highroad/plugin-platform-common';
import { z } from 'zod';
import { metricsReadPermission } from './permissions';

const plugin = 'metrics';
const MOST_WORDS = 2_000;

export const surveyQuestion =
  'How likely are you to recommend this platform to a colleague?';

const npsSchema = z.object({
  /** From −100 to 100 */
  score: z.number(),
  n: z.number().int(),
  /** Of 95 % */
  margin: z.number(),
});

export const quarterResultSchema = z.object({
  /** Such as 2026-Q3; only of those that are over */
  quarter: z.string(),
  /** Of all that are shown; left out where there are too few */
  total: npsSchema.optional(),
  /** Answers in it over those who were asked, also of groups of which nobody answered */
  responseRate: z.number().optional(),
  /** Those of at least five answers */
  groups: z.array(
    z.object({
      /** Empty for those who are in none */
      group: z.string(),
      nps: npsSchema,
      /** Answers over those who were asked */
      responseRate: z.number(),
    }),
  ),
  /** Groups of fewer together, where they are five or more */
  others: npsSchema.optional(),
  /** Some are left out, also of the total, since they are fewer than five together */
  leftOut: z.boolean(),
  /** What people wrote, in no order that says anything */
  texts: z.array(z.string()),
});
export type QuarterResult = z.infer<typeof quarterResultSchema>;

/** A question each quarter, whose answers nobody can be told from. */
export const surveyOperations = {
  askSurvey: defineOperation({
    plugin,
    name: 'survey-ask',
    summary: 'be asked how you like the platform',
    http: { method: 'POST', path: '/v1/survey/ask' },
    input: z.object({}),
    output: z.object({
      /** Left out where there is nothing to ask: nobody is asked twice in 90 days */
      survey: z
        .object({
          question: z.string(),
          quarter: z.string(),
          /** When the quarter is over, ISO 8601 */
          until: z.string(),
          /** Is good for one answer, and says nothing of who has it */
          ballot: z.string(),
        })
        .optional(),
    }),
    access: 'signed-in',
    // A record of who was asked when would be one to guess answers by.
    audit: 'no-effect',
  }),
  answerSurvey: defineOperation({
    plugin,
    name: 'survey-answer',
    summary: 'say how you like the platform',
    http: { method: 'POST', path: '/v1/survey/answers' },
    input: z.object({
      ballot: z.string().min(1).max(1000),
      score: z.number().int().min(0).max(10),
      text: z.string().trim().max(MOST_WORDS).optional(),
    }),
    output: z.object({ taken: z.literal(true) }),
    access: 'signed-in',
    audit: 'no-effect',
  }),
  surveyResults: defineOperation({
    plugin,
    name: 'survey-results',
    summary: 'see how people like the platform',
    http: { method: 'GET', path: '/v1/survey/results' },
    input: z.object({}),
    output: z.object({
      /** Newest first */
      quarters: z.array(quarterResultSchema),
      /** The quarter that goes on, of which nothing is shown yet */
      current: z.string(),
    }),
    access: { permission: metricsReadPermission, filtered: true },
    audit: 'no-effect',
    action: {
      name: 'surveys',
      title: 'How do people like the platform?',
      description:
        'Net promoter scores of the quarterly survey with number of answers, response rate and margin, by quarter and group, and what people wrote. Of quarters that are over, without groups of fewer than five answers: nobody can be told from it.',
    },
  }),
};
