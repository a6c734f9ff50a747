// Injected by the browser tests (e2e/src/page.rs): finds elements as assistive technology sees them, and runs axe.

import axe from "axe-core";
import { computeAccessibleName, getRole, isInaccessible } from "dom-accessibility-api";

const collapse = (text) => text.replace(/\s+/g, " ").trim();

/** What the library takes for a column's header may be a row's. */
const roleOf = (element) => (element.matches('th[scope="row"]') ? "rowheader" : getRole(element));

/** All elements of a role in `part`, also inside open shadow roots, in document order; hidden ones left out. */
function byRole(part, role) {
  const found = [];
  const visit = (root) => {
    for (const element of root.querySelectorAll("*")) {
      if (roleOf(element) === role && !isInaccessible(element)) found.push(element);
      if (element.shadowRoot) visit(element.shadowRoot);
    }
  };
  visit(part);
  return found;
}

const nameOf = (element) => collapse(computeAccessibleName(element));

/** `main`, `dialog > button` or `region «Dock» > tab`: each part lies in the one before; the last one's elements. */
function follow(path) {
  const steps = path.split(" > ");
  const role = steps.pop();
  let parts = [document];
  for (const step of steps) {
    const [outer, name] = step.split(/ ?[«»]/);
    parts = parts.flatMap((part) => byRole(part, outer).filter((each) => name === undefined || nameOf(each) === name));
  }
  return [...new Set(parts.flatMap((part) => byRole(part, role)))];
}

/** Whether `name` fits: `Logs…` stands for all names that begin so. */
const fits = (real, name) => (name.endsWith("…") ? real.startsWith(name.slice(0, -1)) : real === name);

/** Elements of a role whose accessible name is `name`, or has it in it if `exact` is false. */
function find(path, name, exact) {
  return follow(path).filter((element) => (exact ? fits(nameOf(element), name) : nameOf(element).includes(name)));
}

/** What a failed search may say: the names that there are. */
const names = (path) => follow(path).map(nameOf);

/** The text that a person can read, in the page or in what `path` leads to, blanks collapsed. */
function text(path, name) {
  if (!path) return collapse(document.body.innerText);
  return collapse(find(path, name, true).map((element) => element.innerText).join(" "));
}

/** The role and the name of what has the focus. */
const focused = () => [getRole(document.activeElement), nameOf(document.activeElement)];

/** Pastes as from the clipboard. */
function paste(element, value) {
  element.focus();
  const clipboardData = new DataTransfer();
  clipboardData.setData("text/plain", value);
  const event = new ClipboardEvent("paste", { bubbles: true, cancelable: true });
  // Firefox makes no event with a clipboard of its own.
  Object.defineProperty(event, "clipboardData", { value: clipboardData });
  element.dispatchEvent(event);
}

/** One line for each thing that breaks a WCAG 2.2 A or AA rule. */
async function accessibilityProblems() {
  const { violations } = await axe.run(document, {
    runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    resultTypes: ["violations"],
    // It reads the words of an SVG without the blanks between them, and so never finds them in a name.
    rules: { "label-content-name-mismatch": { enabled: false } },
  });
  return violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${help}\n  ${html}\n  ${failureSummary}`),
  );
}

window.stepyardTests = { find, names, text, focused, paste, accessibilityProblems };
