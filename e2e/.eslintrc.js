module.exports = require('@backstage/cli/config/eslint-factory')(__dirname, {
  rules: {
    // Never built, always run from the checkout.
    'no-restricted-syntax': 'off',
    // Waiting for something to be seen is what a browser test asserts.
    'jest/expect-expect': 'off',
    // Suites are declared through describeWith, which passes names and functions on.
    'jest/valid-title': 'off',
    'jest/valid-describe-callback': 'off',
    'jest/no-disabled-tests': 'off',
  },
});
