// Questions to this server, in JSON; a refusal is an answer too, no server is an error.
const token = () => document.querySelector("input[name=csrfmiddlewaretoken]")?.value ?? "";

async function read(answer) {
  if (answer.redirected) location.reload(); // the session has ended
  const told = (answer.headers.get("Content-Type") || "").startsWith("application/json") ? await answer.json() : {};
  return { ok: answer.ok, status: answer.status, told };
}

export async function get(address) {
  return read(await fetch(address, { headers: { Accept: "application/json" } }));
}

export async function post(address, body = {}) {
  return read(await fetch(address, {
    method: "POST",
    headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": token() },
    body: JSON.stringify(body),
  }));
}

export const pause = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));
