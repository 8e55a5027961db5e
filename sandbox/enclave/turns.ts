/**
 * Does one task after another, each in a turn of the event loop of its own: timers, and what the host has to say, go between any two. Tasks
 * done as their messages arrive would keep both waiting for as long as more arrive, since Node hands over a thousand at once.
 */
export class Turns {
  readonly #tasks: (() => void)[] = [];
  #planned = false;

  add(task: () => void): void {
    this.#tasks.push(task);
    this.#plan();
  }

  #plan(): void {
    if (this.#planned || this.#tasks.length === 0) return;
    this.#planned = true;
    setImmediate(() => {
      this.#planned = false;
      const task = this.#tasks.shift();
      this.#plan(); // first: a task may throw
      task?.();
    });
  }
}
