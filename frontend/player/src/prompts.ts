// What the viewer is asked before the film: a password, a login, or to leave an address. Which fields,
// where they go, and what an answer means; how they look is ui/prompt_form.ts.

import type { PlayerConfig } from "./config";
import { sendForm } from "./status_client";
import { STRINGS } from "./strings";
import type { Prompt } from "./ui/panels";
import { type Field, promptForm, type Refusal } from "./ui/prompt_form";

const EMAIL: Field = {
  name: "email", label: STRINGS.email, type: "email", autocomplete: "email", empty: STRINGS.emailEmpty,
};
const NAME: Field = {
  name: "name", label: STRINGS.name, type: "text", autocomplete: "name", empty: STRINGS.nameEmpty,
};
const PASSWORD: Field = {
  name: "password", label: STRINGS.password, type: "password", autocomplete: "current-password",
  empty: STRINGS.passwordEmpty,
};

/** Shows what comes after the prompt by `next`. */
export function promptFor(config: PlayerConfig, next: (config: PlayerConfig) => void): Prompt {
  const kind = config.state;
  const body = config.message ?? "";
  const sendTo = (url: string | null, wrong: string) => (values: Readonly<Record<string, string>>) =>
    send(url, values, config, wrong, next);
  if (kind === "login") {
    const fields = [{ ...EMAIL, autocomplete: "username" as const }, PASSWORD];
    const form = promptForm({ fields, submit: STRINGS.signIn }, sendTo(config.loginUrl, STRINGS.loginWrong));
    return { kind, icon: "person", title: STRINGS.loginTitle, body, form };
  }
  if (kind === "contact") {
    const { contact } = config;
    const fields = [...(contact?.asksName ? [NAME] : []), ...(contact?.asksEmail ? [EMAIL] : [])];
    const form = promptForm(
      { fields, consent: STRINGS.consent, submit: STRINGS.watch },
      sendTo(contact?.url ?? null, STRINGS.contactWrong),
    );
    return { kind, icon: "mail", title: STRINGS.contactTitle, body: body || STRINGS.contactBody, form };
  }
  const form = promptForm(
    { fields: [PASSWORD], submit: STRINGS.watch },
    sendTo(config.passwordUrl, STRINGS.passwordWrong),
  );
  return { kind, icon: "lock", title: STRINGS.passwordTitle, body, form };
}

/** Null when the answer is shown by `next`; a refusal keeps the prompt. */
async function send(
  url: string | null,
  values: Readonly<Record<string, string>>,
  asked: PlayerConfig,
  wrong: string,
  next: (config: PlayerConfig) => void,
): Promise<Refusal | null> {
  if (url === null) return { message: STRINGS.promptUnreachable, waitS: 0 };
  const { config, status, retryAfterS } = await sendForm(url, values);
  if (status === 429) return { message: config?.message ?? STRINGS.tooMany, waitS: retryAfterS ?? 0 };
  if (config === null) return { message: STRINGS.promptUnreachable, waitS: 0 };
  if (config.state === asked.state) return { message: config.message ?? wrong, waitS: 0 };
  next(config);
  return null;
}
