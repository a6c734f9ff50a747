// Injected by the browser tests (e2e/src/page.rs): finds elements as assistive technology sees them, and runs axe.

import axe from "axe-core";
import { computeAccessibleName, getRole, isInaccessible } from "dom-accessibility-api";

const collapse = (text) => text.replace(/\s+/g, " ").trim();

/** All elements of a role, also inside open shadow roots, in document order; hidden ones left out. */
function byRole(role) {
  const found = [];
  const visit = (root) => {
    for (const element of root.querySelectorAll("*")) {
      if (getRole(element) === role && !isInaccessible(element)) found.push(element);
      if (element.shadowRoot) visit(element.shadowRoot);
    }
  };
  visit(document);
  return found;
}

const nameOf = (element) => collapse(computeAccessibleName(element));

/** Elements of a role whose accessible name equals `name`, or contains it if `exact` is false. */
function find(role, name, exact) {
  return byRole(role).filter((element) => (exact ? nameOf(element) === name : nameOf(element).includes(name)));
}

/** What a failed search may say: the names that there are. */
const names = (role) => byRole(role).map(nameOf);

/** The text that a person can read, blanks collapsed. */
const text = () => collapse(document.body.innerText);

/** Pastes as from the clipboard. */
function paste(element, value) {
  element.focus();
  const clipboardData = new DataTransfer();
  clipboardData.setData("text/plain", value);
  element.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
}

/** One line for each thing that breaks a WCAG 2.2 A or AA rule. */
async function accessibilityProblems() {
  const { violations } = await axe.run(document, {
    runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    resultTypes: ["violations"],
  });
  return violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${help}\n  ${html}\n  ${failureSummary}`),
  );
}

window.stepyardTests = { find, names, text, paste, accessibilityProblems };
