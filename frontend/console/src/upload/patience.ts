// Trying again: growing pauses, and none of them while the machine says that it is offline.

const FIRST_PAUSE_MS = 800;
const LONGEST_PAUSE_MS = 15_000;

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = window.setTimeout(done, milliseconds);
    function done(): void {
      window.clearTimeout(timer);
      signal.removeEventListener("abort", done);
      window.removeEventListener("online", done);
      if (signal.aborted) reject(new DOMException("stopped", "AbortError"));
      else resolve();
    }
    signal.addEventListener("abort", done);
    window.addEventListener("online", done); // no need to wait on when the connection is back
  });
}

/** Repeats `work` while `mayRepeat` its error, `attempts` times at the most; the last error otherwise. */
export async function patiently<T>(
  work: () => Promise<T>,
  mayRepeat: (error: unknown) => boolean,
  attempts: number,
  signal: AbortSignal,
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (signal.aborted || attempt >= attempts || !mayRepeat(error)) throw error;
      const longer = Math.min(FIRST_PAUSE_MS * 2 ** (attempt - 1), LONGEST_PAUSE_MS);
      await pause(navigator.onLine ? longer : LONGEST_PAUSE_MS, signal);
    }
  }
}
