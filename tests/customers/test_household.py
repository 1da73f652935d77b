"""Relations and households: seen from both sides, children only with their guardian, and nobody shown who is hidden."""

from datetime import date

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from crm.audit.models import Entry
from customers import consent, family_picture, households, relations
from customers.models import Consent, Features, Household, HouseholdMember, Relation, RelationKind
from tests.factories import make_customer

KINDS = st.sampled_from(RelationKind.values)


@given(first=st.integers(1, 10**6), second=st.integers(1, 10**6), kind=KINDS)
def test_a_relation_is_stored_the_same_from_whichever_side_it_is_told(first, second, kind):
    if first == second:
        with pytest.raises(ValueError, match="themselves"):
            relations.canonical(first, second, kind)
        return
    one = relations.canonical(first, second, kind)
    assert one == relations.canonical(second, first, relations.INVERSE[kind])
    assert one[0] < one[1]
    assert relations.INVERSE[relations.INVERSE[kind]] == kind


@given(assets=st.lists(st.none() | st.integers(-(10**12), 10**12), max_size=8), hidden=st.integers(0, 3))
def test_a_total_is_called_partial_whenever_it_is_less_than_the_whole(assets, hidden):
    total = households.total(assets, hidden)
    assert total.partial == (hidden > 0 or None in assets)
    known = [amount for amount in assets if amount is not None]
    assert total.amount == (sum(known) if known else None)


@given(count=st.integers(0, 12))
def test_nothing_of_the_picture_leaves_its_frame_and_no_two_circles_touch(count):
    row = Relation(kind="spouse")
    people = [relations.Person(row, "spouse", "刘芳", None, False, False, None, None)] * count
    picture = family_picture.draw("张伟明", people)
    assert len(picture.spots) == min(count, family_picture.MOST)
    for spot in picture.spots:
        assert 22 <= spot.x <= 320 - 22
        assert 22 <= spot.y <= picture.height - 22
        assert 12 <= spot.first < spot.second <= picture.height - 2
    spots = [(spot.x, spot.y) for spot in picture.spots] + [picture.centre]
    assert all(abs(a[0] - b[0]) > 50 or abs(a[1] - b[1]) > 50 for n, a in enumerate(spots) for b in spots[:n])


def add(browser, customer, **data):
    return browser.post(reverse("customers:relation-add", args=[customer.number]), data)


def panel(browser, customer):
    return browser.get(reverse("customers:household", args=[customer.number])).content.decode()


@pytest.fixture
def wife(bank):
    made = make_customer("620100000002", "刘芳", bank.branch, owner=bank.owner, birth_date=date(1982, 1, 1))
    Features.objects.create(customer=made, aum=41_200_00)
    return made


def test_a_relation_is_seen_from_both_sides_and_walked_along(bank, customer, wife, sign_in):
    browser = sign_in(bank.owner)
    kept = add(browser, customer, kind="parent", who=wife.number)
    assert kept.status_code == 200
    assert kept.headers["HX-Trigger"] == "customer-changed"
    assert "parent" in panel(browser, customer)
    assert "daughter" not in panel(browser, customer)
    other = panel(browser, wife)
    assert "son" in other
    assert reverse("customer", args=[customer.number]) in other
    assert add(browser, wife, kind="child", who=customer.number).status_code == 422  # the same once more
    entry = Entry.objects.filter(detail__what="added").get()
    assert set(entry.object_ids) == {customer.pk, wife.pk}
    pk = Relation.objects.get().pk
    removed = browser.post(reverse("customers:relation-remove", args=[wife.number, pk]))
    assert removed.status_code == 200
    assert "Nobody is known yet" in panel(browser, customer)
    assert Entry.objects.filter(detail__what="removed").exists()


def test_a_household_has_a_total_and_says_when_it_is_a_part(bank, customer, wife, sign_in):
    Features.objects.create(customer=customer, aum=123_230_00)
    browser = sign_in(bank.owner)
    add(browser, customer, kind="spouse", who=wife.number, together="on")
    page = panel(browser, customer)
    assert "together 164.4k" in page
    assert "a part of the whole" not in page
    hidden = make_customer("620100000003", "张国柱", bank.other_branch, owner=bank.outsider)
    Features.objects.create(customer=hidden, aum=9_876_543_00)
    HouseholdMember.objects.create(household=Household.objects.get(), customer=hidden, main=True)
    relations.add(customer, "parent", other=hidden, by=bank.outsider)
    page = panel(browser, customer)
    assert "together 164.4k" in page
    assert "a part of the whole" in page
    assert "and 1 who is not shown" in page
    assert "国柱" not in page
    assert hidden.number not in page
    assert "9.9m" not in page
    # The other side sees their own part, and nothing of the first.
    theirs = panel(sign_in(bank.outsider), hidden)
    assert "张伟明" not in theirs
    assert "together 9.9m" in theirs


def test_who_is_not_looked_after_cannot_be_linked_and_is_answered_like_unknown(bank, customer, sign_in):
    hidden = make_customer("620100000003", "张国柱", bank.other_branch, owner=bank.outsider)
    browser = sign_in(bank.owner)
    denied = add(browser, customer, kind="parent", who=hidden.number)
    unknown = add(browser, customer, kind="parent", who="620199999999")
    assert denied.status_code == unknown.status_code == 422
    assert denied.content.decode().replace(hidden.number, "") == unknown.content.decode().replace("620199999999", "")
    assert not Relation.objects.exists()


def test_a_child_is_kept_only_once_its_guardian_agreed(bank, customer, sign_in):
    browser = sign_in(bank.owner)
    child = {"kind": "child", "who": "张小可", "young": "on"}
    refused = add(browser, customer, **child)
    assert refused.status_code == 422
    assert "nothing is kept before its guardian agrees" in refused.content.decode()
    assert 'value="张小可"' in refused.content.decode()
    assert add(browser, customer, **child, guardian="刘芳").status_code == 422
    assert not Relation.objects.exists()
    assert not Consent.objects.exists()
    assert add(browser, customer, **child, guardian="刘芳", means="in_person").status_code == 200
    assert Consent.objects.get(customer=customer).guardian_name == "刘芳"
    page = panel(browser, customer)
    assert "张小可" in page
    assert "guardian 刘芳" in page
    assert 'class="dashed"' in page
    # Taken back, the name goes.
    consent.withdraw(customer, consent.CHILD, means="phone", by=bank.owner)
    assert "张小可" not in panel(browser, customer)
    assert not Entry.objects.filter(detail__icontains="张小可").exists()


def test_a_consent_that_a_file_took_back_hides_the_childs_name_too(bank, customer, sign_in):
    browser = sign_in(bank.owner)
    add(browser, customer, kind="child", who="张小可", young="on", guardian="刘芳", means="phone")
    row = Consent.objects.get(customer=customer)
    row.withdrawn_at = row.given_at
    row.save()
    page = panel(browser, customer)
    assert "张小可" not in page
    assert "consent taken back" in page


def test_a_customer_who_is_a_child_asks_for_the_guardian_as_well(bank, customer, sign_in):
    child = make_customer("620100000009", "张可", bank.branch, owner=bank.owner, birth_date=date(2020, 1, 1))
    browser = sign_in(bank.owner)
    assert add(browser, customer, kind="child", who=child.number).status_code == 422
    assert add(browser, customer, kind="child", who=child.number, guardian="刘芳", means="phone").status_code == 200
    assert Consent.objects.get().customer == child
    # It stands: the next relation of the child does not ask again.
    assert add(browser, child, kind="introduced_by", who="王阿姨").status_code == 200


def test_several_groups_and_one_main_household(bank, customer, wife, sign_in):
    browser = sign_in(bank.owner)
    add(browser, customer, kind="spouse", who=wife.number, together="on")
    form = reverse("customers:group-add", args=[customer.number])
    assert browser.post(form, {"kind": "household", "name": "老家"}).status_code == 422
    assert browser.post(form, {"kind": "household", "name": "老家", "members": [wife.number]}).status_code == 200
    second = HouseholdMember.objects.get(customer=customer, main=False)
    browser.post(reverse("customers:group-main", args=[customer.number, second.pk]))
    assert HouseholdMember.objects.get(customer=customer, main=True).pk == second.pk
    page = panel(browser, customer)
    assert page.index("老家") < page.index("and relations") or "老家" in page
    browser.post(reverse("customers:group-leave", args=[customer.number, second.pk]))
    assert not Household.objects.filter(name="老家").exists()  # a group of one is none


def test_a_group_of_somebody_else_is_not_left_by_its_number(bank, customer, wife, sign_in):
    group = households.live_together(customer, wife, by=bank.owner)
    theirs = group.members.get(customer=wife)
    browser = sign_in(bank.owner)
    assert browser.post(reverse("customers:group-leave", args=[customer.number, theirs.pk])).status_code == 404


def test_a_restricted_relative_takes_part_in_nothing(bank, customer, wife, sign_in):
    relations.add(customer, "spouse", other=wife, by=bank.owner)
    wife.status = "restricted"
    wife.save()
    page = panel(sign_in(bank.owner), customer)
    assert "刘芳" not in page
    assert add(sign_in(bank.owner), wife, kind="spouse", who="x").status_code == 403
