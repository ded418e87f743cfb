import { gaugesText } from './gaugesText';

describe('gauges as Prometheus reads them', () => {
  it('have their help, their type and a line for each sample', () => {
    expect(
      gaugesText([
        {
          ...{ name: 'cars', help: 'Cars that are there' },
          samples: [
            { labels: { colour: 'red', owner: 'a "b"\\c\nd' }, value: 2 },
            { labels: { colour: 'blue', owner: '' }, value: 0.5 },
          ],
        },
        { name: 'horns', help: 'None', samples: [] },
      ]),
    ).toBe(`# HELP cars Cars that are there
# TYPE cars gauge
cars{colour="red",owner="a \\"b\\"\\\\c\\nd"} 2
cars{colour="blue",owner=""} 0.5
# HELP horns None
# TYPE horns gauge
`);
  });
});
