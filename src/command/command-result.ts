/** What a subcommand has to say when it is over. */
export interface CommandResult {
  /** With `--json`: the one document on stdout. */
  readonly document: Readonly<Record<string, unknown>>;
  /** Without. */
  readonly text: string;
  /** A shell is to run the text, so that no character of it may be shown otherwise. */
  readonly isScript?: boolean;
  /** Default 0. */
  readonly code?: number;
}

/** What every subcommand gets beside its own arguments. */
export interface CommandContext {
  readonly cwd: string;
  /** The environment of the calling shell, before the Jest configuration could change it. */
  readonly shellEnv: Readonly<Record<string, string>>;
  readonly colours: Colours;
  /** A line for the user at the terminal: stdout, or stderr when stdout is for a document. */
  say(line: string): void;
}

export interface Colours {
  bold(text: string): string;
  dim(text: string): string;
  red(text: string): string;
  green(text: string): string;
  yellow(text: string): string;
}
