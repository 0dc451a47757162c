"""A start that cannot go well is refused in a sentence, and the checks are clean."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
# The suite's own settings, and what it takes for Python to run at all.
BARE = {
    name: value
    for name, value in os.environ.items()
    if name in {"PATH", "HOME", "LANG", "AURORA_STATE_DIR"}
}
PRODUCTION = BARE | {
    "SECRET_KEY": "k8Zr2vQ9xLw4Tn7Yb1Jc6Hd3Fg5Ms0PaReUiOqXzVtBnKlWyGdHa7",
    "ALLOWED_HOSTS": "shop.example.in",
    "AWS_ACCESS_KEY_ID": "none",
    "AWS_SECRET_ACCESS_KEY": "none",
}


def manage(
    *words: str, environment: dict[str, str]
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-W", "error", "manage.py", *words],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    ("environment", "sentence"),
    [
        ({}, "SECRET_KEY is not set. Put a long random text"),
        (
            {"SECRET_KEY": "x", "AURORA_STORE": "embedded"},
            "AURORA_STORE=embedded keeps every order in memory",
        ),
        (
            {"SECRET_KEY": "x", "AURORA_STORE": "sqlite"},
            "AURORA_STORE must be embedded or aws, not 'sqlite'.",
        ),
        (
            {"SECRET_KEY": "x", "AWS_ENDPOINT_URL_DYNAMODB": "localhost:8000"},
            "AWS_ENDPOINT_URL_DYNAMODB must begin with http(s)://: 'localhost:8000'.",
        ),
        (
            {"SECRET_KEY": "x", "AURORA_IMAGE_HOSTS": "ok.example,https://x; script"},
            "'https://x; script' is not the name of a host.",
        ),
        (
            {"SECRET_KEY": "x", "AURORA_THROTTLE": "maybe"},
            "AURORA_THROTTLE must be true or false, not 'maybe'.",
        ),
        (
            {"SECRET_KEY": "x", "AURORA_CUTOFF_HOURS": "two"},
            "AURORA_CUTOFF_HOURS must be a whole number, not 'two'.",
        ),
    ],
)
def test_a_setting_that_cannot_work_stops_the_start_with_a_sentence(
    environment: dict[str, str], sentence: str
) -> None:
    done = manage("check", environment=BARE | environment)

    assert done.returncode == 1
    assert done.stderr.startswith(sentence)
    assert "Traceback" not in done.stderr


def test_gunicorn_too_refuses_to_start_without_a_secret() -> None:
    done = subprocess.run(
        [sys.executable, "-c", "import aurora.wsgi"],
        cwd=ROOT,
        env=BARE,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 1
    assert "SECRET_KEY is not set." in done.stderr


def test_the_checks_find_nothing() -> None:
    done = manage("check", "--fail-level", "WARNING", environment=PRODUCTION)

    assert (done.returncode, done.stderr) == (0, "")


def test_the_deployment_checks_find_nothing() -> None:
    done = manage(
        "check", "--deploy", "--fail-level", "WARNING", environment=PRODUCTION
    )

    assert (done.returncode, done.stderr) == (0, "")


def test_there_is_no_relational_database_to_migrate() -> None:
    done = manage("migrate", environment=PRODUCTION)

    assert done.returncode == 1
    assert "ImproperlyConfigured" in done.stderr


def test_production_defaults_are_the_safe_ones() -> None:
    wanted = {
        "DEBUG": False,
        "AURORA_STORE": "aws",
        "AWS_REGION": "ap-south-1",
        "AURORA_TABLE_PREFIX": "AuroraSparkTheme-",
        "AURORA_THROTTLE": True,
        "AURORA_SELL_EXPIRED": False,
        "SECURE_SSL_REDIRECT": True,
        "SECURE_HSTS_SECONDS": 31_536_000,
        "SESSION_COOKIE_NAME": "__Host-session",
        "SESSION_COOKIE_SECURE": True,
        "SESSION_COOKIE_HTTPONLY": True,
        "CSRF_COOKIE_NAME": "__Host-csrf",
        "CSRF_COOKIE_SECURE": True,
        "DATABASES": {},
    }
    code = (
        "from django.conf import settings\n"
        f"print({{name: getattr(settings, name) for name in {list(wanted)!r}}})"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env=PRODUCTION | {"DJANGO_SETTINGS_MODULE": "aurora.settings"},
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stdout.strip() == str(wanted)


def test_every_setting_is_listed_in_the_readme() -> None:
    source = (ROOT / "aurora/settings.py").read_text()
    read = re.findall(r'(?:env_\w+|environ\.get)\(\s*"([A-Z_]+)"', source)

    readme = (ROOT / "README.md").read_text()
    assert [name for name in sorted(set(read)) if f"`{name}`" not in readme] == []


def test_every_command_is_listed_in_the_readme() -> None:
    commands = [
        path.stem
        for path in sorted(ROOT.glob("*/management/commands/*.py"))
        if path.stem != "__init__"
    ]

    readme = (ROOT / "README.md").read_text()
    assert [name for name in commands if f"`{name}" not in readme] == []
