// What the JSON API answers; the other side is src/framehouse/console/{video_json,routes_*}.py.

export type VideoState = "received" | "processing" | "complete" | "failed";
export type Privacy = "public" | "private" | "password" | "login";

export interface Video {
  readonly id: string;
  readonly title: string;
  readonly description: string | null;
  readonly state: VideoState;
  readonly reason: string | null;
  readonly progressPercent: number;
  readonly playable: boolean;
  readonly privacy: Privacy;
  readonly hasPassword: boolean;
  readonly fileName: string;
  readonly sizeBytes: number;
  readonly durationMs: number | null;
  readonly width: number | null;
  readonly height: number | null;
  readonly createdAt: string;
  readonly receivedAt: string | null;
  readonly playableAt: string | null;
  readonly completeAt: string | null;
  readonly posterUrl: string | null;
  readonly embedPath: string;
  readonly watchPath: string;
  readonly downloads?: readonly Download[];
}

export interface Download {
  readonly name: string;
  readonly url: string;
  readonly sizeBytes: number;
}

export interface VideoChanges {
  title?: string;
  description?: string | null;
  privacy?: Privacy;
  password?: string;
}

/** What the console offers to this person; the server refuses the rest. */
export interface Permissions {
  readonly upload: boolean;
  readonly change: boolean;
  readonly delete: boolean;
}

export interface Session {
  readonly user: { readonly name: string; readonly email: string };
  readonly tenant: { readonly name: string; readonly slug: string };
  readonly may: Permissions;
  readonly csrfToken: string;
  readonly publicOrigin: string | null;
}

export interface StoredPart {
  readonly number: number;
  readonly sizeBytes: number;
  readonly etag: string;
}

export interface Upload {
  readonly id: string;
  readonly state: "open" | "completed" | "aborted";
  readonly sizeBytes: number;
  readonly partSizeBytes: number;
  readonly expiresAt: string;
  readonly parts: readonly StoredPart[];
}
