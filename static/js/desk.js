// One page, one start: bind every behaviour now and again to whatever htmx swaps in.
import * as actions from "./behaviours/actions.js";
import * as ask from "./behaviours/ask.js";
import * as bulk from "./behaviours/bulk.js";
import * as clocks from "./behaviours/clocks.js";
import * as composer from "./behaviours/composer.js";
import * as desktop from "./behaviours/desktop.js";
import * as dialogs from "./behaviours/dialogs.js";
import * as drafts from "./behaviours/drafts.js";
import * as errors from "./behaviours/errors.js";
import * as files from "./behaviours/files.js";
import * as gently from "./behaviours/gently.js";
import * as here from "./behaviours/here.js";
import * as keys from "./behaviours/keys.js";
import * as live from "./behaviours/live.js";
import * as mentions from "./behaviours/mentions.js";
import * as menus from "./behaviours/menus.js";
import * as once from "./behaviours/once.js";
import * as opened from "./behaviours/opened.js";
import * as palette from "./behaviours/palette.js";
import * as preview from "./behaviours/preview.js";
import * as refusals from "./behaviours/refusals.js";
import * as rows from "./behaviours/rows.js";
import * as segments from "./behaviours/segments.js";
import * as stale from "./behaviours/stale.js";
import * as theme from "./behaviours/theme.js";
import * as tidy from "./behaviours/tidy.js";
import * as toasts from "./behaviours/toasts.js";
import * as typed from "./behaviours/typed.js";
import * as writing from "./behaviours/writing.js";

const ALL = [actions, ask, bulk, clocks, composer, desktop, dialogs, drafts, errors, files, gently, here, keys, live, mentions, menus, once, opened, palette, preview, refusals, rows, segments, stale, theme, tidy, toasts, typed, writing];

for (const behaviour of ALL) behaviour.start?.();
const bind = (root) => ALL.forEach((behaviour) => behaviour.bind?.(root));
document.addEventListener("htmx:after:process", (event) => event.target !== document.body && bind(event.target));
bind(document.body);
document.documentElement.dataset.ready = "";
