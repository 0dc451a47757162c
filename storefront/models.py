"""The stored form of what the shop shares with the siblings.

Attribute names are ours, ``attr_name`` is the stored spelling. No rules and no defaults
here: what an item means is said once, in ``shapes``. Shared items are only ever changed
with conditional updates; ``save`` would drop the attributes that are not declared here.
"""

from pynamodb.indexes import AllProjection, GlobalSecondaryIndex

from aurora.attributes import AsFound, Document, Documents, Exact, Flag, IsoTime, Text
from aurora.dynamo import Record, TableMeta, table_name


class CategoryIndex(GlobalSecondaryIndex):
    class Meta:
        index_name = "CategoryIndex"
        projection = AllProjection()

    category = Text(hash_key=True)
    name = Text(range_key=True)


class CodeIndex(GlobalSecondaryIndex):
    class Meta:
        index_name = "CodeIndex"
        projection = AllProjection()

    code = Text(hash_key=True, attr_name="productCode")
    status = Text(range_key=True)


class SupplierIndex(GlobalSecondaryIndex):
    class Meta:
        index_name = "SupplierIndex"
        projection = AllProjection()

    supplier = Text(hash_key=True, attr_name="supplierID")
    created_at = Text(range_key=True, attr_name="createdAt")


class Product(Record):
    """A product; the category is part of its key, so one product may be two items."""

    class Meta(TableMeta):
        table_name = table_name("Products")

    id = Text(hash_key=True, attr_name="productID")
    category = Text(range_key=True)
    category_info = Document(attr_name="categoryInfo")
    code = Text(attr_name="productCode")
    name = Text()
    description = Text()
    unit = Text()
    price = Exact()
    pricing = Document()
    status = Text()
    is_b2c = Flag(attr_name="isB2cAvailable")
    is_active = Flag(attr_name="isActive")
    has_variants = Flag(attr_name="hasVariants")
    variants = Documents()
    grade = Text(attr_name="qualityGrade")
    perishable = Flag()
    shelf_life_days = Exact(attr_name="shelfLifeDays")
    storage = Document(attr_name="storageRequirements")
    origin = Text()
    image_url = Text(attr_name="imageUrl")
    image = Text()
    created_at = IsoTime(attr_name="createdAt")
    updated_at = IsoTime(attr_name="updatedAt")

    category_index = CategoryIndex()
    code_index = CodeIndex()
    supplier_index = SupplierIndex()


class LocationIndex(GlobalSecondaryIndex):
    class Meta:
        index_name = "LocationIndex"
        projection = AllProjection()

    location = Text(hash_key=True, attr_name="storageLocation")
    last_updated = Text(range_key=True, attr_name="lastUpdated")


class MovementIndex(GlobalSecondaryIndex):
    class Meta:
        index_name = "MovementIndex"
        projection = AllProjection()

    movement = Text(hash_key=True, attr_name="movementType")
    created_at = Text(range_key=True, attr_name="createdAt")


class BatchIndex(GlobalSecondaryIndex):
    class Meta:
        index_name = "BatchIndex"
        projection = AllProjection()

    number = Text(hash_key=True, attr_name="batchNumber")
    expires = Text(range_key=True, attr_name="expiryDate")


class Stock(Record):
    """One Inventory item: a product's batch in a location."""

    class Meta(TableMeta):
        table_name = table_name("Inventory")

    product_id = Text(hash_key=True, attr_name="productID")
    location_batch = Text(range_key=True, attr_name="location#batch")
    location = Text(attr_name="storageLocation")
    number = Text(attr_name="batchNumber")
    current = AsFound(attr_name="currentStock")
    available = AsFound(attr_name="availableStock")
    reserved = AsFound(attr_name="reservedStock")
    variants = Document(attr_name="variantStocks")
    expires = Text(attr_name="expiryDate")
    received = Text(attr_name="receivedDate")
    grade = Text(attr_name="qualityGrade")
    last_updated = IsoTime(attr_name="lastUpdated")

    location_index = LocationIndex()
    movement_index = MovementIndex()
    batch_index = BatchIndex()


class CustomerIndex(GlobalSecondaryIndex):
    class Meta:
        index_name = "CustomerIndex"
        projection = AllProjection()

    email = Text(hash_key=True, attr_name="customerEmail")
    created_at = Text(range_key=True, attr_name="createdAt")


class StatusIndex(GlobalSecondaryIndex):
    class Meta:
        index_name = "StatusIndex"
        projection = AllProjection()

    status = Text(hash_key=True)
    delivery_date = Text(range_key=True, attr_name="deliveryDate")


class PincodeIndex(GlobalSecondaryIndex):
    class Meta:
        index_name = "PincodeIndex"
        projection = AllProjection()

    pincode = Text(hash_key=True, attr_name="deliveryPincode")
    times = Text(range_key=True, attr_name="deliveryTimeSlot")


class DeliveryDateIndex(GlobalSecondaryIndex):
    class Meta:
        index_name = "DeliveryDateIndex"
        projection = AllProjection()

    delivery_date = Text(hash_key=True, attr_name="deliveryDate")
    times = Text(range_key=True, attr_name="deliveryTimeSlot")


class Order(Record):
    """An order in any of the forms that the siblings and the shop write."""

    class Meta(TableMeta):
        table_name = table_name("Orders")

    id = Text(hash_key=True, attr_name="orderID")
    email = Text(range_key=True, attr_name="customerEmail")
    number = Text(attr_name="orderNumber")
    customer_id = Text(attr_name="customerID")
    user_id = Text(attr_name="userID")
    status = Text()
    created_at = IsoTime(attr_name="createdAt")
    updated_at = IsoTime(attr_name="updatedAt")
    order_date = IsoTime(attr_name="orderDate")
    delivery_date = Text(attr_name="deliveryDate")
    times = Text(attr_name="deliveryTimeSlot")
    pincode = Text(attr_name="deliveryPincode")
    customer_info = Document(attr_name="customerInfo")
    customer_name = Text(attr_name="customerName")
    customer_phone = Text(attr_name="customerPhone")
    lines = Documents(attr_name="items")
    address = Document(attr_name="deliveryAddress")
    delivery_info = Document(attr_name="deliveryInfo")
    slot = Document(attr_name="deliverySlot")
    slot_info = Document(attr_name="deliverySlotInfo")
    summary = Document(attr_name="orderSummary")
    cart_total = Exact(attr_name="cartTotal")
    delivery_charge = Exact(attr_name="deliveryCharge")
    total_amount = Exact(attr_name="totalAmount")
    final_amount = Exact(attr_name="finalAmount")
    pricing = Document()
    payment_method = Text(attr_name="paymentMethod")
    payment_status = Text(attr_name="paymentStatus")
    payment_info = Document(attr_name="paymentInfo")
    payment_record = Document(attr_name="paymentRecord")
    instructions = Text(attr_name="specialInstructions")
    estimated_delivery = IsoTime(attr_name="estimatedDelivery")
    rider = Document(attr_name="assignedRider")
    packed_at = IsoTime(attr_name="packedAt")
    delivered_at = IsoTime(attr_name="deliveredAt")
    delivery_time = IsoTime(attr_name="deliveryTime")
    delivery_proof = Document(attr_name="deliveryProof")
    failure = Document(attr_name="failureRecord")
    returned = Document(attr_name="returnRecord")
    # ours alone: nobody else reads them
    substitution = Text()
    change_for = Text(attr_name="changeFor")
    reservations = Documents(attr_name="stockReservations")
    stock_state = Text(attr_name="stockState")
    slot_booked = Flag(attr_name="slotBooked")
    cancelled_at = IsoTime(attr_name="cancelledAt")
    cancelled_by = Text(attr_name="cancelledBy")
    cancel_reason = Text(attr_name="cancellationReason")

    customer_index = CustomerIndex()
    status_index = StatusIndex()
    pincode_index = PincodeIndex()
    delivery_date_index = DeliveryDateIndex()


class CityIndex(GlobalSecondaryIndex):
    class Meta:
        index_name = "CityIndex"
        projection = AllProjection()

    city = Text(hash_key=True)
    state = Text(range_key=True)


class SlotTypeIndex(GlobalSecondaryIndex):
    class Meta:
        index_name = "SlotTypeIndex"
        projection = AllProjection()

    type = Text(hash_key=True, attr_name="slotType")
    times = Text(range_key=True, attr_name="timeSlot")


class ServiceableIndex(GlobalSecondaryIndex):
    class Meta:
        index_name = "ServiceableIndex"
        projection = AllProjection()

    is_serviceable = Text(hash_key=True, attr_name="isServiceable")
    charge = Text(range_key=True, attr_name="deliveryCharge")


class Slot(Record):
    """A recurring delivery slot of a pincode; each fact stands in ``slotInfo`` or on
    top, depending on who wrote the item."""

    class Meta(TableMeta):
        table_name = table_name("Delivery")

    pincode = Text(hash_key=True, attr_name="pincodeID")
    id = Text(range_key=True, attr_name="slotID")
    city = Text()
    state = Text()
    zone = Text()
    is_serviceable = Flag(attr_name="isServiceable")
    is_active = Flag(attr_name="isActive")
    service_info = Document(attr_name="serviceInfo")
    slot_info = Document(attr_name="slotInfo")
    times = Text(attr_name="timeSlot")
    type = Text(attr_name="slotType")
    max_orders = AsFound(attr_name="maxOrders")
    current_orders = AsFound(attr_name="currentOrders")
    charge = Exact(attr_name="deliveryCharge")
    areas = Documents(attr_name="serviceableAreas")
    bookings = Document()
    holds = Document()
    updated_at = IsoTime(attr_name="updatedAt")

    city_index = CityIndex()
    type_index = SlotTypeIndex()
    serviceable_index = ServiceableIndex()


class UserIndex(GlobalSecondaryIndex):
    class Meta:
        index_name = "UserIndex"
        projection = AllProjection()

    user_id = Text(hash_key=True, attr_name="userID")
    created_at = Text(range_key=True, attr_name="createdAt")


class TypeIndex(GlobalSecondaryIndex):
    class Meta:
        index_name = "TypeIndex"
        projection = AllProjection()

    event_type = Text(hash_key=True, attr_name="eventType")
    created_at = Text(range_key=True, attr_name="createdAt")


class PriorityIndex(GlobalSecondaryIndex):
    class Meta:
        index_name = "StatusIndex"
        projection = AllProjection()

    status = Text(hash_key=True)
    priority = Text(range_key=True)


class System(Record):
    """Settings of all portals. Only read here: each new item would push the siblings'
    own out of their one-page lists."""

    class Meta(TableMeta):
        table_name = table_name("System")

    type = Text(hash_key=True, attr_name="entityType")
    id = Text(range_key=True, attr_name="entityID")
    key = Text(attr_name="settingKey")
    value = Document()

    user_index = UserIndex()
    type_index = TypeIndex()
    priority_index = PriorityIndex()
