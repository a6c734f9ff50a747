// <stepyard-embed>: a run or a moment of Stepyard inside another page, in a sandbox without storage.
//
//   <script type="module" src="https://…/embed/stepyard-embed.js"></script>
//   <stepyard-embed link="y1.run.…" pane="graph" theme="light"></stepyard-embed>
//
// docs/embed.md in Stepyard's repository tells all attributes, methods, events and messages.

const VERSION = 1;
/** Attributes that become parameters of the frame's address by the same names. */
const OPTIONS = ["pane", "theme", "controls", "caption", "readonly", "step"];
const COMMANDS = ["play", "pause", "step", "stepBack", "backToStart"];

class StepyardEmbed extends HTMLElement {
  static observedAttributes = ["link", "src", "title", ...OPTIONS];

  #frame = document.createElement("iframe");
  #moment = null;
  #hear = (event) => this.#heard(event);

  constructor() {
    super();
    const root = this.attachShadow({ mode: "open" });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(":host { display: block; height: 24rem; } iframe { width: 100%; height: 100%; border: 0; }");
    root.adoptedStyleSheets = [sheet];
    // No `allow-same-origin`: the frame has no origin of its own, no storage, and cannot reach the page around it.
    this.#frame.setAttribute("sandbox", "allow-scripts allow-popups allow-popups-to-escape-sandbox");
    this.#frame.setAttribute("loading", "lazy");
    this.#frame.allow = "clipboard-write";
    root.append(this.#frame);
  }

  connectedCallback() {
    // So that the focus has somewhere to go when it leaves the frame.
    if (!this.hasAttribute("tabindex")) this.tabIndex = -1;
    window.addEventListener("message", this.#hear);
    this.#load();
  }

  disconnectedCallback() {
    window.removeEventListener("message", this.#hear);
    // Where the element is put next, the frame begins anew.
    this.#moment = null;
  }

  attributeChangedCallback() {
    if (this.isConnected) this.#load();
  }

  /** Where the run stands: `{ step, furthest, playing, caption }`; null until it is ready. */
  get moment() {
    return this.#moment;
  }

  /** Goes to right after a step. */
  goTo(step) {
    this.#tell({ do: "goTo", step });
  }

  #load() {
    // A whole address of a link is as good as its fragment.
    const link = (this.getAttribute("link") ?? "").replace(/^.*#/, "");
    const page = new URL(this.getAttribute("src") ?? "../", this.getAttribute("src") ? document.baseURI : import.meta.url);
    page.searchParams.set("embed", "");
    for (const name of OPTIONS) if (this.hasAttribute(name)) page.searchParams.set(name, this.getAttribute(name));
    if (link) page.hash = link;
    this.#frame.title = this.getAttribute("title") ?? "A workflow in Stepyard";
    if (this.#frame.src === page.href) return;
    this.#moment = null;
    this.#frame.src = page.href;
  }

  #tell(message) {
    // The frame's origin is opaque, so there is no address to name; it takes commands from its parent only.
    this.#frame.contentWindow?.postMessage({ stepyard: VERSION, ...message }, "*");
  }

  #heard({ source, data }) {
    if (source !== this.#frame.contentWindow || data?.stepyard !== VERSION) return;
    if (data.event === "leave") {
      this.focus();
      this.dispatchEvent(new CustomEvent("stepyard-leave", { bubbles: true }));
    } else if (data.event === "moment") {
      const first = this.#moment === null;
      this.#moment = { step: data.step, furthest: data.furthest, playing: data.playing, caption: data.caption };
      if (first) this.dispatchEvent(new CustomEvent("stepyard-ready", { bubbles: true, detail: this.#moment }));
      this.dispatchEvent(new CustomEvent("stepyard-moment", { bubbles: true, detail: this.#moment }));
    }
  }

  static {
    for (const command of COMMANDS) {
      this.prototype[command] = function () {
        this.#tell({ do: command });
      };
    }
  }
}

customElements.define("stepyard-embed", StepyardEmbed);
