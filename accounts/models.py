"""What is stored about people: users (shared with the portals), sessions, guards."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.crypto import salted_hmac
from pynamodb.attributes import Attribute
from pynamodb.constants import LIST
from pynamodb.indexes import AllProjection, GlobalSecondaryIndex

from aurora.attributes import Document, Documents, Exact, Flag, IsoTime, Text
from aurora.dynamo import Record, TableMeta, table_name

CUSTOMER = "customer"


class SessionUser(models.Model):
    """The shape of an identity that contrib.auth asks for; never stored anywhere."""

    id = models.CharField(primary_key=True, max_length=128)

    USERNAME_FIELD = "id"
    REQUIRED_FIELDS: list[str] = []
    is_anonymous = False
    is_authenticated = True

    class Meta:
        managed = False


class Entries(Attribute[Any]):
    """A list kept in DynamoDB's own typed form, ``{"L": [...]}``.

    Whatever the portals put into an entry goes back exactly as it was, also what this
    shop has no word for, and the list can be compared with what is stored.
    """

    attr_type = LIST

    def __init__(self) -> None:
        super().__init__(null=True)

    def get_value(self, value: Mapping[str, Any]) -> Any:
        return value

    def serialize(self, value: Mapping[str, Any] | None) -> Any:
        return None if value is None else value[LIST]


class EmailIndex(GlobalSecondaryIndex[Any]):
    class Meta:
        index_name = "EmailIndex"
        projection = AllProjection()

    email = Text(hash_key=True)
    status = Text(range_key=True)


class RoleIndex(GlobalSecondaryIndex[Any]):
    class Meta:
        index_name = "RoleIndex"
        projection = AllProjection()

    primary_role = Text(hash_key=True, attr_name="primaryRole")
    created_at = IsoTime(range_key=True, attr_name="createdAt")


class User(Record):
    """A person known to any of the portals; the shop serves those who are customers.

    ``request.user`` is this record, so it also answers contrib.auth's questions.
    """

    class Meta(TableMeta):
        table_name = table_name("Users")

    user_id = Text(hash_key=True, attr_name="userID")
    email = Text(range_key=True)
    password_hash = Text(attr_name="passwordHash")
    first_name = Text(attr_name="firstName")
    last_name = Text(attr_name="lastName")
    phone = Text()
    status = Text()
    email_verified = Flag(attr_name="emailVerified")
    primary_role = Text(attr_name="primaryRole")
    roles = Documents()
    permissions = Documents()
    profile = Document()
    security = Document()
    addresses = Entries()
    preferences = Document()
    last_login = IsoTime(attr_name="lastLogin")
    former_emails = Documents(attr_name="formerEmails")  # orders stay under these
    signed_out_at = Text(attr_name="signedOutAt")  # of all devices at once
    created_at = IsoTime(attr_name="createdAt")
    updated_at = IsoTime(attr_name="updatedAt")

    email_index = EmailIndex()
    role_index = RoleIndex()

    _meta = SessionUser._meta
    is_anonymous = False
    is_authenticated = True

    def __str__(self) -> str:
        return self.full_name

    @property
    def pk(self) -> str:
        return self.user_id

    @property
    def id(self) -> str:
        return self.user_id

    @property
    def full_name(self) -> str:
        return " ".join(part for part in (self.first_name, self.last_name) if part)

    @property
    def is_active(self) -> bool:
        return self.status == "active"

    @property
    def role_names(self) -> frozenset[str]:
        """Every role, from texts (super admin portal), maps (console) or the key."""
        return frozenset(self._role_names())

    def _role_names(self) -> Iterator[str]:
        for role in [*(self.roles or []), self.primary_role]:
            name = role.get("name") if isinstance(role, Mapping) else role
            if isinstance(name, str) and name:
                yield name

    @property
    def is_customer(self) -> bool:
        return CUSTOMER in self.role_names

    @property
    def is_only_customer(self) -> bool:
        return self.role_names == {CUSTOMER}

    @property
    def may_shop(self) -> bool:
        return self.is_active and self.is_customer

    def get_session_auth_hash(self) -> str:
        """Ties a session to the password: a new hash, also by a portal, ends it, and
        so does signing out everywhere.

        Keyed, so that nothing of the stored hash stands in the session.
        """
        return self._session_hash(settings.SECRET_KEY)

    def get_session_auth_fallback_hash(self) -> Iterator[str]:
        return (self._session_hash(key) for key in settings.SECRET_KEY_FALLBACKS)

    def _session_hash(self, secret: str) -> str:
        proof = (self.password_hash or "") + (self.signed_out_at or "")
        return salted_hmac(
            "accounts.session", proof, secret, algorithm="sha256"
        ).hexdigest()


class Session(Record):
    """A browser's session. The key is a digest: reading the table opens no session."""

    class Meta(TableMeta):
        table_name = table_name("Sessions")

    digest = Text(hash_key=True, attr_name="sessionKey")
    data = Text()
    version = Exact()
    stamp = Text()  # names the write that made this version
    expires_at = Exact(attr_name="expiresAt")  # epoch seconds; moves with use
    ends_at = Exact(attr_name="endsAt")  # epoch seconds; never moves


class Guard(Record):
    """Something that may exist only once, or is counted until it expires."""

    class Meta(TableMeta):
        table_name = table_name("Guards")

    guard_id = Text(hash_key=True, attr_name="guardID")
    user_id = Text(attr_name="userID")
    state = Text()  # of an address: given up, closed; of a letter: waiting, done
    hits = Exact()
    until = Exact()  # epoch seconds: not again before
    kind = Text()  # of a letter, and what it is written from, as JSON
    facts = Text()
    claim = Text()  # names the run that is sending it
    created_at = IsoTime(attr_name="createdAt")
    expires_at = Exact(attr_name="expiresAt")  # epoch seconds
