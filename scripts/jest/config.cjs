// Backstage's own configuration of Jest, with a cache of transformed files that packages and checkouts share.
const path = require('node:path');
const ofBackstage = require('./ofBackstage.cjs');

const THEIRS = ofBackstage('config/jestSwcTransform.js');
const OURS = path.join(__dirname, 'swcTransform.cjs');
/** What is slow because the machine is busy is not wrong. */
const TIMEOUT_MS = 120_000;

module.exports = (async () => {
  const config = await require(ofBackstage('config/jest.js'));
  for (const project of config.projects ?? [config]) {
    project.transform = Object.fromEntries(
      Object.entries(project.transform).map(([pattern, transform]) => [
        pattern,
        withSharedCache(transform),
      ]),
    );
  }
  return { ...config, testTimeout: TIMEOUT_MS };
})();

function withSharedCache(transform) {
  const [transformer, options] = [transform].flat();
  return transformer === THEIRS ? [OURS, options] : transform;
}
