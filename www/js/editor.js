// The code editor: CodeMirror 6 behind the few calls that the page needs.
//
// It knows text, ranges and marks, and nothing of the Amazon States Language: diagnostics, completions and hovers are
// computed in Rust. All offsets are UTF-16 code units from the start of the text. Colours are those of css/tokens.css.

import {
  autocompletion,
  closeBrackets,
  closeBracketsKeymap,
  completionKeymap,
} from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { javascript } from "@codemirror/lang-javascript";
import { json } from "@codemirror/lang-json";
import {
  bracketMatching,
  foldGutter,
  foldKeymap,
  HighlightStyle,
  indentOnInput,
  indentUnit,
  syntaxHighlighting,
} from "@codemirror/language";
import { lintGutter, lintKeymap, setDiagnostics } from "@codemirror/lint";
import { highlightSelectionMatches, search, searchKeymap } from "@codemirror/search";
import { Annotation, Compartment, EditorState, StateEffect, StateField, Transaction } from "@codemirror/state";
import {
  crosshairCursor,
  Decoration,
  drawSelection,
  dropCursor,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  highlightSpecialChars,
  hoverTooltip,
  keymap,
  lineNumbers,
  rectangularSelection,
} from "@codemirror/view";
import { tags } from "@lezer/highlight";

/** Marks what did not come from the person at the keyboard, so that it is not reported back. */
const fromOutside = Annotation.define();

const setHighlight = StateEffect.define();

/** The lines of the highlighted range. */
const highlightedLines = StateField.define({
  create: () => Decoration.none,
  update(lines, transaction) {
    lines = lines.map(transaction.changes);
    for (const effect of transaction.effects) {
      if (!effect.is(setHighlight)) continue;
      const marks = [];
      if (effect.value) {
        const { doc } = transaction.state;
        const last = doc.lineAt(clamp(effect.value.to, doc)).number;
        for (let number = doc.lineAt(clamp(effect.value.from, doc)).number; number <= last; number++) {
          marks.push(Decoration.line({ class: "cm-highlighted" }).range(doc.line(number).from));
        }
      }
      lines = Decoration.set(marks);
    }
    return lines;
  },
  provide: (field) => EditorView.decorations.from(field),
});

const colours = HighlightStyle.define([
  { tag: [tags.propertyName, tags.definition(tags.propertyName)], color: "var(--code-key)" },
  { tag: [tags.string, tags.special(tags.string), tags.regexp], color: "var(--code-string)" },
  { tag: [tags.number, tags.bool, tags.null], color: "var(--code-number)" },
  { tag: [tags.keyword, tags.operatorKeyword, tags.modifier], color: "var(--code-keyword)" },
  { tag: tags.comment, color: "var(--code-comment)", fontStyle: "italic" },
  { tag: tags.invalid, color: "var(--fail)" },
]);

const theme = EditorView.theme({
  "&": { height: "100%", backgroundColor: "var(--panel)", color: "var(--ink)", fontSize: "var(--text-s)" },
  "&.cm-focused": { outline: "2px solid var(--focus)", outlineOffset: "-2px" },
  ".cm-scroller": { fontFamily: "var(--mono)", lineHeight: "1.6" },
  ".cm-content": { caretColor: "var(--ink)" },
  ".cm-cursor, .cm-dropCursor": { borderLeftColor: "var(--ink)" },
  ".cm-gutters": { backgroundColor: "var(--panel)", color: "var(--ink-3)", border: "none" },
  ".cm-activeLine, .cm-activeLineGutter": { backgroundColor: "var(--code-line)" },
  ".cm-highlighted": { backgroundColor: "var(--code-highlight)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": {
    backgroundColor: "var(--code-selection)",
  },
  ".cm-selectionMatch, .cm-searchMatch": { backgroundColor: "var(--code-match)" },
  ".cm-searchMatch-selected": { outline: "1px solid var(--accent)" },
  "&.cm-focused .cm-matchingBracket": { backgroundColor: "var(--accent-soft)", outline: "1px solid var(--accent)" },
  "&.cm-focused .cm-nonmatchingBracket": { backgroundColor: "var(--fail-soft)" },
  ".cm-foldPlaceholder": {
    backgroundColor: "var(--idle-soft)",
    border: "1px solid var(--line)",
    color: "var(--ink-2)",
  },
  ".cm-panels": { backgroundColor: "var(--bg)", color: "var(--ink)" },
  ".cm-panels.cm-panels-bottom": { borderTop: "1px solid var(--line)" },
  ".cm-textfield": { backgroundColor: "var(--panel)", border: "1px solid var(--line-strong)" },
  ".cm-button": { backgroundColor: "var(--raised)", backgroundImage: "none", border: "1px solid var(--line-strong)" },
  ".cm-tooltip": {
    backgroundColor: "var(--raised)",
    border: "1px solid var(--line)",
    borderRadius: "var(--radius-s)",
    boxShadow: "var(--shadow)",
    color: "var(--ink)",
    maxWidth: "32rem",
  },
  ".cm-tooltip-autocomplete ul li[aria-selected]": { backgroundColor: "var(--accent)", color: "var(--on-accent)" },
  ".cm-hover": { padding: "var(--space-2)", whiteSpace: "pre-wrap", fontFamily: "var(--sans)" },
  ".cm-diagnostic": { fontFamily: "var(--sans)", padding: "var(--space-2)" },
  ".cm-diagnostic-error": { borderLeft: "4px solid var(--fail)" },
  ".cm-diagnostic-warning": { borderLeft: "4px solid var(--caught)" },
  ".cm-diagnostic-info": { borderLeft: "4px solid var(--run)" },
  ".cm-diagnosticAction": { backgroundColor: "var(--accent)", color: "var(--on-accent)" },
  ".cm-lintRange-error": { backgroundImage: "none", borderBottom: "2px dotted var(--fail)" },
  ".cm-lintRange-warning": { backgroundImage: "none", borderBottom: "2px dotted var(--caught)" },
  ".cm-lintRange-info": { backgroundImage: "none", borderBottom: "2px dotted var(--run)" },
});

const languages = { json, javascript };

/**
 * Puts an editor into `parent`.
 *
 * options: { text, language: "json" | "javascript", readOnly, ariaLabel,
 *   onChange(text), onCursor(offset), onAction(id),
 *   onComplete(offset) → { from, options: [{ label, detail, info, type, apply }] } | undefined,
 *   onHover(offset) → { from, to, text } | undefined }
 */
export function create(parent, options) {
  return new CodeEditor(parent, options);
}

class CodeEditor {
  #view;
  #options;
  #settings = new Compartment();

  constructor(parent, options) {
    this.#options = options;
    this.#view = new EditorView({
      parent,
      state: EditorState.create({
        doc: options.text,
        extensions: [
          // Offsets are the same on both sides: a carriage return stays a character of its line.
          EditorState.lineSeparator.of("\n"),
          EditorView.clipboardInputFilter.of((text) => text.replace(/\r\n?/g, "\n")),
          EditorState.allowMultipleSelections.of(true),
          indentUnit.of("  "),
          lineNumbers(),
          foldGutter(),
          lintGutter(),
          highlightSpecialChars(),
          history(),
          drawSelection(),
          dropCursor(),
          indentOnInput(),
          bracketMatching(),
          closeBrackets(),
          rectangularSelection(),
          crosshairCursor(),
          highlightActiveLine(),
          highlightActiveLineGutter(),
          highlightSelectionMatches(),
          search({ top: false }),
          autocompletion({ override: options.onComplete ? [(context) => this.#complete(context)] : [] }),
          hoverTooltip((_view, offset) => this.#hover(offset)),
          highlightedLines,
          syntaxHighlighting(colours),
          theme,
          languages[options.language]?.() ?? [],
          keymap.of([
            ...closeBracketsKeymap,
            ...defaultKeymap,
            ...searchKeymap,
            ...historyKeymap,
            ...foldKeymap,
            ...completionKeymap,
            ...lintKeymap,
            // Escape, then Tab, leaves the editor: CodeMirror sees to that.
            indentWithTab,
          ]),
          this.#settings.of(this.#settingsOf(options)),
          EditorView.updateListener.of((update) => this.#report(update)),
        ],
      }),
    });
  }

  getText() {
    return this.#view.state.doc.toString();
  }

  /** Replaces only what differs, so that cursor, folds and scroll position stay. */
  setText(text) {
    const now = this.getText();
    if (now === text) return;
    let from = 0;
    const shorter = Math.min(now.length, text.length);
    while (from < shorter && now.charCodeAt(from) === text.charCodeAt(from)) from++;
    let tail = 0;
    while (tail < shorter - from && now.charCodeAt(now.length - 1 - tail) === text.charCodeAt(text.length - 1 - tail)) {
      tail++;
    }
    this.#view.dispatch({
      changes: { from, to: now.length - tail, insert: text.slice(from, text.length - tail) },
      annotations: fromOutside.of(true),
    });
  }

  setSettings(readOnly, ariaLabel) {
    this.#view.dispatch({ effects: this.#settings.reconfigure(this.#settingsOf({ readOnly, ariaLabel })) });
  }

  /** diagnostics: [{ from, to, severity: "error" | "warning" | "info", message, actions: [{ name, id }] }] */
  setDiagnostics(diagnostics) {
    const { state } = this.#view;
    const marks = diagnostics.map(({ from, to, severity, message, actions }) => ({
      from: clamp(from, state.doc),
      to: Math.max(clamp(from, state.doc), clamp(to, state.doc)),
      severity,
      message,
      actions: actions.map(({ name, id }) => ({ name, apply: () => this.#options.onAction?.(id) })),
    }));
    this.#view.dispatch(setDiagnostics(state, marks));
  }

  /** Highlights the lines of a range; without one, none. */
  highlightRange(from, to) {
    this.#view.dispatch({ effects: setHighlight.of(from === undefined ? null : { from, to }) });
  }

  scrollTo(offset) {
    const position = clamp(offset, this.#view.state.doc);
    this.#view.dispatch({ effects: EditorView.scrollIntoView(position, { y: "center" }) });
  }

  /** Puts the cursor at a place, shows it and takes the focus. */
  select(from, to) {
    const { doc } = this.#view.state;
    this.#view.dispatch({
      selection: { anchor: clamp(from, doc), head: clamp(to, doc) },
      effects: EditorView.scrollIntoView(clamp(from, doc), { y: "center" }),
    });
    this.#view.focus();
  }

  /** edits: [{ from, to, insert }] over the text as it is; one step of undo, reported as a change by the person. */
  applyEdits(edits) {
    this.#view.dispatch({ changes: edits, annotations: Transaction.userEvent.of("input.fix") });
  }

  focus() {
    this.#view.focus();
  }

  destroy() {
    this.#view.destroy();
  }

  #settingsOf({ readOnly, ariaLabel }) {
    return [
      EditorState.readOnly.of(readOnly),
      EditorView.contentAttributes.of({
        "aria-label": ariaLabel,
        "aria-readonly": String(readOnly),
        // A read-only text can be reached by keyboard, to scroll and copy.
        tabindex: "0",
      }),
    ];
  }

  #report(update) {
    const outside = update.transactions.some((transaction) => transaction.annotation(fromOutside));
    if (update.docChanged && !outside) this.#options.onChange?.(update.state.doc.toString());
    const head = update.state.selection.main.head;
    if (!outside && head !== update.startState.selection.main.head) this.#options.onCursor?.(head);
  }

  #complete(context) {
    if (!context.explicit && !context.matchBefore(/["\w.$:]/)) return null;
    return this.#options.onComplete(context.pos) ?? null;
  }

  #hover(offset) {
    const found = this.#options.onHover?.(offset);
    if (!found) return null;
    return {
      pos: found.from,
      end: found.to,
      above: true,
      create() {
        const dom = document.createElement("div");
        dom.className = "cm-hover";
        dom.textContent = found.text;
        return { dom };
      },
    };
  }
}

function clamp(offset, doc) {
  return Math.max(0, Math.min(offset, doc.length));
}
