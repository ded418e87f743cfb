/** Gives drawings in tests the sizes that a browser would measure. */
export function measureSvg(): void {
  Object.defineProperty(window.SVGElement.prototype, 'getBBox', {
    value: () => ({ x: 0, y: 0, width: 100, height: 40 }),
    configurable: true,
  });
}
