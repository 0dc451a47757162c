"""Which state, and for the largest cities which town, a pincode tells.

The first three digits of a pincode are India Post's sorting district (India Post,
"Postal Index Number": the first two stand for a circle). Districts that lie in more
than one state say nothing, and only districts that are one city name a town.
"""

# First and last sorting district of a run, and its state.
_STATES = (
    (110, 110, "Delhi"),
    (121, 136, "Haryana"),
    (141, 152, "Punjab"),
    (171, 177, "Himachal Pradesh"),
    (180, 193, "Jammu and Kashmir"),
    (194, 194, "Ladakh"),
    (201, 245, "Uttar Pradesh"),
    (248, 249, "Uttarakhand"),
    (250, 261, "Uttar Pradesh"),
    (263, 263, "Uttarakhand"),
    (271, 285, "Uttar Pradesh"),
    (301, 345, "Rajasthan"),
    (360, 361, "Gujarat"),
    (363, 395, "Gujarat"),
    (400, 402, "Maharashtra"),
    (403, 403, "Goa"),
    (404, 445, "Maharashtra"),
    (450, 488, "Madhya Pradesh"),
    (490, 497, "Chhattisgarh"),
    (500, 509, "Telangana"),
    (515, 532, "Andhra Pradesh"),
    (534, 535, "Andhra Pradesh"),
    (560, 591, "Karnataka"),
    (600, 604, "Tamil Nadu"),
    (606, 606, "Tamil Nadu"),
    (608, 608, "Tamil Nadu"),
    (610, 643, "Tamil Nadu"),
    (670, 672, "Kerala"),
    (674, 681, "Kerala"),
    (683, 695, "Kerala"),
    (700, 736, "West Bengal"),
    (737, 737, "Sikkim"),
    (741, 743, "West Bengal"),
    (744, 744, "Andaman and Nicobar Islands"),
    (751, 770, "Odisha"),
    (781, 788, "Assam"),
    (790, 792, "Arunachal Pradesh"),
    (793, 794, "Meghalaya"),
    (795, 795, "Manipur"),
    (796, 796, "Mizoram"),
    (797, 798, "Nagaland"),
    (799, 799, "Tripura"),
    (800, 805, "Bihar"),
    (825, 835, "Jharkhand"),
    (841, 855, "Bihar"),
)
_CITIES = {
    110: "New Delhi",
    380: "Ahmedabad",
    400: "Mumbai",
    411: "Pune",
    500: "Hyderabad",
    560: "Bengaluru",
    600: "Chennai",
    700: "Kolkata",
}


def region_of(pincode: str) -> tuple[str, str]:
    """Town and state of a six-digit pincode, each empty where it is not sure."""
    if not (len(pincode) == 6 and pincode.isascii() and pincode.isdigit()):
        return "", ""
    district = int(pincode[:3])
    states = (state for low, high, state in _STATES if low <= district <= high)
    return _CITIES.get(district, ""), next(states, "")


def town_for(told: str, typed: str, filled: str = "") -> str:
    """The town a pincode tells, beside what stands in the field: a name of one's own
    stays, one that another pincode told (``filled``) gives way."""
    gives_way = typed in {"", filled, *_CITIES.values()}
    return told if told and gives_way else typed
