"""The tables as data: the six shared ones exactly as the siblings keep them, and ours.

Every key attribute is a string, every index projects everything, billing is on demand.
A table that exists is left alone: the siblings own the shared ones as much as we do.
"""

from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from aurora.dynamo import table_name

Key = tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """``noun`` without prefix; keys are (partition,) or (partition, sort)."""

    noun: str
    key: Key
    indexes: tuple[tuple[str, Key], ...] = ()
    expires_by: str | None = None

    @property
    def shared(self) -> bool:
        return self.expires_by is None


TABLES = (
    Table(
        "Users",
        ("userID", "email"),
        (
            ("EmailIndex", ("email", "status")),
            ("RoleIndex", ("primaryRole", "createdAt")),
        ),
    ),
    Table(
        "Products",
        ("productID", "category"),
        (
            ("CategoryIndex", ("category", "name")),
            ("CodeIndex", ("productCode", "status")),
            ("SupplierIndex", ("supplierID", "createdAt")),
        ),
    ),
    Table(
        "Inventory",
        ("productID", "location#batch"),
        (
            ("LocationIndex", ("storageLocation", "lastUpdated")),
            ("MovementIndex", ("movementType", "createdAt")),
            ("BatchIndex", ("batchNumber", "expiryDate")),
        ),
    ),
    Table(
        "Orders",
        ("orderID", "customerEmail"),
        (
            ("CustomerIndex", ("customerEmail", "createdAt")),
            ("StatusIndex", ("status", "deliveryDate")),
            ("PincodeIndex", ("deliveryPincode", "deliveryTimeSlot")),
            ("DeliveryDateIndex", ("deliveryDate", "deliveryTimeSlot")),
        ),
    ),
    Table(
        "Delivery",
        ("pincodeID", "slotID"),
        (
            ("CityIndex", ("city", "state")),
            ("SlotTypeIndex", ("slotType", "timeSlot")),
            ("ServiceableIndex", ("isServiceable", "deliveryCharge")),
        ),
    ),
    Table(
        "System",
        ("entityType", "entityID"),
        (
            ("UserIndex", ("userID", "createdAt")),
            ("TypeIndex", ("eventType", "createdAt")),
            ("StatusIndex", ("status", "priority")),
        ),
    ),
    Table("Sessions", ("sessionKey",), expires_by="expiresAt"),
    Table("Guards", ("guardID",), expires_by="expiresAt"),
)


def key_schema(key: Key) -> list[dict[str, str]]:
    return [
        {"AttributeName": name, "KeyType": kind}
        for name, kind in zip(key, ("HASH", "RANGE"), strict=False)
    ]


def definition(table: Table) -> dict[str, Any]:
    """The arguments of DynamoDB's CreateTable."""
    keys = [table.key, *(key for _, key in table.indexes)]
    names = sorted({name for key in keys for name in key})
    wanted: dict[str, Any] = {
        "TableName": table_name(table.noun),
        "BillingMode": "PAY_PER_REQUEST",
        "KeySchema": key_schema(table.key),
        "AttributeDefinitions": [
            {"AttributeName": name, "AttributeType": "S"} for name in names
        ],
    }
    if table.indexes:
        wanted["GlobalSecondaryIndexes"] = [
            {
                "IndexName": index,
                "KeySchema": key_schema(key),
                "Projection": {"ProjectionType": "ALL"},
            }
            for index, key in table.indexes
        ]
    return wanted


def create_missing(client: Any) -> list[str]:
    """Create what is not there, switch expiry on for our own two; say what was done.

    ``client`` is a boto3 DynamoDB client. Running it again does nothing and returns an
    empty list. Raises botocore's ClientError when the store refuses.
    """
    created = [table for table in TABLES if _create(client, table)]
    done = [f"created table {table_name(table.noun)}" for table in created]
    for table in created:
        client.get_waiter("table_exists").wait(
            TableName=table_name(table.noun),
            WaiterConfig={"Delay": 2, "MaxAttempts": 60},
        )
    done += [
        f"switched expiry on for {table_name(table.noun)}"
        for table in TABLES
        if table.expires_by and _expire(client, table)
    ]
    return done


def _create(client: Any, table: Table) -> bool:
    # Looking first keeps CreateTable out of the permissions an existing set-up needs.
    try:
        client.describe_table(TableName=table_name(table.noun))
        return False
    except client.exceptions.ResourceNotFoundException:
        pass
    try:
        client.create_table(**definition(table))
        return True
    except client.exceptions.ResourceInUseException:
        return False  # another process was quicker


def _expire(client: Any, table: Table) -> bool:
    name = table_name(table.noun)
    now = client.describe_time_to_live(TableName=name)["TimeToLiveDescription"]
    if now.get("TimeToLiveStatus") in {"ENABLED", "ENABLING"}:
        return False
    try:
        client.update_time_to_live(
            TableName=name,
            TimeToLiveSpecification={
                "Enabled": True,
                "AttributeName": table.expires_by,
            },
        )
    except ClientError as error:
        # A second set-up in the same hour is refused; the first one's is in force.
        if error.response["Error"]["Code"] != "ValidationException":
            raise
        return False
    return True
