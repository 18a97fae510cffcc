// The device's own number, by which viewers without a name are told apart. Without consent it lasts for one page.

const KEY = "framehouse:client";

function draw(): string {
  return String(crypto.getRandomValues(new BigUint64Array(1))[0]);
}

export function clientId(persistent: boolean): string {
  if (!persistent) return draw();
  try {
    const known = window.localStorage.getItem(KEY);
    if (known !== null && /^[0-9]{1,20}$/.test(known)) return known;
    const drawn = draw();
    window.localStorage.setItem(KEY, drawn);
    return drawn;
  } catch {
    return draw(); // blocked storage: a frame on another site, a private window
  }
}
