import { Output } from './Output';

const FRAMES = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];

/** Steps as they go: a line that changes on a terminal, a line for each finished step in a log. */
export class Progress {
  readonly #output: Output;
  #running: { title: string; since: number } | undefined;
  #timer: NodeJS.Timeout | undefined;
  #frame = 0;

  constructor(output: Output) {
    this.#output = output;
  }

  start(title: string, at: Date): void {
    this.#running = { title, since: at.getTime() };
    if (!this.#output.live) return;
    this.#draw();
    this.#timer ??= setInterval(() => this.#draw(), 100);
    this.#timer.unref();
  }

  finish(outcome: 'done' | 'failed', at: Date): void {
    if (!this.#running) return;
    const { title, since } = this.#running;
    this.#clear();
    const { paint } = this.#output;
    const mark = outcome === 'done' ? paint.green('✔') : paint.red('✖');
    const seconds = Math.max(0, (at.getTime() - since) / 1000).toFixed(1);
    if (!this.#output.json) {
      this.#output.note(`${mark} ${title}  ${paint.dim(`${seconds} s`)}`);
    }
    this.#running = undefined;
  }

  /** Forgets a step that was not needed. */
  skip(): void {
    this.#clear();
    this.#running = undefined;
  }

  stop(): void {
    this.#clear();
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #draw(): void {
    if (!this.#running) return;
    this.#frame = (this.#frame + 1) % FRAMES.length;
    const { paint } = this.#output;
    this.#output.control(
      `\r\x1b[K${paint.cyan(FRAMES[this.#frame])} ${this.#running.title}`,
    );
  }

  #clear(): void {
    if (this.#output.live) this.#output.control('\r\x1b[K');
  }
}
