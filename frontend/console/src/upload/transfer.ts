// One file on its way in: started or taken up again, sent in parts, completed. Stopping keeps what has arrived.

import { api, ApiError } from "../api";
import type { Upload, Video } from "../types";
import { fingerprint, forget, recall, remember } from "./memory";
import { PartFailed, putPart } from "./part";
import { patiently } from "./patience";
import type { Slots } from "./slots";

export type TransferState = "waiting" | "sending" | "finishing" | "paused" | "done" | "failed";

const AT_ONCE = 3;
const ATTEMPTS = 6;
const LOST = "The connection was lost. What has arrived is kept.";
const FULL = 507;
/** The upload is over for the storage or for us: trying again cannot help. */
const FINAL: Readonly<Record<number, string>> = {
  404: "The upload has ended. Start it again.",
  413: "The file is larger than what is allowed here.",
  [FULL]: "The storage is full. Nothing was lost: continue when there is room.",
};

export class Transfer {
  readonly key: string;
  state: TransferState = "waiting";
  message = "";
  video: Video | null = null;
  private upload: Upload | null = null;
  private stopper = new AbortController();
  private readonly sent = new Map<number, number>();

  constructor(
    readonly file: File,
    private readonly slots: Slots,
    private readonly changed: () => void,
  ) {
    this.key = fingerprint(file);
  }

  get isOver(): boolean {
    return this.state === "done" || this.state === "failed";
  }

  /** Paused by a lost connection and not by a person. */
  get isLost(): boolean {
    return this.state === "paused" && this.message === LOST;
  }

  get sentBytes(): number {
    if (this.state === "done" || this.state === "finishing") return this.file.size;
    let total = 0;
    for (const bytes of this.sent.values()) total += bytes;
    return Math.min(total, this.file.size);
  }

  /** Sends until the end, a stop or an error; the outcome is in `state` and `message`. Never rejects. */
  async run(): Promise<void> {
    this.stopper = new AbortController();
    const { signal } = this.stopper;
    this.set("sending");
    try {
      this.video = await this.send(signal);
      forget(this.key);
      this.set("done");
    } catch (error) {
      if (signal.aborted) return; // whoever stopped it has said why
      this.stopper.abort(); // the parts beside the one that failed
      this.fail(error);
    }
  }

  pause(): void {
    this.stopper.abort();
    this.set("paused");
  }

  /** Gives up what has arrived, too. */
  async cancel(): Promise<void> {
    this.stopper.abort();
    forget(this.key);
    if (this.upload !== null) await api.abortUpload(this.upload.id).catch(() => {}); // it expires by itself then
  }

  private async send(signal: AbortSignal): Promise<Video> {
    const upload = await this.begun(signal);
    this.upload = upload;
    if (upload.state === "completed") return api.completeUpload(upload.id, [], signal);
    const etags = new Map<number, string>();
    this.sent.clear();
    for (const part of upload.parts) {
      if (part.sizeBytes !== this.slice(upload, part.number).size) continue; // cut off: sent again
      etags.set(part.number, part.etag);
      this.sent.set(part.number, part.sizeBytes);
    }
    this.changed();
    await this.sendParts(upload, etags, signal);
    this.set("finishing");
    return patiently(() => this.complete(upload, etags, signal), isPassing, ATTEMPTS, signal);
  }

  /** The upload that this browser began of the same file, if it is still open; else a new one. */
  private async begun(signal: AbortSignal): Promise<Upload> {
    const known = recall(this.key);
    if (known !== null) {
      try {
        const upload = await api.upload(known.uploadId, signal);
        const alive = upload.state === "completed" || Date.parse(upload.expiresAt) > Date.now();
        if (upload.state !== "aborted" && alive && upload.sizeBytes === this.file.size) return upload;
      } catch (error) {
        if (!(error instanceof ApiError) || (error.status !== 404 && error.status !== 409)) throw error;
      }
      forget(this.key);
    }
    const fresh = await api.startUpload(this.file, signal);
    const { name, size } = this.file;
    remember(this.key, { uploadId: fresh.id, name, sizeBytes: size, startedAtMs: Date.now() });
    return fresh;
  }

  private async sendParts(upload: Upload, etags: Map<number, string>, signal: AbortSignal): Promise<void> {
    const count = Math.ceil(this.file.size / upload.partSizeBytes);
    const missing = Array.from({ length: count }, (_, index) => index + 1).filter((number) => !etags.has(number));
    const worker = async (): Promise<void> => {
      for (let number = missing.shift(); number !== undefined; number = missing.shift()) {
        const next = number;
        const send = (): Promise<string | null> => this.slots.use(() => this.sendPart(upload, next, signal));
        const etag = await patiently(send, isPassing, ATTEMPTS, signal);
        if (etag) etags.set(next, etag);
      }
    };
    try {
      await Promise.all(Array.from({ length: AT_ONCE }, worker));
    } finally {
      missing.length = 0; // one part failed for good: the other workers end after theirs
    }
  }

  private async sendPart(upload: Upload, number: number, signal: AbortSignal): Promise<string | null> {
    signal.throwIfAborted();
    const url = await api.partUrl(upload.id, number, signal);
    const tell = (bytes: number): void => {
      this.sent.set(number, bytes);
      this.changed();
    };
    try {
      const data = this.slice(upload, number);
      const etag = await putPart(url, data, tell, signal);
      tell(data.size);
      return etag;
    } catch (error) {
      this.sent.delete(number);
      throw error;
    }
  }

  private async complete(upload: Upload, etags: Map<number, string>, signal: AbortSignal): Promise<Video> {
    const count = Math.ceil(this.file.size / upload.partSizeBytes);
    if (etags.size < count) {
      // A bucket on another origin may not show its ETags to pages: ask the server for them.
      for (const part of (await api.upload(upload.id, signal)).parts) etags.set(part.number, part.etag);
    }
    const parts = [...etags].map(([number, etag]) => ({ number, etag: etag.replaceAll('"', "") }));
    return api.completeUpload(upload.id, parts.sort((a, b) => a.number - b.number), signal);
  }

  private slice(upload: Upload, number: number): Blob {
    const from = (number - 1) * upload.partSizeBytes;
    return this.file.slice(from, Math.min(from + upload.partSizeBytes, this.file.size));
  }

  /** Paused where continuing later may help, failed where it cannot. */
  private fail(error: unknown): void {
    if (error instanceof PartFailed) {
      this.set(isPassing(error) || error.status === FULL ? "paused" : "failed", FINAL[error.status] ?? LOST);
    } else if (error instanceof ApiError && isPassing(error)) {
      this.set("paused", error.status === 0 ? LOST : error.message);
    } else {
      this.set("failed", error instanceof Error ? error.message : String(error));
    }
  }

  private set(state: TransferState, message = ""): void {
    this.state = state;
    this.message = message;
    this.changed();
  }
}

/** No answer, an expired signature, a server that is busy or away: the same again may work. */
function isPassing(error: unknown): boolean {
  if (error instanceof PartFailed) return !(error.status in FINAL);
  return error instanceof ApiError && (error.status === 0 || error.status === 401 || error.status === 429 || error.status >= 500);
}
