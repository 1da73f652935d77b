"""The bank's gateway for SMS and WeChat Work: signed JSON over HTTP, each message under its own key.

POST {url}/messages takes a message on: 200 or 202 with {"id": …}. The header Idempotency-Key is the message's key: the
gateway takes a key once, and answers a second time with the first answer. GET {url}/messages/{key} tells what became
of it: {"state": "accepted" | "delivered" | "refused"}, or 404 where the key is not known.
"""

import json
import time
from typing import Any
from uuid import UUID

import httpx

from interactions.messaging.adapters.way import LONGEST, Answer, Outcome, Outgoing
from interactions.messaging.signing import SIGNATURE, TIMESTAMP, signature

_TAKEN_ON = (200, 201, 202)
# These say that nothing was taken on, but that it may be later: not allowed to, too early, too many, busy.
_LATER = (401, 403, 404, 407, 425, 429, 503)
# The gateway, or something before it, gave up, or the key is being worked on: nobody knows yet.
_UNSAID = (408, 409)
_MOST_BYTES = 64 << 10
_STATES = {"accepted": Outcome.ACCEPTED, "delivered": Outcome.DELIVERED, "refused": Outcome.REFUSED}


class Gateway:
    """url: without a slash at its end, https in production. timeout: seconds a request may take."""

    can_tell = True

    def __init__(self, url: str, secret: str, timeout: float = LONGEST) -> None:
        self.url, self.secret = url.rstrip("/"), secret
        # No proxies of the environment: what goes to the gateway goes there alone. No line is kept: one that the other
        # end has closed meanwhile would leave a message in doubt.
        self._client = httpx.Client(
            timeout=timeout, trust_env=False, limits=httpx.Limits(max_keepalive_connections=0, max_connections=8)
        )

    def send(self, outgoing: Outgoing) -> Answer:
        body = json.dumps(
            {
                "key": str(outgoing.key), "channel": outgoing.channel, "to": outgoing.to, "customer": outgoing.customer,
                "subject": outgoing.subject, "text": outgoing.text, "language": outgoing.language,
                "purpose": outgoing.purpose,
            },
            ensure_ascii=False,
        ).encode()  # fmt: skip
        try:
            response = self._request("POST", "/messages", body, {"Idempotency-Key": str(outgoing.key)})
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
            return Answer(Outcome.NOT_ACCEPTED, type(error).__name__)  # not a byte of the message has left
        except httpx.HTTPError as error:
            return Answer(Outcome.IN_DOUBT, type(error).__name__)
        return _said_of_sending(response)

    def ask(self, key: UUID) -> Answer:
        try:
            response = self._request("GET", f"/messages/{key}", b"", {})
        except httpx.HTTPError as error:
            return Answer(Outcome.IN_DOUBT, type(error).__name__)
        if response.status_code == httpx.codes.NOT_FOUND and _json(response).get("key") == str(key):
            return Answer(Outcome.NOT_ACCEPTED, "not known to the gateway")
        if response.status_code != httpx.codes.OK:
            return Answer(Outcome.IN_DOUBT, f"HTTP {response.status_code}")
        said = _json(response)
        return Answer(_STATES.get(str(said.get("state")), Outcome.IN_DOUBT), _detail(said), _id(said))

    def _request(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> httpx.Response:
        timestamp = str(int(time.time()))
        signed = body or path.encode()
        headers = {
            **headers, TIMESTAMP: timestamp, SIGNATURE: signature(self.secret, timestamp, signed),
            "Content-Type": "application/json",
        }  # fmt: skip
        return self._client.request(method, self.url + path, content=body or None, headers=headers)


def _said_of_sending(response: httpx.Response) -> Answer:
    said, code = _json(response), response.status_code
    detail = f"HTTP {code} {_detail(said)}".strip()
    if code in _TAKEN_ON and said:
        return Answer(Outcome.ACCEPTED, detail, _id(said))
    if said.get("accepted") is False:  # the gateway's own word
        return Answer(Outcome.REFUSED if said.get("final") is True else Outcome.NOT_ACCEPTED, detail)
    if code in _LATER:
        return Answer(Outcome.NOT_ACCEPTED, detail)
    if 400 <= code < 500 and code not in _UNSAID:
        return Answer(Outcome.REFUSED, detail)
    return Answer(Outcome.IN_DOUBT, detail)


def _json(response: httpx.Response) -> dict[str, Any]:
    try:
        said = json.loads(response.content[:_MOST_BYTES])
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}


def _id(said: dict[str, Any]) -> str:
    return str(said.get("id") or "")[:80]


def _detail(said: dict[str, Any]) -> str:
    return str(said.get("reason") or "")[:120].replace("\x00", "")
