// Copies the pinned browser assets to ../static, builds the icon sprite, and writes vendor.json and
// THIRD_PARTY_NOTICES. Maintainers run it after `npm ci`; users never need node, the copies are committed.
import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const HERE = dirname(fileURLToPath(import.meta.url));
const MODULES = join(HERE, "node_modules");
const STATIC = join(HERE, "..", "static");

const PACKAGES = [
  {
    name: "htmx.org", folder: "htmx", licenceFile: "htmx.org/LICENSE",
    files: ["dist/htmx.min.js", "dist/ext/hx-sse.min.js"],
  },
  { name: "@tabler/core", folder: "tabler", licenceFile: "@tabler/icons/LICENSE", files: ["dist/css/tabler.min.css"] },
  {
    name: "@fontsource-variable/inter", folder: "inter", licenceFile: "@fontsource-variable/inter/LICENSE",
    files: ["files/inter-latin-wght-normal.woff2", "files/inter-latin-ext-wght-normal.woff2"],
  },
  { name: "@tabler/icons", folder: null, licenceFile: "@tabler/icons/LICENSE", files: [] },
];

const sha256 = (path) => createHash("sha256").update(readFileSync(path)).digest("hex");
const manifest = (name) => JSON.parse(readFileSync(join(MODULES, name, "package.json"), "utf8"));

/** Copy one file; text loses its sourceMappingURL line, because the manifest storage refuses a missing map. */
function copy(from, to) {
  mkdirSync(dirname(to), { recursive: true });
  if (!/\.(css|js)$/.test(from)) return cpSync(from, to);
  const text = readFileSync(from, "utf8").replace(/\s*(\/\/|\/\*)# sourceMappingURL=[^\n]*/g, "");
  writeFileSync(to, text.trimEnd() + "\n");
}

/** One sprite of the outline icons named in icons.json; an unknown name stops the run. */
function sprite(target) {
  const names = JSON.parse(readFileSync(join(HERE, "icons.json"), "utf8"));
  const symbols = names.map((name) => {
    const path = join(MODULES, "@tabler/icons/icons/outline", `${name}.svg`);
    if (!existsSync(path)) throw new Error(`No outline icon is called ${name}`);
    const body = readFileSync(path, "utf8").replace(/^[\s\S]*?<svg[^>]*>|<\/svg>\s*$/g, "");
    const shapes = body.split("\n").map((line) => line.trim()).filter((line) => line && !line.includes('stroke="none"'));
    return `<symbol id="i-${name}" viewBox="0 0 24 24">${shapes.join("")}</symbol>`;
  });
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, `<svg xmlns="http://www.w3.org/2000/svg">\n${symbols.join("\n")}\n</svg>\n`);
}

rmSync(join(STATIC, "vendor"), { recursive: true, force: true });
sprite(join(STATIC, "icons", "sprite.svg"));
const entries = PACKAGES.map(({ name, folder, files }) => {
  const { version, license } = manifest(name);
  const copies = files.map((file) => {
    const target = join("vendor", `${folder}-${version}`, file.split("/").pop());
    copy(join(MODULES, name, file), join(STATIC, target));
    return { path: target, sha256: sha256(join(STATIC, target)) };
  });
  if (!folder) copies.push({ path: "icons/sprite.svg", sha256: sha256(join(STATIC, "icons", "sprite.svg")) });
  return { name, version, licence: license, files: copies };
});
writeFileSync(join(STATIC, "vendor", "vendor.json"), JSON.stringify(entries, null, 2) + "\n");
const notices = PACKAGES.map(({ name, licenceFile }) => {
  const { version, license } = manifest(name);
  return `${name} ${version} (${license})\n\n${readFileSync(join(MODULES, licenceFile), "utf8").trim()}\n`;
});
writeFileSync(join(STATIC, "vendor", "THIRD_PARTY_NOTICES"), notices.join("\n" + "-".repeat(78) + "\n\n"));
