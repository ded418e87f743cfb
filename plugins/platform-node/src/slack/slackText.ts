const LONGEST = 2_500;

/**
 * A text as it is written in a message, so that nothing in it calls anybody or is a link.
 *
 * @see https://docs.slack.dev/messaging/formatting-message-text/#escaping
 */
export function slackText(text: string): string {
  const short = text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text;
  return short
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;');
}
