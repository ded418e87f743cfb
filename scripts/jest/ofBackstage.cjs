const path = require('node:path');

const COMMAND_LINE = path.dirname(
  require.resolve('@backstage/cli-defaults/package.json'),
);

/** The path of a file in the package that runs Jest, which comes with Backstage's command line. */
module.exports = file =>
  require.resolve(`@backstage/cli-module-test-jest/${file}`, {
    paths: [COMMAND_LINE],
  });
