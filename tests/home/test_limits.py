"""How often something may be done, and from where."""

import datetime

import pytest
from django.test import RequestFactory
from django.utils import timezone

from home import limits, network
from home.models import RateCount

THREE_A_DAY = limits.Limit("test", times=3, seconds=limits.DAY)


@pytest.mark.django_db
def test_the_fourth_of_three_is_refused_and_another_subject_is_not() -> None:
    assert [limits.take(THREE_A_DAY, subject="anna") for _ in range(4)] == [True, True, True, False]
    assert limits.take(THREE_A_DAY, subject="bruno")
    assert not limits.take(THREE_A_DAY, subject="ANNA")


@pytest.mark.django_db
def test_a_new_stretch_of_time_starts_from_nothing() -> None:
    for _ in range(4):
        limits.take(THREE_A_DAY, subject="anna")
    RateCount.objects.update(expires_at=timezone.now() - datetime.timedelta(seconds=1))
    assert limits.take(THREE_A_DAY, subject="anna")


@pytest.mark.django_db
def test_past_counts_are_deleted_and_current_ones_kept() -> None:
    limits.take(THREE_A_DAY, subject="anna")
    limits.take(THREE_A_DAY, subject="bruno")
    past = RateCount.objects.order_by("pk").first()
    RateCount.objects.filter(pk=past.pk).update(expires_at=timezone.now())
    limits.prune(timezone.now() + datetime.timedelta(seconds=1))
    assert RateCount.objects.count() == 1


@pytest.mark.parametrize(
    ("proxies", "forwarded", "expected"),
    [
        (0, "203.0.113.9", "192.0.2.1"),  # nobody is trusted: the header is the client's own word
        (1, "203.0.113.9", "203.0.113.9"),
        (1, "10.0.0.1, 203.0.113.9", "203.0.113.9"),  # the first entry is forged
        (2, "10.0.0.1, 203.0.113.9, 198.51.100.4", "203.0.113.9"),
        (2, "203.0.113.9", "192.0.2.1"),  # it did not pass both proxies
        (1, "203.0.113.9:4711", "203.0.113.9"),
        (1, "[2001:db8::7]:4711", "2001:db8::7"),
        (1, "not an address", ""),
    ],
)
def test_only_as_many_forwarded_addresses_are_believed_as_there_are_proxies(
    settings, proxies: int, forwarded: str, expected: str
) -> None:
    settings.TRUSTED_PROXIES = proxies
    request = RequestFactory().get(
        "/", REMOTE_ADDR="192.0.2.1", headers={"x-forwarded-for": forwarded}
    )
    assert network.client_address(request) == expected


def test_an_ipv6_household_is_one_network() -> None:
    one = RequestFactory().get("/", REMOTE_ADDR="2001:db8:1:2::7")
    other = RequestFactory().get("/", REMOTE_ADDR="2001:db8:1:2:ffff::8")
    assert network.client_network(one) == network.client_network(other) == "2001:db8:1:2::"
