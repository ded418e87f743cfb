import { renderInTestApp } from '@backstage/frontend-test-utils';
import { createTheme, ThemeProvider } from '@mui/material/styles';
import { bandRanges, bandsOf2023 } from '@highroad/plugin-metrics-common';
import { act, render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { point } from '../__testUtils__/show';
import { SeriesPanel } from './SeriesPanel';
import { Sparkline } from './Sparkline';

const HOUR = 3_600;
const panel = (more: Partial<Parameters<typeof SeriesPanel>[0]>) => (
  <SeriesPanel
    title="How often?"
    unit="deployments"
    points={[]}
    asTable={false}
    onAsTable={() => {}}
    onSelect={() => {}}
    downloads={[{ file: 'numbers', download: async () => new Blob() }]}
    {...more}
  />
);

describe('a chart', () => {
  it('says why what is behind it could not be downloaded', async () => {
    const download = jest.fn(async () => {
      throw new Error('The portal does not answer.');
    });
    await renderInTestApp(
      panel({ downloads: [{ file: 'numbers', download }] }),
    );
    await userEvent.click(screen.getByRole('button', { name: 'Download CSV' }));
    expect(await screen.findByRole('alert')).toHaveTextContent(
      'It could not be downloaded',
    );
    expect(screen.getByRole('alert')).toHaveTextContent('does not answer');
  });

  it('marks zero, which nobody can take for no data, and says what the mark means', () => {
    render(
      panel({
        points: [
          point('2026-06-01', { value: undefined, n: 0 }),
          point('2026-06-08', { value: 0, n: 0 }),
          point('2026-06-15', { value: 2, n: 2, days: 1 }),
        ],
      }),
    );
    const zero = screen.getByRole('img', { name: 'Jun 8: 0' });
    expect(zero.querySelector('circle')).toBeInTheDocument();
    expect(screen.queryByRole('img', { name: /Jun 1:/ })).toBeNull();
    expect(
      screen.getByRole('button', { name: 'Jun 15: 2, on 1 day' }),
    ).toBeVisible();
    const legend = screen.getByRole('list', { name: 'What is drawn' });
    expect(legend).toHaveTextContent('zero; where nothing is drawn');
    expect(legend).not.toHaveTextContent('not whole');
  });

  it('is one stop of the keyboard, with arrow keys from bar to bar', async () => {
    const onSelect = jest.fn();
    const points = [1, 8, 15, 22].map(day =>
      point(`2026-06-${String(day).padStart(2, '0')}`, {
        value: day === 15 ? 0 : day,
        n: day === 15 ? 0 : day,
      }),
    );
    render(panel({ points, onSelect }));
    const focused = () => document.activeElement?.getAttribute('aria-label');
    const stops = screen
      .getAllByRole('button', { name: /^Jun/ })
      .filter(one => one.getAttribute('tabindex') === '0');
    expect(stops.map(one => one.getAttribute('aria-label'))).toEqual([
      expect.stringContaining('Jun 22'),
    ]);
    act(() => stops[0].focus());
    await userEvent.keyboard('{ArrowLeft}');
    // There is nothing behind the one between them.
    expect(focused()).toContain('Jun 8');
    await userEvent.keyboard('{Home}');
    expect(focused()).toContain('Jun 1');
    await userEvent.keyboard('{ArrowLeft}{Enter}');
    expect(onSelect).toHaveBeenCalledWith(points[0]);
    await userEvent.keyboard('{End}{ArrowRight}');
    expect(focused()).toContain('Jun 22');
    await userEvent.tab();
    expect(focused() ?? '').not.toContain('Jun');
  });

  it.each(['deployments', 'count', 'seconds', 'share'] as const)(
    'has its zeros at the bottom where there is nothing else, of %s',
    unit => {
      render(panel({ unit, points: [point('2026-06-08', { value: 0 })] }));
      const [zero] = screen
        .getByRole('button', { name: /^Jun 8: 0/ })
        .querySelectorAll('circle');
      expect(Number(zero.getAttribute('cy'))).toBe(232);
    },
  );

  it.each(['light', 'dark'] as const)(
    'has its bands and the period before behind it, in the %s theme',
    mode => {
      const { container } = render(
        <ThemeProvider theme={createTheme({ palette: { mode } })}>
          {panel({
            unit: 'seconds',
            points: [
              point('2026-06-01', { value: 30 * HOUR }),
              point('2026-06-08', { value: 50 * HOUR }),
            ],
            behind: {
              previous: [
                point('2026-05-18', { value: 20 * HOUR }),
                point('2026-05-25', { value: undefined, n: 0 }),
                point('2026-06-01', { value: HOUR }),
              ],
              bands: bandRanges('lead-time', 'week', bandsOf2023),
              bandsOf: 'DORA 2023',
            },
          })}
        </ThemeProvider>,
      );
      // The others begin above all that is drawn.
      expect(
        [...container.querySelectorAll('[data-band]')].map(
          one => one.textContent,
        ),
      ).toEqual(['▲ elite', '△ high']);
      expect(container.querySelector('[data-before="1"]')).toBeInTheDocument();
      expect(
        screen.getByRole('button', {
          name: 'Jun 1: 1 d 6 h, of 4, before 20 h (May 18)',
        }),
      ).toBeVisible();
      const legend = screen.getByRole('list', { name: 'What is drawn' });
      expect(legend).toHaveTextContent('period before');
      expect(legend).toHaveTextContent('bands of DORA 2023');
    },
  );

  it('says the same in its table', () => {
    render(
      panel({
        asTable: true,
        points: [point('2026-06-01', { value: 9, n: 9, days: 5 })],
        behind: {
          previous: [point('2026-05-25', { value: 3 })],
          bands: bandRanges('frequency', 'week', bandsOf2023),
        },
      }),
    );
    expect(screen.getAllByRole('row').map(one => one.textContent)).toEqual([
      'FromValueOfDays with a deploymentBandIn the period before',
      'Jun 1995elite3 (May 25)Show',
    ]);
  });
});

describe('a small line', () => {
  it('has a gap where nothing is known, and says values as people read them', () => {
    const { container } = render(
      <Sparkline
        label="Lead time"
        values={[undefined, 1, 2, null, 0]}
        text={one => `${one} h`}
      />,
    );
    expect(
      screen.getByRole('img', {
        name: 'Lead time: no data, 1 h, 2 h, no data, 0 h',
      }),
    ).toBeVisible();
    expect(container.querySelectorAll('polyline')).toHaveLength(1);
    expect(container.querySelectorAll('circle')).toHaveLength(1);
  });

  it('marks what is not over yet, so that it looks like no fall', () => {
    const { container } = render(
      <Sparkline
        label="Deployments"
        values={[4, 5, 4, 1]}
        isPartial={at => at === 3}
      />,
    );
    expect(
      screen.getByRole('img', { name: 'Deployments: 4, 5, 4, 1 (not whole)' }),
    ).toBeVisible();
    expect(
      [...container.querySelectorAll('polyline')].map(line =>
        line.hasAttribute('stroke-dasharray'),
      ),
    ).toEqual([false, true]);
  });

  it('is not there where nothing is known at all', () => {
    const { container } = render(
      <Sparkline label="None" values={[null, undefined]} />,
    );
    expect(container).toBeEmptyDOMElement();
  });
});
