// Saving, and waiting until the box has it.
import { get, pause, post } from "./asking.js";
import { element } from "./element.js";
import { say } from "./words.js";

const EVERY_MS = 700;
const PATIENCE = 30; // times

export class Saving {
  constructor({ button, why, told, faults, badge, camera, at, seen }) {
    Object.assign(this, { button, why, told, faults, badge, camera, at, seen });
    button.addEventListener("click", () => this.save());
    addEventListener("beforeunload", (event) => { if (camera.isChanged) event.preventDefault(); });
    camera.addEventListener("change", () => { if (camera.isChanged && !button.disabled) told.textContent = say("unsaved"); });
  }

  async save() {
    if (!this.camera.isChanged) {
      this.told.textContent = say("nothingToSave");
      return;
    }
    this.button.disabled = true;
    this.say([], "");
    this.told.textContent = say("saving");
    const written = this.camera.written();
    try {
      const { ok, told } = await post(this.at.save, { settings: JSON.parse(written), why: this.why.value, seen: this.seen });
      if (ok) {
        this.seen = told.seen;
        this.camera.saved = written;
        this.why.value = "";
        this.told.textContent = say("saved", told);
        this.button.disabled = false;
        await this.follow(told.version);
      } else {
        this.told.textContent = "";
        if (told.faults) this.say(told.faults, say("faults"));
        else this.say([{ place: "", text: told.reason ?? say("notReached") }], say("faults"));
      }
    } catch {
      this.say([{ place: "", text: say("notReached") }], say("faults"));
      this.told.textContent = "";
    }
    this.button.disabled = false;
  }

  async follow(version) {
    for (let time = 0; time < PATIENCE; time++) {
      await pause(EVERY_MS);
      const { told } = await get(this.at.standing);
      this.badge.textContent = told.word;
      this.badge.className = `state ${told.tone}`;
      if (told.wanted !== version) return; // somebody saved again
      if (told.standing === "in_force") {
        this.told.textContent = say("inForce", { version });
        return;
      }
      if (told.standing === "refused") {
        this.told.textContent = "";
        this.say(told.faults, say("refused", { version }));
        return;
      }
    }
    this.told.textContent = say("waits", { version });
  }

  say(faults, title) {
    this.faults.hidden = !faults.length;
    this.faults.replaceChildren(element("p", {}, title), element("ul", {}, ...faults.map(({ place, text }) =>
      element("li", {}, place ? element("code", {}, place) : null, place ? `: ${text}` : text))));
    if (faults.length) this.faults.focus();
  }
}
