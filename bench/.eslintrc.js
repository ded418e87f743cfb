module.exports = require('@backstage/cli/config/eslint-factory')(__dirname, {
  rules: {
    // Never built, always run from the checkout.
    'no-restricted-syntax': 'off',
    // It starts backends, and is no part of any.
    '@backstage/no-mixed-plugin-imports': 'off',
  },
});
