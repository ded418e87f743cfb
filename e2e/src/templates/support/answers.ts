import { Combination, Delivery, nameOf } from './combinations';

/**
 * A description that means something to every format it is written into: YAML, JSON, TOML, Markdown, shell, Nunjucks,
 * workflow expressions, and the templates of Prometheus and Grafana.
 */
export const HOSTILE_DESCRIPTION = `It's "100 %" of them: #1, \${{ values.name }} {% raw %} {{ $labels.job }} $(id) \`id\` <b> \\ naïve 日本 'x': [y]`;

/** The answers a person gives for a combination. */
export function answersFor(
  combination: Combination,
  others: { delivery?: Delivery; gitHost?: string; name?: string } = {},
): Record<string, unknown> {
  const { database, ...asked } = combination;
  return {
    name: nameOf(combination),
    description: HOSTILE_DESCRIPTION,
    owner: 'payments-team',
    // As the form's picker gives it.
    system: 'system:default/billing',
    ...asked,
    // The form does not ask about the database of pages.
    ...(asked.type !== 'web' && { database }),
    delivery: 'rolling',
    ...others,
  };
}
