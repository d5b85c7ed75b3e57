"""Settings of the tests: those of the house, in a home folder that lives as long as the run.

Set before Django reads anything, so that no test can ever touch an operator's database or key.
"""

import atexit
import os
import shutil
import tempfile
import zlib

for _name in ("LOCANDA_KEY", "LOCANDA_KEY_FILE"):
    os.environ.pop(_name, None)
_home = tempfile.mkdtemp(prefix="locanda-test-")
_owner = os.getpid()
os.environ["LOCANDA_HOME"] = _home


@atexit.register
def _clear() -> None:
    if os.getpid() == _owner:
        shutil.rmtree(_home, ignore_errors=True)


from locanda.settings import *  # noqa: E402, F403

# On SQLite a real file, so that WAL, locks and raw bytes are those of an operator's; on PostgreSQL a name of this checkout's
# own, so that two checkouts can be tested at once.
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):  # noqa: F405
    DATABASES["default"]["TEST"] = {"NAME": os.path.join(_home, "test.sqlite3")}  # noqa: F405
else:
    DATABASES["default"]["TEST"] = {"NAME": f"test_locanda_{zlib.crc32(__file__.encode()):08x}"}  # noqa: F405

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
ALLOWED_HOSTS = [*ALLOWED_HOSTS, "testserver"]  # noqa: F405
