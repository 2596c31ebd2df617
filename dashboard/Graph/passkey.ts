// Passkeys: what only the browser can do, navigator.credentials. What it is asked for comes from the silo, what it answers goes there unread.

interface Creation {
  challenge: string; rpId: string; rpName: string; userHandle: string; userName: string; algorithms: number[]; exclude: string[]; seconds: number;
}

const bytes = (text: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), character => character.charCodeAt(0));

const text = (buffer: ArrayBuffer | null): string =>
  btoa(String.fromCharCode(...new Uint8Array(buffer ?? new ArrayBuffer(0)))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

/** A sentence for a person. */
function sentence(problem: unknown): string {
  const name = problem instanceof DOMException ? problem.name : "";
  return name === "NotAllowedError" ? "No passkey was used: it was cancelled, took too long, or there is none for this address."
    : name === "InvalidStateError" ? "This authenticator has a passkey of yours already."
      : name === "SecurityError" ? "This address has no passkeys. Open the dashboard under its name, by https or at http://localhost."
        : "The browser could not use a passkey.";
}

/** Makes a passkey. Answers what the silo wants to see, or why there is none. */
export async function create(asked: Creation): Promise<{ clientData: string; attestation: string; problem: string | null }> {
  try {
    const made = await navigator.credentials.create({
      publicKey: {
        challenge: bytes(asked.challenge),
        rp: { id: asked.rpId, name: asked.rpName },
        user: { id: bytes(asked.userHandle), name: asked.userName, displayName: asked.userName },
        pubKeyCredParams: asked.algorithms.map(alg => ({ type: "public-key", alg })),
        excludeCredentials: asked.exclude.map(id => ({ type: "public-key", id: bytes(id) })),
        authenticatorSelection: { residentKey: "required", requireResidentKey: true, userVerification: "required" },
        attestation: "none",
        timeout: asked.seconds * 1000,
      },
    }) as PublicKeyCredential | null;
    if (made === null) throw new DOMException("", "NotAllowedError");
    const answer = made.response as AuthenticatorAttestationResponse;
    return { clientData: text(answer.clientDataJSON), attestation: text(answer.attestationObject), problem: null };
  } catch (problem) {
    return { clientData: "", attestation: "", problem: sentence(problem) };
  }
}

async function signIn(form: HTMLFormElement, say: (problem: string) => void): Promise<void> {
  const field = (name: string): HTMLInputElement => form.querySelector<HTMLInputElement>(`[name="Passkey.${name}"]`)!;
  try {
    const begun = await fetch("/passkey/challenge", {
      method: "POST", headers: { RequestVerificationToken: form.querySelector<HTMLInputElement>("[name=__RequestVerificationToken]")!.value },
    });
    const asked = await begun.json() as { challenge: string; rpId: string; seconds: number; problem: string | null };
    if (asked.problem !== null) return say(asked.problem);
    const used = await navigator.credentials.get({
      publicKey: { challenge: bytes(asked.challenge), rpId: asked.rpId, userVerification: "required", timeout: asked.seconds * 1000 },
    }) as PublicKeyCredential | null;
    if (used === null) throw new DOMException("", "NotAllowedError");
    const answer = used.response as AuthenticatorAssertionResponse;
    field("CredentialId").value = text(used.rawId);
    field("UserHandle").value = text(answer.userHandle);
    field("ClientData").value = text(answer.clientDataJSON);
    field("AuthenticatorData").value = text(answer.authenticatorData);
    field("Signature").value = text(answer.signature);
    form.submit();
  } catch (problem) {
    say(problem instanceof DOMException ? sentence(problem) : "The dashboard does not answer. Load the page again.");
  }
}

const form = document.querySelector<HTMLFormElement>("form[data-passkey]");
const button = form?.querySelector<HTMLButtonElement>("button");
if (form && button && typeof PublicKeyCredential !== "undefined") {
  form.hidden = false;
  button.addEventListener("click", async event => {
    event.preventDefault();
    const problem = form.querySelector<HTMLElement>("[data-problem]")!;
    problem.textContent = "";
    button.disabled = true;
    await signIn(form, said => { problem.textContent = said; });
    button.disabled = false;
  });
}
