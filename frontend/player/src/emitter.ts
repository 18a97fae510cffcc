// A small typed event emitter: the one way modules of the player hear of each other.

type Handler<T> = (value: T) => void;

export class Emitter<Events> {
  readonly #handlers = new Map<keyof Events, Set<Handler<never>>>();

  /** Registers `handler`; calling the answer takes it off again. */
  on<K extends keyof Events>(name: K, handler: Handler<Events[K]>): () => void {
    const known = this.#handlers.get(name) ?? new Set<Handler<never>>();
    known.add(handler);
    this.#handlers.set(name, known);
    return () => known.delete(handler);
  }

  emit<K extends keyof Events>(name: K, value: Events[K]): void {
    for (const handler of this.#handlers.get(name) ?? []) {
      (handler as Handler<Events[K]>)(value);
    }
  }
}
