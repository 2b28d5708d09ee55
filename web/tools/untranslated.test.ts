import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { expect, it } from "vitest";
import { readCatalogue } from "./catalogue";

// A text that people read comes from the catalogue. Here the sources are searched for the ones that do not: words between tags,
// words in attributes that are read out or shown, and keys that the catalogue does not have.

const source = fileURLToPath(new URL("../src", import.meta.url));
const catalogue = readCatalogue(fileURLToPath(new URL("../../i18n", import.meta.url)), "en");

/** Names that are the same in every language. */
const names = new Set(["ExHyperV", "English", "简体中文", "GPL-3.0-or-later"]);
const shown = new Set(["label", "title", "placeholder", "alt", "aria-label", "aria-description", "content", "hint", "text", "name"]);
/** Attributes that share a name with a shown one but hold a key or an identifier. */
const identifiers = new Set(["PageFrame.name", "Place.name", "meta.name", "meta.content"]);
const hasWords = (text: string) => /\p{L}{2,}/u.test(text) && !names.has(text.trim());

function untranslated(file: string, text: string): string[] {
  const tree = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true, ts.ScriptKind.TSX);
  const found: string[] = [];
  const report = (node: ts.Node, what: string) => found.push(`${file}:${tree.getLineAndCharacterOfPosition(node.getStart()).line + 1}: ${what}`);
  /** The literals an expression may come out as. */
  const literals = (node: ts.Expression): string[] => {
    if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) return [node.text];
    if (ts.isTemplateExpression(node)) return [node.head.text, ...node.templateSpans.map((span) => span.literal.text)];
    if (ts.isConditionalExpression(node)) return [...literals(node.whenTrue), ...literals(node.whenFalse)];
    if (ts.isBinaryExpression(node)) {
      const operator = node.operatorToken.kind;
      if (operator === ts.SyntaxKind.AmpersandAmpersandToken) return literals(node.right);
      const either = operator === ts.SyntaxKind.BarBarToken || operator === ts.SyntaxKind.QuestionQuestionToken || operator === ts.SyntaxKind.PlusToken;
      return either ? [...literals(node.left), ...literals(node.right)] : [];
    }
    if (ts.isParenthesizedExpression(node)) return literals(node.expression);
    return [];
  };
  const visit = (node: ts.Node): void => {
    if (ts.isJsxText(node) && hasWords(node.text)) report(node, `text ${JSON.stringify(node.text.trim())}`);
    if (ts.isJsxExpression(node) && node.expression && (ts.isJsxElement(node.parent) || ts.isJsxFragment(node.parent)))
      for (const literal of literals(node.expression)) if (hasWords(literal)) report(node, `text ${JSON.stringify(literal)}`);
    if (ts.isJsxAttribute(node) && node.initializer && shown.has(node.name.getText())) {
      const owner = node.parent.parent.tagName.getText();
      const value = ts.isStringLiteral(node.initializer) ? [node.initializer.text] : ts.isJsxExpression(node.initializer) && node.initializer.expression ? literals(node.initializer.expression) : [];
      if (!identifiers.has(`${owner}.${node.name.getText()}`))
        for (const literal of value) if (hasWords(literal)) report(node, `attribute ${node.name.getText()} ${JSON.stringify(literal)}`);
    }
    if (ts.isCallExpression(node) && node.expression.getText() === "t" && node.arguments[0])
      for (const key of ts.isTemplateExpression(node.arguments[0]) ? [] : literals(node.arguments[0])) if (!(key in catalogue)) report(node, `no text for the key ${key}`);
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return found;
}

function files(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return files(path);
    return /\.tsx?$/.test(entry.name) && !/\.(test|gen|d)\./.test(entry.name) ? [path] : [];
  });
}

it("says nothing to people that does not come from the catalogue", () => {
  const all = files(source);
  expect(all.length).toBeGreaterThan(30);
  expect(all.flatMap((file) => untranslated(file.slice(source.length + 1), readFileSync(file, "utf8")))).toEqual([]);
});

it("finds a text, an attribute and a key that are not in the catalogue", () => {
  const page = 'export const Page = () => <p title="Hello there">Some words {on ? "Other words" : t("web.no.such.key")} <b>ExHyperV</b></p>;';
  expect(untranslated("page.tsx", page).map((line) => line.slice(line.indexOf(": ") + 2))).toEqual([
    'attribute title "Hello there"',
    'text "Some words"',
    'text "Other words"',
    "no text for the key web.no.such.key",
  ]);
});
