"""Run LibreOffice without a window, as a user with a German computer would use it.

Every call has a profile of its own, so that several may run at once, beside an open LibreOffice, and as root.
"""

import os
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path

SECONDS = 120
# Where the installers of Windows and macOS put it, which is not on the PATH.
USUAL_PLACES = (
    "/Applications/LibreOffice.app/Contents/MacOS/soffice",
    r"C:\Program Files\LibreOffice\program\soffice.com",
)
PROFILE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
 <item oor:path="/org.openoffice.Setup/L10N">
  <prop oor:name="ooLocale" oor:op="fuse"><value>de-DE</value></prop>
  <prop oor:name="ooSetupSystemLocale" oor:op="fuse"><value>de-DE</value></prop>
 </item>
</oor:items>
"""


def find_office() -> str | None:
    """Return the program, or None where LibreOffice is not installed."""
    return shutil.which("soffice") or next((place for place in USUAL_PLACES if Path(place).is_file()), None)


def convert(path: Path, *, to: str, folder: Path, infilter: str | None = None) -> Path:
    """Open a file in LibreOffice and save it in a folder under the same stem; returns the new file.

    `to` is what --convert-to takes: an ending, or `ending:filter:options`. A file that stands there is written over.
    """
    office = find_office()
    if office is None:
        raise RuntimeError("LibreOffice is not installed")
    target = folder / f"{path.stem}.{to.partition(':')[0]}"
    if target.resolve() == path.resolve():
        raise ValueError(f"{path} would be written over by itself")
    folder.mkdir(parents=True, exist_ok=True)
    target.unlink(missing_ok=True)
    with tempfile.TemporaryDirectory(prefix="office-", ignore_cleanup_errors=True) as name:
        profile = Path(name).resolve()
        (profile / "user").mkdir()
        (profile / "user" / "registrymodifications.xcu").write_text(PROFILE, encoding="utf-8")
        options = [f"--infilter={infilter}"] if infilter else []
        command = [office, "--headless", "--norestore", f"-env:UserInstallation={profile.as_uri()}", *options]
        said = run([*command, "--convert-to", to, "--outdir", str(folder), str(path)])
    if not target.is_file():  # LibreOffice ends with 0 even if it could not read the file.
        raise RuntimeError(f"LibreOffice did not make {target.name}: {said}")
    return target


def run(command: list[str]) -> str:
    """Run a command and return what it said; one that takes too long is ended together with all that it started."""
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace", start_new_session=True
    )
    try:
        return process.communicate(timeout=SECONDS)[0].strip()
    except BaseException:
        if os.name == "posix":
            os.killpg(process.pid, signal.SIGKILL)  # soffice is a script, the program runs below it.
        process.kill()
        process.communicate()
        raise
