module.exports = require('@backstage/cli/config/eslint-factory')(__dirname, {
  rules: {
    '@backstage/no-mixed-plugin-imports': [
      'warn',
      // Tests read what was recorded from the ledger as it is shipped.
      { excludedFiles: ['**/src/__testUtils__/**'] },
    ],
  },
});
