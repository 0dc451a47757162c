"""The floor: a Django view that answers with the bytes a shop once answered with.

They lie in memory, read from the file that ``BENCHMARK_PAGES`` names: JSON, address to
content type and text.
"""

import json
import os
from pathlib import Path

from django.http import HttpRequest, HttpResponse
from django.urls import re_path

PAGES = {
    address: (kind, text.encode())
    for address, (kind, text) in json.loads(
        Path(os.environ["BENCHMARK_PAGES"]).read_text("utf-8")
    ).items()
}


def answer(request: HttpRequest) -> HttpResponse:
    kind, body = PAGES[request.get_full_path()]
    return HttpResponse(body, content_type=kind)


urlpatterns = [re_path("", answer)]
