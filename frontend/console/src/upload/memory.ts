// Which uploads this browser began and has not ended, so that choosing the file again continues them.

export interface Remembered {
  readonly uploadId: string;
  readonly name: string;
  readonly sizeBytes: number;
  readonly startedAtMs: number;
}

type Kept = Record<string, Remembered>;

let storageKey = "framehouse:uploads";

/** Two accounts on one browser do not see each other's. */
export function setAccount(slug: string): void {
  storageKey = `framehouse:uploads:${slug}`;
}

/** The same file, as far as a browser can tell: its name, size and time of change. */
export function fingerprint(file: File): string {
  return `${file.size}:${file.lastModified}:${file.name}`;
}

function read(): Kept {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(storageKey) ?? "{}");
    return typeof kept === "object" && kept !== null ? (kept as Kept) : {};
  } catch {
    return {};
  }
}

function write(kept: Kept): void {
  try {
    localStorage.setItem(storageKey, JSON.stringify(kept));
  } catch {
    // Blocked or full: uploads work, they only start over after a reload.
  }
}

export function recall(key: string): Remembered | null {
  return read()[key] ?? null;
}

export function remember(key: string, upload: Remembered): void {
  write({ ...read(), [key]: upload });
}

export function forget(key: string): void {
  const kept = read();
  delete kept[key];
  write(kept);
}

export function allRemembered(): [string, Remembered][] {
  return Object.entries(read()).sort(([, a], [, b]) => b.startedAtMs - a.startedAtMs);
}
