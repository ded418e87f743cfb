import { fileTree } from './fileTree';

describe('fileTree', () => {
  it('draws folders before files, each level in order', () => {
    expect(fileTree(['b.txt', 'a/z', 'a/b/c', 'A'])).toBe(
      [
        '├── a/',
        '│   ├── b/',
        '│   │   └── c',
        '│   └── z',
        '├── A',
        '└── b.txt',
      ].join('\n'),
    );
  });
});
