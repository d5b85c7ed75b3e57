"""Settings of the tests: those of the house, in a home folder that lives as long as the run.

Set before Django reads anything, so that no test can ever touch an operator's database or key.
"""

import atexit
import os
import shutil
import tempfile

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

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
