import { reasonIn } from './targets';

describe('reasonIn', () => {
  it.each([
    [
      'cmd/main.go:129:1: File is not formatted (gofmt)\n}\n^\n1 issues:\nexit status 1\nmake: *** [lint] Error 1\nsubprocess exited with status 2',
      'cmd/main.go:129:1: File is not formatted (gofmt)',
    ],
    [
      'ok  \ta\n--- FAIL: TestIt (0.00s)\nFAIL\nmake: *** [test] Error 1',
      '--- FAIL: TestIt (0.00s)',
    ],
    [
      'FAILED tests/test_a.py::test_it - assert 1 == 2\n1 failed in 0.1s\nmake: *** [test] Error 1',
      'FAILED tests/test_a.py::test_it - assert 1 == 2',
    ],
    [
      'npm error Missing script: "lint"\nmake: *** [lint] Error 1',
      'npm error Missing script: "lint"',
    ],
    ['', 'it said nothing'],
  ])('finds in %j what went wrong', (output, reason) => {
    expect(reasonIn(output)).toBe(reason);
  });
});
