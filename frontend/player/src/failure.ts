// What can go wrong while playing, sorted by what a viewer or the player can do about it.
// Numbers are Shaka Player's error categories and codes (its lib/util/error.js).

export type FailureKind =
  | "network"
  | "notfound"
  | "expired"
  | "decode"
  | "drm"
  | "unsupported"
  | "manifest"
  | "unknown";

export interface Failure {
  readonly kind: FailureKind;
  /** For people who report a problem: never shown alone. */
  readonly detail: string;
  /** False when playing goes on without help and this is only worth knowing. */
  readonly fatal: boolean;
}

interface ShakaError {
  readonly category: number;
  readonly code: number;
  readonly severity: number;
  readonly data: readonly unknown[];
}

const CATEGORY = { network: 1, text: 2, media: 3, manifest: 4, streaming: 5, drm: 6 } as const;
const BAD_HTTP_STATUS = 1001;
const LOAD_INTERRUPTED = 7000;
const REQUESTED_KEY_SYSTEM_UNAVAILABLE = 6001;
const LICENSE_REQUEST_FAILED = 6007;
const REQUEST_FILTER_ERROR = 1006;
const CONTENT_UNSUPPORTED = 4032;
const SEVERITY_CRITICAL = 2;

/** Statuses the edge answers for a ticket that has run out or was revoked. */
const EXPIRED_STATUSES: readonly number[] = [401, 403, 410];

function isShakaError(value: unknown): value is ShakaError {
  return typeof value === "object" && value !== null && "code" in value && "category" in value;
}

/** A failed filter wraps the request's own error. */
function networkKind(error: ShakaError): FailureKind {
  const inner = error.data[0];
  if (error.code === REQUEST_FILTER_ERROR && isShakaError(inner)) return networkKind(inner);
  if (error.code !== BAD_HTTP_STATUS) return "network";
  const status = error.data[1];
  if (typeof status !== "number") return "network";
  if (EXPIRED_STATUSES.includes(status)) return "expired";
  return status === 404 ? "notfound" : "network";
}

function drmKind(error: ShakaError): FailureKind {
  const cause = error.data[0];
  if (error.code === LICENSE_REQUEST_FAILED && isShakaError(cause)) {
    const kind = networkKind(cause);
    return kind === "notfound" ? "drm" : kind;
  }
  return error.code === REQUESTED_KEY_SYSTEM_UNAVAILABLE ? "unsupported" : "drm";
}

function kindOf(error: ShakaError): FailureKind {
  switch (error.category) {
    case CATEGORY.network:
      return networkKind(error);
    case CATEGORY.media:
      return "decode";
    case CATEGORY.manifest:
      return error.code === CONTENT_UNSUPPORTED ? "unsupported" : "manifest";
    case CATEGORY.drm:
      return drmKind(error);
    default:
      return "unknown";
  }
}

/** True for the error of a load that a newer load replaced: nothing to tell anyone. */
export function isInterrupted(error: unknown): boolean {
  return isShakaError(error) && error.code === LOAD_INTERRUPTED;
}

/** Sorts anything thrown by an engine. */
export function toFailure(error: unknown): Failure {
  if (!isShakaError(error)) {
    return { kind: "unknown", detail: String(error), fatal: true };
  }
  const cause = error.data[0];
  const inner = isShakaError(cause) ? `<${cause.category}.${cause.code}` : "";
  const detail = `${error.category}.${error.code}${inner}`;
  return { kind: kindOf(error), detail, fatal: error.severity === SEVERITY_CRITICAL };
}

/** Sorts the <video> element's own error (HTML, MediaError). */
export function fromMediaError(error: MediaError | null): Failure {
  const detail = `media.${error?.code ?? 0}`;
  if (error?.code === MediaError.MEDIA_ERR_NETWORK) return { kind: "network", detail, fatal: true };
  if (error?.code === MediaError.MEDIA_ERR_SRC_NOT_SUPPORTED) {
    return { kind: "unsupported", detail, fatal: true };
  }
  return { kind: "decode", detail, fatal: true };
}
