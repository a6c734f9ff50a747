// The screen after a crash. The page's own code is dead by now, so everything here is plain DOM.

import { lastsAsThePage, projectText } from "./store.js";

/**
 * @param {string} message what the panic said
 * @param {string} workspace the id of the open workspace, or ""
 * @param {string} attempt the input that was being handled, or ""
 */
export function showCrash(message, workspace, attempt) {
  console.error(message);
  try {
    // The next visit opens paused: what brought the page down may lie right ahead.
    localStorage.setItem("stepyard.crashed", "true");
  } catch {
    // No storage here: then nothing was kept either.
  }
  // A panic inside a panic, or a second one while the screen is up, changes nothing.
  if (document.getElementById("crash")) return;
  const app = document.getElementById("app") ?? document.body;
  const main = document.createElement("main");
  main.id = "crash";
  main.className = "crash";

  // Said at once; the page still has its main part.
  const said = add(main, "div", "");
  said.setAttribute("role", "alert");
  add(said, "h1", "Stepyard has crashed, and your work is kept");
  const only = workspace && lastsAsThePage(workspace);
  const kept = only
    ? "This browser keeps nothing for this page: download the project before you reload it."
    : "Everything up to the last thing you did is saved.";
  add(said, "p", `This is our mistake, not yours. ${kept}`);
  const buttons = add(main, "p", "");
  button(buttons, "Reload and replay", () => location.reload());
  if (workspace) {
    button(buttons, "Download the project", async () => {
      const file = new Blob([await projectText(workspace)], { type: "application/json" });
      const link = document.createElement("a");
      link.href = URL.createObjectURL(file);
      link.download = "project.stepyard.json";
      link.click();
    });
  }
  add(main, "h2", "What happened");
  add(main, "pre", message).tabIndex = 0;
  if (attempt) {
    add(main, "h2", "What was being done");
    add(main, "pre", attempt.slice(0, 4000)).tabIndex = 0;
  }
  app.replaceChildren(main);
}

function add(parent, name, text) {
  const element = document.createElement(name);
  element.textContent = text;
  parent.append(element);
  return element;
}

function button(parent, text, onClick) {
  const element = add(parent, "button", text);
  element.type = "button";
  element.className = "button";
  element.addEventListener("click", onClick);
}
