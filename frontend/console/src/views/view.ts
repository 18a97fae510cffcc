// What every page of the console is to the shell around it.

export interface View {
  readonly element: HTMLElement;
  readonly title: string;
  /** Ends timers and listeners when another page takes its place. */
  dispose?(): void;
}
