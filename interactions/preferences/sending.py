"""Sending a code: the first way that works for the customer. settings.CODE_SENDERS names the ways, in order.

A way is a callable (customer, text) -> where it went, masked so that the holder of a link learns nothing; "": it has
none for this customer.
"""

import logging

from django.conf import settings
from django.core.mail import send_mail
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from customers.models import Customer

log = logging.getLogger("zhike.preferences")


def deliver(customer: Customer, code: str) -> str:
    """Send `code` to `customer`; answers with where it went, masked, "" where there is no way."""
    text = _("Your code is %(code)s, for ten minutes. Nobody from the bank will ask you for it.") % {"code": code}
    for path in settings.CODE_SENDERS:
        if sent_to := import_string(path)(customer, text):
            return str(sent_to)
    return ""


def by_mail(customer: Customer, text: str) -> str:
    """By e-mail, where an address is known. Nothing of it is shown but that it is one."""
    address = customer.identifier("email")
    if not address:
        return ""
    send_mail(_("Your code"), text, None, [address])
    return _("your e-mail address")


def to_console(customer: Customer, text: str) -> str:
    """For trying on a bare machine: the text stands in the log of the public process, as if it were an SMS."""
    phone = customer.identifier("phone")
    if not phone:
        return ""
    log.info("to the phone of %s: %s", customer.number, text)
    return phone_label(phone)


def phone_label(phone: str) -> str:
    """A phone as a stranger may see it: its last two digits."""
    return _("your phone ending in %(tail)s") % {"tail": phone[-2:]}
