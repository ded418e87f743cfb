// How npm test ends: what passed, what failed, and what was skipped and why.

/** Prints it. */
export function summarise(results, { missing, seconds, say }) {
  say('\n── summary');
  for (const { part, passed, failed, skipped, seconds: took } of results) {
    say(
      `${failed ? '✖' : '✔'} ${part.padEnd(10)} ${String(passed).padStart(
        4,
      )} passed  ${failed} failed  ${skipped.length} skipped  ${took.toFixed(
        0,
      )} s`,
    );
  }
  const sum = key => results.reduce((total, result) => total + result[key], 0);
  const skipped = results.flatMap(result => result.skipped);
  for (const [reason, names] of byReason(skipped, missing)) {
    say(`\n${names.length} skipped, ${reason}`);
    for (const name of names) say(`  ${name}`);
  }
  const tell = (tests, what) => {
    if (tests.length > 0) say(`\n${tests.length} ${what}`);
    for (const { name, said } of tests) {
      say(`  ${name}`);
      for (const line of said.split('\n')) say(`    ${line}`.trimEnd());
    }
  };
  const allOf = key => results.flatMap(result => result[key] ?? []);
  tell(allOf('unstable'), 'unstable: failed at first, and passed alone');
  tell(allOf('failures'), 'failed');
  say(`in ${(seconds / 60).toFixed(1)} minutes`);
  say(
    `${sum('passed')} passed, ${sum('failed')} failed, ${
      skipped.length
    } skipped`,
  );
}

/**
 * The skipped tests by what they need: a suite that lacks something says so in its name, as "[needs go, make]".
 *
 * @param missing - `name: why it is not here`
 */
function byReason(skipped, missing) {
  const groups = new Map();
  for (const name of skipped) {
    const needs = [...name.matchAll(/\[needs ([^\]]+)\]/g)]
      .flatMap(match => match[1].split(', '))
      .filter((need, at, all) => all.indexOf(need) === at);
    const why = needs.map(need => {
      const found = missing.find(line => line.startsWith(`${need}: `));
      return found ?? `${need}: not on this machine`;
    });
    const reason = why.length ? why.join('; ') : 'without a reason given';
    groups.set(reason, [...(groups.get(reason) ?? []), name]);
  }
  return groups;
}
