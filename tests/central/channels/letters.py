"""Letters as citizens write them."""

from email import policy
from email.message import EmailMessage
from email.utils import make_msgid


def letter(
    text: str,
    *,
    sender: str = "Ani <ani@example.org>",
    subject: str = "",
    photos: tuple[bytes, ...] = (),
    named: str = "",
    **headers: str,
) -> bytes:
    """As bytes; `headers` with underscores for dashes."""
    written = EmailMessage()
    written["From"], written["To"], written["Subject"] = sender, "lapor@sigap.example", subject
    written["Message-ID"] = named or make_msgid(domain="example.org")
    for name, value in headers.items():
        written[name.replace("_", "-")] = value
    written.set_content(text)
    for photo in photos:
        written.add_attachment(photo, maintype="image", subtype="jpeg", filename="IMG_1.jpg")
    return written.as_bytes(policy=policy.SMTP)
