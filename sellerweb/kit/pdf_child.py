"""The process that draws: pages as JSON on stdin, one PDF on stdout. Started by `kit.pdf`, imported by nobody.

It runs alone (`python -I`), so it imports nothing of sellerweb. On failure it names the kind of error and
nothing else: a traceback could carry a customer's address into a log.
"""

import gc
import json
import logging
import resource
import sys
from io import BytesIO
from typing import Any

# A document of 500 pages peaks at 550 MB; 50 at a time stay near 145 MB however long the batch is.
CHUNK = 50
PICTURES = ("data:image/png;base64,", "data:image/jpeg;base64,")


def main() -> None:
    """Read the work, keep within its limits, write the PDF."""
    work = json.load(sys.stdin.buffer)
    resource.setrlimit(resource.RLIMIT_AS, (work["memory"], work["memory"]))
    processor = int(work["seconds"]) + 1  # ends us even when the parent died before it could
    resource.setrlimit(resource.RLIMIT_CPU, (processor, processor))
    sys.stdout.buffer.write(_drawing(work["documents"], work["css"]))


def _drawing(documents: list[str], css: str) -> bytes:
    import weasyprint
    from weasyprint.text.fonts import FontConfiguration

    logging.getLogger("weasyprint").setLevel(logging.CRITICAL)
    fetcher, fonts = _fetcher(), FontConfiguration()
    sheet = weasyprint.CSS(string=css, font_config=fonts, url_fetcher=fetcher)
    chunks = []
    for start in range(0, len(documents), CHUNK):
        gc.disable()  # nothing is garbage before the chunk is done; looking for it costs a third of the time
        drawn = [
            weasyprint.HTML(string=document, url_fetcher=fetcher).render(
                font_config=fonts, stylesheets=[sheet], cache={}
            )
            for document in documents[start : start + CHUNK]
        ]
        chunks.append(drawn[0].copy([page for document in drawn for page in document.pages]).write_pdf())
        del drawn
        gc.enable()
        gc.collect()
    return chunks[0] if len(chunks) == 1 else _joined(chunks)


def _fetcher() -> Any:
    from weasyprint.urls import URLFetcher

    class Pictures(URLFetcher):  # type: ignore[misc]  # WeasyPrint has no types
        """Pictures inside the page itself; never a network, a file or another document."""

        def fetch(self, url: str, headers: Any = None) -> Any:
            if not url.startswith(PICTURES):
                raise ValueError("blocked")
            return super().fetch(url, headers)

    return Pictures(allowed_protocols=("data",), allow_redirects=False)


def _joined(chunks: list[bytes]) -> bytes:
    import pikepdf

    whole, file = pikepdf.Pdf.new(), BytesIO()
    for chunk in chunks:
        whole.pages.extend(pikepdf.Pdf.open(BytesIO(chunk)).pages)
    whole.save(file)
    return file.getvalue()


if __name__ == "__main__":
    try:
        main()
    except Exception as error:
        sys.exit(type(error).__name__)
