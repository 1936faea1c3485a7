// The camera editor: puts its parts together.
import { Calibration } from "./calibration.js";
import { Camera } from "./camera.js";
import { GroundMap } from "./ground_map.js";
import { Incidents } from "./incidents.js";
import { OutlineList } from "./outline_list.js";
import { Outlines } from "./outlines.js";
import { Saving } from "./saving.js";
import { fetchStill } from "./still.js";
import { learn, say } from "./words.js";

const data = JSON.parse(document.getElementById("camera-data").textContent);
const find = (id) => document.getElementById(id);
learn(data.words);

const camera = new Camera(data);
const picture = find("picture");
const outlines = new Outlines(find("drawing"), camera, data.mayEdit);
const size = () => [picture.naturalWidth || 1280, picture.naturalHeight || 720];
outlines.fit(...size());
new OutlineList(find("outline-list"), camera, data.mayEdit);
new Incidents(find("incidents"), camera, data);
const map = new GroundMap(find("ground-map"), data);
const calibration = new Calibration({
  list: find("calibration-list"), told: find("calibration-told"), camera, outlines, map, address: data.at.fit, mayEdit: data.mayEdit, size,
});

picture.addEventListener("load", () => {
  outlines.fit(...size());
  calibration.draw();
});

// ---- a fresh still --------------------------------------------------------------------------------------------
const status = find("still-status");
const wait = find("still-wait");

async function renew() {
  find("renew-still").disabled = true;
  wait.hidden = false;
  status.classList.remove("wrong");
  status.textContent = say("asked");
  try {
    const still = await fetchStill(data.at.still, (step) => { status.textContent = say(step); }, say("notReached"));
    picture.src = still.picture;
    await picture.decode();
    picture.hidden = false;
    find("no-still").hidden = true;
    status.innerHTML = `${say("taken")} ${still.taken}`; // the server's own <time>
  } catch (error) {
    status.textContent = error.message;
    status.classList.add("wrong");
  }
  wait.hidden = true;
  find("renew-still").disabled = false;
}

find("renew-still").addEventListener("click", renew);
if (!data.still && !data.whyNoStill) renew();

// ---- tools ----------------------------------------------------------------------------------------------------
if (data.mayEdit) {
  const tools = { zone: find("draw-zone"), mask: find("draw-mask"), calibrate: find("calibrate") };
  const hint = find("draw-hint");
  const press = (name) => {
    for (const [other, tool] of Object.entries(tools)) tool.setAttribute("aria-pressed", String(other === name));
    find("drawing").classList.toggle("aiming", name !== null);
    hint.textContent = { zone: say("draw"), mask: say("draw"), calibrate: say("pick") }[name] ?? say("drawKeys");
  };
  const stop = () => {
    if (outlines.drawing) outlines.end(false);
    if (calibration.picking) calibration.pick(false);
    press(null);
  };
  for (const type of ["zone", "mask"]) {
    tools[type].addEventListener("click", (event) => {
      const again = tools[type].getAttribute("aria-pressed") === "true";
      stop();
      if (again) return;
      const byKeys = event.detail === 0;
      if (!byKeys) press(type);
      outlines.begin(type, byKeys);
    });
  }
  outlines.onEnd = () => press(null);
  tools.calibrate.addEventListener("click", () => {
    const on = !calibration.picking;
    stop();
    if (!on) return;
    press("calibrate");
    calibration.pick(true);
  });
  find("add-ground-point").addEventListener("click", () => {
    camera.clicked.push({ pixel: null, lonlat: null });
    camera.changed("calibration");
    find("calibration-list").querySelector("li:last-child input")?.focus();
  });
  find("clear-calibration").addEventListener("click", () => {
    camera.clicked.length = 0;
    calibration.changed();
  });
  press(null);
  new Saving({
    button: find("save"), why: find("why"), told: find("save-told"), faults: find("faults"), badge: find("standing"), camera, at: data.at, seen: data.seen,
  });
}
document.documentElement.dataset.editor = "ready";
