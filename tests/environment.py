"""The environment the suite runs in, set before Django reads its settings.

Loaded as a pytest plugin (``-p tests.environment``). Nothing from the caller's shell
may reach a test: not their AWS account, not their tables.
"""

import os
import tempfile

WORKER = os.environ.get("PYTEST_XDIST_WORKER", "main")
LOCAL = os.environ.get("DYNAMODB_ENDPOINT", "")

for name in [name for name in os.environ if name.startswith(("AWS_", "AURORA_"))]:
    del os.environ[name]

os.environ |= {
    "DJANGO_SETTINGS_MODULE": "aurora.settings",
    "DEBUG": "false",
    "SECRET_KEY": "for-the-test-suite-only-and-long-enough-to-pass-every-check",
    "ALLOWED_HOSTS": "testserver,localhost,127.0.0.1",
    "AURORA_STORE": "aws",
    "AURORA_HTTPS": "false",
    "AURORA_TABLE_PREFIX": f"Test-{WORKER}-{os.getpid()}-",
    # never the embedded store of somebody's demo on the same computer
    "AURORA_STATE_DIR": os.path.join(tempfile.gettempdir(), f"aurora-{os.getpid()}"),
    "AWS_REGION": "ap-south-1",
    "AWS_DEFAULT_REGION": "ap-south-1",
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
    "AWS_EC2_METADATA_DISABLED": "true",
    "AWS_CONFIG_FILE": os.devnull,
    "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    "EMAIL_BACKEND": "django.core.mail.backends.locmem.EmailBackend",
    "LOG_LEVEL": "INFO",
}
if LOCAL:
    os.environ["AWS_ENDPOINT_URL_DYNAMODB"] = LOCAL
