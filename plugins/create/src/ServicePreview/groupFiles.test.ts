import { groupFiles } from './groupFiles';

describe('groupFiles', () => {
  it('puts the files of the root first, then each folder with what is below it', () => {
    expect(
      groupFiles(['docs/adr/1.md', 'README.md', 'deploy/a', 'Makefile']),
    ).toEqual([
      { folder: '', files: ['Makefile', 'README.md'] },
      { folder: 'deploy', files: ['a'] },
      { folder: 'docs', files: ['adr/1.md'] },
    ]);
  });

  it('has nothing to group in nothing', () => {
    expect(groupFiles([])).toEqual([]);
  });
});
