from __future__ import annotations
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

def test_pages(signed, file, cast):
    r = file()
    c = signed("owner")
    base = f"/aid-requests/{r.uuid}/"
    c.get("/")
    for url in ["/", "/aid-requests/", "/aid-requests/?state=open&sort=needed_by&q=food", "/aid-requests/new/", base, base+"edit/need/", base+"edit/cargo/", base+"edit/last_resort/", base+"edit/label/", base+"history/", base+"share/", base+"print/", base+"transitions/withdraw/", "/aid-requests/export/", "/aid-requests/export/?format=xlsx", f"/r/{r.reference}/", "/views/aid-requests/new/?state=open"]:
        with CaptureQueriesContext(connection, ) as q:
            a = c.get(url)
        print(url, a.status_code, len(q))
        assert a.status_code in (200, 302), a.content.decode()[:3000]
        if url in ("/", base, "/aid-requests/"):
            for x in q: print("   ", x["sql"][:150])
    with CaptureQueriesContext(connection, ) as q:
        assert signed("outsider").get(base).status_code == 404
