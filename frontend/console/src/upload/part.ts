// One part on its way to its signed URL. XMLHttpRequest, because fetch does not tell how much was sent.

/** A part was refused or cut off; `status` is 0 without an answer. */
export class PartFailed extends Error {
  constructor(readonly status: number) {
    super(`part failed with status ${status}`);
  }
}

const STALLED_MS = 60_000;

/** The ETag, null when the storage does not show it to pages. Rejects with PartFailed, or AbortError. */
export function putPart(
  url: string,
  data: Blob,
  onSent: (bytes: number) => void,
  signal: AbortSignal,
): Promise<string | null> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    let stalled = 0;
    const stop = (): void => request.abort();
    const watch = (): void => {
      window.clearTimeout(stalled);
      stalled = window.setTimeout(stop, STALLED_MS);
    };
    const end = (finish: () => void): void => {
      window.clearTimeout(stalled);
      signal.removeEventListener("abort", stop);
      finish();
    };
    request.upload.addEventListener("progress", (event) => {
      watch();
      onSent(event.loaded);
    });
    request.addEventListener("load", () => {
      const etag = request.getResponseHeader("ETag");
      const ok = request.status >= 200 && request.status < 300;
      end(() => (ok ? resolve(etag) : reject(new PartFailed(request.status))));
    });
    request.addEventListener("error", () => end(() => reject(new PartFailed(0))));
    request.addEventListener("abort", () =>
      end(() => reject(signal.aborted ? new DOMException("stopped", "AbortError") : new PartFailed(0))),
    );
    signal.addEventListener("abort", stop);
    request.open("PUT", url);
    request.send(data);
    watch();
  });
}
