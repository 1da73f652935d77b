"""Two people at one field of a profile: the second sees what it was, what it is and their own words, and chooses."""

import re

import pytest
from django.urls import reverse

from customers.models import Customer, Fact


def field(customer, name="employer"):
    return reverse("customers:profile-field", args=[customer.number, name])


def opened(browser, address):
    """What the form carries besides the value."""
    page = browser.get(address).content.decode()
    return dict(re.findall(r'<input type="hidden" name="(opened|original)" value="([^"]*)"', page))


@pytest.fixture
def employed(customer):
    customer.employer = "宏基建设"
    customer.save()
    return customer


def test_the_second_one_is_told_and_loses_nothing(bank, employed, sign_in):
    first, second = sign_in(bank.owner), sign_in(bank.supervisor)
    address = field(employed)
    mine, theirs = opened(first, address), opened(second, address)
    assert second.post(address, {**theirs, "value": "联创贸易"}).status_code == 200
    clash = first.post(address, {**mine, "value": "云帆软件"})
    assert clash.status_code == 422
    page = clash.content.decode()
    assert "王海 changed this while you were writing" in page
    for value in ("宏基建设", "联创贸易", 'value="云帆软件"'):
        assert value in page
    assert Customer.objects.get(pk=employed.pk).employer == "联创贸易"
    again = dict(re.findall(r'<input type="hidden" name="(opened|original)" value="([^"]*)"', page))
    assert first.post(address, {**again, "value": "云帆软件"}).status_code == 200
    assert Customer.objects.get(pk=employed.pk).employer == "云帆软件"
    assert Fact.objects.get(name="employer").by == bank.owner


def test_a_choice_that_went_on_changing_asks_once_more(bank, employed, sign_in):
    first, second = sign_in(bank.owner), sign_in(bank.supervisor)
    address = field(employed)
    mine = opened(first, address)
    second.post(address, {**opened(second, address), "value": "联创贸易"})
    page = first.post(address, {**mine, "value": "云帆软件"}).content.decode()
    again = dict(re.findall(r'<input type="hidden" name="(opened|original)" value="([^"]*)"', page))
    second.post(address, {**opened(second, address), "value": "嘉禾食品"})
    assert first.post(address, {**again, "value": "云帆软件"}).status_code == 422


def test_who_wrote_the_same_is_not_bothered(bank, employed, sign_in):
    first, second = sign_in(bank.owner), sign_in(bank.supervisor)
    address = field(employed)
    mine = opened(first, address)
    second.post(address, {**opened(second, address), "value": "联创贸易"})
    assert first.post(address, {**mine, "value": "联创贸易"}).status_code == 200


def test_declining_does_not_go_over_a_new_value_nor_a_value_over_declining(bank, employed, sign_in):
    first, second = sign_in(bank.owner), sign_in(bank.supervisor)
    address = field(employed)
    mine = opened(first, address)
    second.post(address, {**opened(second, address), "value": "联创贸易"})
    clash = first.post(address, {**mine, "declined": "1"})
    assert clash.status_code == 422
    assert "declined to say" in clash.content.decode()
    assert Customer.objects.get(pk=employed.pk).employer == "联创贸易"
    mine = opened(first, address)
    second.post(address, {**opened(second, address), "declined": "1"})
    assert first.post(address, {**mine, "value": "云帆软件"}).status_code == 422
    assert Customer.objects.get(pk=employed.pk).declined == ["employer"]


def test_other_fields_do_not_clash_and_both_stay(bank, employed, sign_in):
    first, second = sign_in(bank.owner), sign_in(bank.supervisor)
    mine, theirs = opened(first, field(employed)), opened(second, field(employed, "occupation"))
    second.post(field(employed, "occupation"), {**theirs, "declined": "1"})
    assert first.post(field(employed), {**mine, "value": "云帆软件"}).status_code == 200
    kept = Customer.objects.get(pk=employed.pk)
    assert (kept.employer, kept.declined) == ("云帆软件", ["occupation"])


def test_an_identifier_clashes_without_being_shown(bank, employed, sign_in):
    first, second = sign_in(bank.owner), sign_in(bank.supervisor)
    address = field(employed, "phone")
    mine = opened(first, address)
    assert "13800138000" not in "".join(mine.values())
    second.post(address, {**opened(second, address), "value": "13900139001"})
    clash = first.post(address, {**mine, "value": "13700137002"})
    assert clash.status_code == 422
    page = clash.content.decode()
    assert "138****8000" in page
    assert "139****9001" in page
    assert "13900139001" not in page
    assert 'value="13700137002"' in page
