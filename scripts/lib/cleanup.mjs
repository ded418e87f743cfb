/** What has to be undone when the script is told to end in the middle: the latest first. */
const steps = new Set();
let listening = false;
let ending = false;

/** Whether the script was told to end: what is undone is not to be begun anew. */
export const isEnding = () => ending;

/**
 * Has something undone by whoever ends the script with a signal, such as Ctrl-C.
 *
 * @returns a function that undoes it now, once
 */
export function undoAtEnd(undo) {
  const step = async () => {
    if (steps.delete(step)) await undo();
  };
  steps.add(step);
  if (!listening) {
    listening = true;
    for (const [signal, code] of [
      ['SIGINT', 130],
      ['SIGTERM', 143],
      ['SIGHUP', 129],
    ]) {
      process.once(signal, () => endBy(code));
    }
  }
  return step;
}

async function endBy(code) {
  ending = true;
  process.stderr.write('\nStopping what was started\n');
  for (const step of [...steps].reverse()) {
    await step().catch(error => process.stderr.write(`${error.message}\n`));
  }
  process.exit(code);
}
