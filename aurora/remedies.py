"""What is wrong with the store, in a sentence for the operator, and what to do."""

from botocore.exceptions import (
    BotoCoreError,
    HTTPClientError,
    NoCredentialsError,
    PartialCredentialsError,
)
from django.conf import settings

from aurora import embedded
from aurora.dynamo import (
    STORE_ERRORS,
    THROTTLED,
    OutcomeUnknown,
    StoreUnavailable,
    connection,
    error_code,
    never_sent,
    outcome_unknown,
    table_name,
)

CHECK_KEYS = (
    "The AWS credentials are not valid: check AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY "
    "and, for temporary ones, AWS_SESSION_TOKEN."
)
REMEDIES = {
    "ResourceNotFoundException": "A table is missing in {where}: run `python manage.py "
    "setup_tables`, or check AWS_REGION and AURORA_TABLE_PREFIX.",
    "AccessDeniedException": "These credentials lack a permission in {where}: `python "
    "manage.py doctor` lists which.",
    "UnrecognizedClientException": CHECK_KEYS,
    "InvalidSignatureException": CHECK_KEYS,
    "IncompleteSignatureException": CHECK_KEYS,
    "MissingAuthenticationTokenException": CHECK_KEYS,
    "ExpiredTokenException": "The AWS session token has expired: sign in to AWS again.",
    "RequestExpired": "AWS refuses old requests: set this computer's clock right.",
}


def cause_of(error: BaseException) -> BaseException:
    """The botocore error inside a PynamoDB one, or inside our own; else ``error``."""
    inner = getattr(error, "cause", None)
    if inner is None and isinstance(error, StoreUnavailable | OutcomeUnknown):
        inner = error.__cause__
    return error if inner is None else cause_of(inner)


def out_of_reach(error: BaseException) -> bool:
    """True when the store, not the program, is what is wrong."""
    if isinstance(error, StoreUnavailable | OutcomeUnknown):
        return True
    return isinstance(error, STORE_ERRORS) and (
        isinstance(cause_of(error), BotoCoreError)
        or outcome_unknown(error)
        or error_code(error) in REMEDIES.keys() | THROTTLED
    )


def store_name() -> str:
    """Which store this is, for an operator to read."""
    if settings.AURORA_STORE == "embedded":
        return "the embedded store"
    return settings.AWS_ENDPOINT or f"DynamoDB in {settings.AWS_REGION}"


def remedy(error: BaseException) -> str:
    """A sentence for the operator: what is wrong with the store and what to do."""
    cause = cause_of(error)
    where = store_name()
    code = error_code(cause)
    if isinstance(cause, embedded.NotRunning):
        return str(cause)
    if isinstance(cause, NoCredentialsError | PartialCredentialsError):
        return "No AWS credentials: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY."
    if never_sent(cause) or isinstance(cause, HTTPClientError):
        return (
            f"Cannot connect to {where}: check the network, AWS_REGION and "
            "AWS_ENDPOINT_URL_DYNAMODB."
        )
    if code in REMEDIES:
        return REMEDIES[code].format(where=where)
    if code is None:
        return f"{where} cannot be used: {str(cause).rstrip('.')}."
    return f"{where} answered {code}: try again, then run `python manage.py doctor`."


def trouble() -> str | None:
    """``None`` when the Users table answers, else the remedy in one sentence."""
    try:
        connection().client.describe_table(TableName=table_name("Users"))
    except (*STORE_ERRORS, StoreUnavailable) as error:
        return remedy(error)
    return None
