"""The pages on tables that lie in a database: published by one process, seen by visitors of another."""

import time
from urllib.request import urlopen

import pytest
from playwright.sync_api import expect

from geo.store import copy, open_archive
from tests.browser.conftest import Atlas
from tests.browser.test_upkeep import ANNA, TUCUMAN, Office, Upkeep
from tests.postgres import find_programs, run_postgres
from tests.serving import serve
from tests.signing_in import provide_identity, write_secrets

PROGRAMS = find_programs()
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(PROGRAMS is None, reason="no PostgreSQL with PostGIS here: please install postgresql-postgis"),
]


def wait_until_told(url, gone):
    """Wait until a server no longer gives out a name."""
    deadline = time.monotonic() + 60
    while gone in urlopen(f"{url}/open-data/municipalities.csv", timeout=30).read().decode():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_who_publishes_in_one_process_is_seen_by_all_even_when_the_database_is_gone(open_window, folder, tmp_path):
    users = {"anna": {"email": ANNA, "email_verified": True}}
    with run_postgres(PROGRAMS) as postgres, provide_identity(users) as provider:
        address = postgres.make_database()
        copy(open_archive(str(folder)), open_archive(address))
        secrets = write_secrets(tmp_path, provider=provider, allowed=[ANNA])
        options, environment = ("--secrets.files", str(secrets)), {"ATLAS_DATA": address}
        with serve(options=options, environment=environment) as one, serve(environment=environment) as other:
            visitor = Atlas(open_window().new_page(), other)
            visitor.open("/?phase=7")
            expect(visitor.rows.filter(has_text="San Miguel de Tucumán")).to_have_count(1)

            upkeep = Upkeep(open_window(own=True).new_page(), Office(one, folder))
            upkeep.visit()
            upkeep.edit(2, "Name", "Tucumán")
            upkeep.sign_in("anna")
            upkeep.publish("Name gekürzt")
            assert upkeep.expect_published() == 2
            expect(upkeep.heading).to_have_count(0)
            expect(upkeep.open_history().first).to_contain_text("Name gekürzt")

            # Seen with the visitor's next click, once the other process has heard of it.
            wait_until_told(other, ",San Miguel de Tucumán,")
            visitor.page.get_by_role("radio", name="EN").click()
            visitor.page.get_by_role("radio", name="DE").click()
            expect(visitor.rows.filter(has_text="San Miguel de Tucumán")).to_have_count(0)
            expect(visitor.rows.filter(has_text="Tucumán")).to_have_count(1)
            visitor.click_municipality(TUCUMAN)
            expect(visitor.part("detail")).to_contain_text("Tucumán")

            postgres.stop()
            try:
                visitor.open("/?phase=7")
                expect(visitor.rows.filter(has_text="Tucumán")).to_have_count(1)
                upkeep.visit()
                expect(upkeep.part("upkeep")).to_contain_text(
                    "Die Datenbank mit den Tabellen ist gerade nicht zu erreichen"
                )
            finally:
                postgres.start()
            upkeep.visit()
            expect(upkeep.open_history().first).to_contain_text("Name gekürzt")
            visitor.check()
            upkeep.check()
