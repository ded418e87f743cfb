// Backstage's transform, whose results are kept under what they are made of.
const path = require('node:path');
const ofBackstage = require('./ofBackstage.cjs');

const backstage = require(ofBackstage('config/jestSwcTransform.js'));

const ROOT = path.resolve(__dirname, '../..');
const DEPENDENCIES = path.join(ROOT, 'node_modules') + path.sep;

/**
 * The transform takes nothing from a package's configuration save its own options. The usual key has all of that
 * configuration in it, so that each package of each checkout would transform, keep and read its own copy of every
 * dependency.
 */
function createTransformer(options) {
  const { process, getCacheKey } = backstage.createTransformer(options);
  return {
    process,
    getCacheKey: (source, file, jestOptions) =>
      getCacheKey(source, file, {
        ...jestOptions,
        config: { rootDir: rootOf(file) },
        configString: '',
      }),
  };
}

/** Source maps name the file, so that only dependencies, which nobody edits, are shared between checkouts. */
function rootOf(file) {
  return file.startsWith(DEPENDENCIES) ? ROOT : path.parse(file).root;
}

module.exports = { createTransformer };
