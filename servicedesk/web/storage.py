"""Static files under hashed names, the ones a module imports included."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class DeskStaticStorage(CompressedManifestStaticFilesStorage):
    """Also rewrites `import … from "./x.js"`, so that a cached page never mixes old and new behaviours."""

    support_js_module_import_aggregation = True
