// The first page of whoever is not signed in, at whatever address they came to.

import { api, ApiError } from "../api";
import { el, setText } from "../dom";
import { mark } from "../icons";
import { field } from "../ui/field";
import type { Session } from "../types";
import type { View } from "./view";

export function signInView(onSignedIn: (session: Session) => void): View {
  const email = field("E-mail address", el("input", { type: "email", autocomplete: "username", required: true }));
  const password = field(
    "Password",
    el("input", { type: "password", autocomplete: "current-password", required: true }),
  );
  const error = el("p", { class: "notice notice-bad", role: "alert", hidden: true });
  const submit = el("button", { type: "submit", class: "button button-primary button-wide" }, ["Sign in"]);
  let countdown = 0;

  const say = (text: string): void => {
    error.hidden = text === "";
    setText(error, text);
  };

  /** Counts down to when trying again has sense. */
  const wait = (seconds: number): void => {
    window.clearInterval(countdown);
    let left = seconds;
    const tick = (): void => {
      submit.disabled = left > 0;
      submit.textContent = left > 0 ? `Try again in ${left >= 90 ? `${Math.ceil(left / 60)} min` : `${left} s`}` : "Sign in";
      if (left <= 0) window.clearInterval(countdown);
      left -= 1;
    };
    countdown = window.setInterval(tick, 1000);
    tick();
  };

  const send = async (): Promise<void> => {
    submit.disabled = true;
    say("");
    try {
      onSignedIn(await api.signIn(email.control.value, password.control.value));
    } catch (failure) {
      submit.disabled = false;
      say(failure instanceof Error ? failure.message : String(failure));
      if (failure instanceof ApiError && failure.status === 429) wait(failure.retryAfterS ?? 60);
      else if (failure instanceof ApiError && failure.status === 401) password.control.select();
    }
  };

  const form = el("form", { class: "card sign-in", novalidate: true }, [
    el("div", { class: "brand brand-large" }, [mark(), el("span", {}, ["Framehouse"])]),
    el("h1", {}, ["Sign in"]),
    error,
    email.element,
    password.element,
    submit,
  ]);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    email.setError(email.control.value.trim() ? "" : "Enter your e-mail address.");
    password.setError(password.control.value ? "" : "Enter your password.");
    if (!email.control.value.trim()) email.control.focus();
    else if (!password.control.value) password.control.focus();
    else void send();
  });
  const element = el("main", { class: "sign-in-page" }, [form]);
  queueMicrotask(() => email.control.focus());
  return { element, title: "Sign in", dispose: () => window.clearInterval(countdown) };
}
