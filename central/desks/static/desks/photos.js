// Photos made smaller on the telephone before they are sent. What the telephone wrote into them (place, time) goes
// along, because the form offers the photo's place; the server takes it out again. Whatever fails is sent as it is.
(() => {
  "use strict";

  const LONGEST_PX = 1600; // what the server keeps
  const SMALL_BYTES = 300 * 1024; // not worth the work
  const QUALITY = 0.85;
  const [START, EXIF, SCAN] = [0xffd8, 0xffe1, 0xffda];
  const ORIENTATION = 0x0112;

  // The segment of a JPEG with the telephone's notes, its orientation set to upright; null where there is none.
  async function notesOf(file) {
    const data = new DataView(await file.slice(0, 256 * 1024).arrayBuffer());
    if (data.byteLength < 4 || data.getUint16(0) !== START) return null;
    for (let at = 2; at + 4 <= data.byteLength && data.getUint16(at) !== SCAN;) {
      const end = at + 2 + data.getUint16(at + 2);
      if (end > data.byteLength) return null;
      if (data.getUint16(at) === EXIF && data.getUint32(at + 4) === 0x45786966) return upright(data.buffer.slice(at, end));
      at = end;
    }
    return null;
  }

  function upright(segment) {
    const data = new DataView(segment);
    const tiff = 10; // marker, length, "Exif\0\0"
    const little = data.getUint16(tiff) === 0x4949;
    const first = tiff + data.getUint32(tiff + 4, little);
    for (let entry = 0; entry < data.getUint16(first, little); entry++) {
      const at = first + 2 + 12 * entry;
      if (data.getUint16(at, little) === ORIENTATION) data.setUint16(at + 8, 1, little);
    }
    return segment;
  }

  async function smaller(file) {
    if (file.size <= SMALL_BYTES) return file;
    const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
    const share = Math.min(1, LONGEST_PX / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [Math.round(picture.width * share), Math.round(picture.height * share)];
    const pen = canvas.getContext("2d");
    pen.fillStyle = "#fff";
    pen.fillRect(0, 0, canvas.width, canvas.height);
    pen.drawImage(picture, 0, 0, canvas.width, canvas.height);
    picture.close();
    const drawn = await new Promise((resolve) => { canvas.toBlob(resolve, "image/jpeg", QUALITY); });
    const notes = await notesOf(file).catch(() => null);
    const parts = notes ? [drawn.slice(0, 2), notes, drawn.slice(2)] : [drawn];
    const made = new File(parts, file.name.replace(/\.\w+$/, "") + ".jpg", { type: "image/jpeg" });
    return made.size < file.size ? made : file;
  }

  // Before htmx hears of the choice: it sends what is in the field then.
  document.getElementById("report-form").addEventListener("change", async (event) => {
    const field = event.target;
    if (field.id !== "photo" || field.dataset.ready) return;
    event.stopImmediatePropagation();
    const chosen = new DataTransfer();
    for (const file of [...field.files]) chosen.items.add(await smaller(file).catch(() => file));
    field.files = chosen.files;
    field.dataset.ready = "yes";
    field.dispatchEvent(new Event("change", { bubbles: true }));
    delete field.dataset.ready;
  }, { capture: true });
})();
