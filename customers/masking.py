"""What may stand on a screen of an identifier (JR/T 0171-2020, C2): masked on the server, the whole only by reveal."""

DOTS = "****"


def mask_phone(phone: str) -> str:
    """`+8613800138000` -> `138****8000`; other countries keep their code and the last four digits."""
    if phone.startswith("+86") and len(phone) == 14:
        return f"{phone[3:6]}{DOTS}{phone[-4:]}"
    return f"{phone[:3]}{DOTS}{phone[-4:]}" if len(phone) > 7 else DOTS


def mask_id_number(number: str) -> str:
    """First three and last four characters: `110****0011`."""
    return f"{number[:3]}{DOTS}{number[-4:]}" if len(number) > 7 else DOTS


def mask_email(address: str) -> str:
    """First character and the domain: `z****@example.com`."""
    local, _at, domain = address.partition("@")
    return f"{local[:1]}{DOTS}@{domain}"


def mask_address(_address: str) -> str:
    """Nothing of the street: the district is a field of its own and stands beside it."""
    return DOTS


def mask_name(name: str) -> str:
    """The surname only, for exports: `张**`."""
    return f"{name[:1]}**"
