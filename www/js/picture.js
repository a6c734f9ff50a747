// Pictures of a drawing that is in the page: an SVG that needs nothing else, and a PNG of it.

const SVG = "http://www.w3.org/2000/svg";
/** Marks, outlines and shadows reach beyond the nodes. */
const MARGIN = 20;
/** What decides how a shape or a text looks; everything else is an attribute already. */
const LOOKS = [
  "fill",
  "fill-opacity",
  "stroke",
  "stroke-width",
  "stroke-dasharray",
  "stroke-linecap",
  "stroke-linejoin",
  "stroke-opacity",
  "opacity",
  "font-family",
  "font-size",
  "font-weight",
  "text-anchor",
];
const DRAWN = new Set(["svg", "g", "path", "rect", "circle", "ellipse", "line", "polyline", "polygon", "text", "tspan", "title"]);
const KEPT = new Set([
  ...["d", "x", "y", "x1", "y1", "x2", "y2", "cx", "cy", "r", "rx", "ry", "width", "height", "points", "transform", "viewBox"],
  ...LOOKS,
]);

/**
 * A drawing as the text of an SVG file, in the colours of the page's theme.
 * @param {SVGSVGElement} drawing
 * @param {string} title
 */
export function svgOf(drawing, title) {
  const width = Number(drawing.getAttribute("width"));
  const height = Number(drawing.getAttribute("height"));
  const picture = document.createElementNS(SVG, "svg");
  picture.setAttribute("xmlns", SVG);
  picture.setAttribute("width", String(width + 2 * MARGIN));
  picture.setAttribute("height", String(height + 2 * MARGIN));
  picture.setAttribute("viewBox", `${-MARGIN} ${-MARGIN} ${width + 2 * MARGIN} ${height + 2 * MARGIN}`);
  picture.setAttribute("role", "img");
  const name = document.createElementNS(SVG, "title");
  name.textContent = title;
  const ground = document.createElementNS(SVG, "rect");
  ground.setAttribute("x", String(-MARGIN));
  ground.setAttribute("y", String(-MARGIN));
  ground.setAttribute("width", String(width + 2 * MARGIN));
  ground.setAttribute("height", String(height + 2 * MARGIN));
  ground.setAttribute("fill", getComputedStyle(drawing).getPropertyValue("--graph-bg").trim() || "white");
  picture.append(name, ground);
  for (const child of drawing.children) {
    const copy = copyOf(child);
    // The page's pan and zoom are not of the drawing.
    copy?.removeAttribute("transform");
    if (copy) picture.append(copy);
  }
  return `<?xml version="1.0" encoding="UTF-8"?>\n${new XMLSerializer().serializeToString(picture)}\n`;
}

/** An element with its looks written out, and nothing of what only the page needs. */
function copyOf(element) {
  const name = element.localName;
  const looks = getComputedStyle(element);
  if (!DRAWN.has(name) || looks.display === "none" || looks.visibility === "hidden") return null;
  const copy = document.createElementNS(SVG, name);
  if (name === "title") {
    copy.textContent = element.textContent;
    return copy;
  }
  for (const { name: attribute, value } of element.attributes) {
    if (KEPT.has(attribute)) copy.setAttribute(attribute, value);
  }
  if (name !== "g") {
    for (const look of LOOKS) {
      const value = looks.getPropertyValue(look);
      if (value) copy.setAttribute(look, value);
    }
    // An invisible ring is only there to show the focus.
    if (copy.getAttribute("fill") === "none" && copy.getAttribute("stroke") === "none") return null;
  }
  for (const child of element.childNodes) {
    if (child.nodeType === Node.TEXT_NODE) copy.append(child.textContent);
    else if (child.nodeType === Node.ELEMENT_NODE) {
      const inner = copyOf(child);
      if (inner) copy.append(inner);
    }
  }
  return copy;
}

/**
 * The picture in pixels, twice as many as it has on the page.
 * @param {string} svg
 * @returns {Promise<Blob>}
 */
export async function pngOf(svg) {
  const url = URL.createObjectURL(new Blob([svg], { type: "image/svg+xml" }));
  try {
    const image = new Image();
    image.src = url;
    await image.decode();
    // Browsers give up on larger canvases.
    const scale = Math.min(2, 8000 / image.naturalWidth, 8000 / image.naturalHeight);
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(image.naturalWidth * scale);
    canvas.height = Math.round(image.naturalHeight * scale);
    canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
    const blob = await new Promise((done) => canvas.toBlob(done, "image/png"));
    if (!blob) throw new Error("no picture");
    return blob;
  } finally {
    URL.revokeObjectURL(url);
  }
}

/**
 * Offers a file.
 * @param {string} name
 * @param {Blob} blob
 */
export function saveBlob(name, blob) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
