// The button "fresh masked picture" of tiles and incidents: shows the picture in a window of its own above the page.
import { fetchStill } from "./still.js";

function open(button) {
  const { dataset } = button;
  const dialog = document.createElement("dialog");
  dialog.className = "card fresh-still";
  dialog.setAttribute("aria-label", dataset.title);
  const status = document.createElement("p");
  status.setAttribute("role", "status");
  status.className = "hint";
  const close = document.createElement("button");
  close.type = "button";
  close.className = "tool";
  close.textContent = dataset.close;
  close.addEventListener("click", () => dialog.close());
  const heading = document.createElement("h2");
  heading.textContent = dataset.title;
  dialog.append(heading, status, close);
  dialog.addEventListener("close", () => {
    dialog.remove();
    document.getElementById(button.id)?.focus();
  });
  document.body.append(dialog);
  dialog.showModal();
  return { dialog, status };
}

async function show(button) {
  const { dataset } = button;
  const { dialog, status } = open(button);
  const bar = document.createElement("progress");
  status.append(dataset.asked);
  status.after(bar);
  try {
    const still = await fetchStill(dataset.still, (step) => { status.textContent = dataset[step]; }, dataset.notReached);
    const picture = document.createElement("img");
    picture.alt = dataset.title;
    picture.src = still.picture;
    await picture.decode();
    status.innerHTML = ""; // the server's own <time>
    status.append(`${dataset.taken} `);
    status.insertAdjacentHTML("beforeend", still.taken);
    status.before(picture);
  } catch (error) {
    status.textContent = error.message;
    status.className = "wrong";
    status.setAttribute("role", "alert");
  }
  bar.remove();
  dialog.dataset.done = "";
}

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-still]");
  if (button) show(button);
});
