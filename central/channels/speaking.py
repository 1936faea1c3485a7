"""Messages to citizens, by the way they came."""

from collections.abc import Sequence
from typing import Any

from central.channels.models import Gateway
from central.following.models import EMAIL
from central.outbox.models import Channel
from central.outbox.posting import Post

MESSAGE_TYPE = "id.sigap.message.v1"


def message(gateway: str, to: str, text: str, key: str) -> Post:
    """One short message, handed to the gateway as a signed webhook.

    Raises:
        Gateway.DoesNotExist: it was deleted.
    """
    address = Gateway.objects.values_list("address", flat=True).get(pk=gateway)
    content = {"type": MESSAGE_TYPE, "channel": gateway, "to": to, "text": text}
    return Post(key, Channel.WEBHOOK, address, content)


def answer(via: str, to: str, lines: Sequence[str], key: str, *, subject: str, answers: str = "") -> Post:
    """The same by e-mail too; `answers` is the Message-ID it belongs to."""
    if via != EMAIL:
        return message(via, to, "\n".join(lines).strip(), key)
    content: dict[str, Any] = {"subject": subject, "text": "\n".join((*lines, ""))}
    if answers:
        content["headers"] = {"In-Reply-To": answers, "References": answers}
    return Post(key, Channel.EMAIL, to, content)
