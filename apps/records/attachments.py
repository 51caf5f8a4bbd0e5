"""Files of records: what is accepted, decided by content and not by name, and where they are kept.

No HTTP.
"""

from __future__ import annotations

import hashlib
import io
import os
import re
import unicodedata
import warnings
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path, PurePosixPath
from typing import IO, Any
from uuid import uuid4

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

from apps.records.actors import Actor
from apps.records.events import publish
from apps.records.intake import admit
from apps.records.models import Attachment, Record
from apps.records.protected import file_check

NAME_MOST = 180
PIXELS_MOST = 50_000_000
MEMBERS_MOST = 2000
UNPACKED_MOST = 200_000_000
RATIO_MOST = 100
_ZIP, _PDF = b"PK\x03\x04", b"%PDF-"
_OOXML = "application/vnd.openxmlformats-officedocument."


def size_most() -> int:
    """The largest file accepted, in bytes."""
    return int(getattr(settings, "ATTACHMENT_SIZE_MOST", 10_000_000))


def limits_text() -> str:
    """What may be attached, in one sentence."""
    return _("Images, PDF, Word, Excel, PowerPoint, OpenDocument, text and CSV, up to %(size)s.") % {
        "size": filesizeformat(size_most())
    }


def attachment_add(
    actor: Actor,
    *,
    record: Record,
    name: str,
    content: IO[bytes],
    description: str = "",
    data_types: Sequence[int] = (),
) -> Attachment:
    """Check a file, keep it under a name drawn by lot, and hang it on the record.

    Images are drawn anew, so that nothing but the picture remains of them. Raises ValidationError on `file`, also for
    a file that is itself marked higher than the record; on `data_types` for protected data that it may not hold.
    Whoever is barred from one of them reads neither the file nor that there is one.
    """
    try:
        name = clean_name(name)
        sent = _read(content)
        data, media_type = checked(name, sent)
        # WHY: of the file as it was sent: a picture loses its texts when it is drawn anew.
        held = {*data_types, *admit(actor, record=record, name=name, data=sent)}
    except ValidationError as error:
        raise ValidationError({"file": error.messages}) from None
    file_check(actor, record, held)
    key = uuid4()
    path = path_of(str(key))
    made = Attachment(
        record_id=record.pk, author=actor.user, name=name, description=description.strip(),
        media_type=media_type, size=len(data), sha256=hashlib.sha256(data).hexdigest(), key=key,
        data_types=sorted(held),
    )  # fmt: skip
    made.clean_fields(exclude=["record", "author"])
    _keep(path, data)
    try:
        with transaction.atomic():
            made.save()
            publish(record, f"{record.type}.attachment")
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return made


def opened(attachment: Attachment) -> IO[bytes]:
    """The stored file. Raises FileNotFoundError when it is gone."""
    return path_of(str(attachment.key)).open("rb")


def path_of(key: str) -> Path:
    """Where a key's file is kept; keys are UUIDs drawn by the server, never anybody's input."""
    return Path(settings.MEDIA_ROOT) / key[:2] / key


def _keep(path: Path, data: bytes) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def clean_name(name: str) -> str:
    """The file's own name without folders, control and direction characters.

    ValidationError when nothing is left.
    """
    flat = PurePosixPath(name.replace("\\", "/")).name
    kept = "".join(
        c
        for c in unicodedata.normalize("NFC", flat)
        if unicodedata.category(c) not in {"Cc", "Cf", "Co", "Cs"}
    )
    kept = re.sub(r"\s+", " ", kept).strip(" .")
    if not kept or "." not in kept:
        raise ValidationError(_("The file needs a name with an ending such as “.pdf”."))
    stem, dot, ending = kept.rpartition(".")
    return stem[: NAME_MOST - len(ending) - 1] + dot + ending


def _read(content: IO[bytes]) -> bytes:
    most = size_most()
    data = content.read(most + 1)
    if len(data) > most:
        raise ValidationError(_("The file is larger than %(size)s.") % {"size": filesizeformat(most)})
    if not data:
        raise ValidationError(_("The file is empty."))
    return data


def checked(name: str, data: bytes) -> tuple[bytes, str]:
    """(bytes to keep, media type) of a file whose content is what its ending says;
    ValidationError otherwise.
    """
    ending = name.rpartition(".")[2].lower()
    known = _ACCEPTED.get(ending)
    if known is None:
        raise ValidationError(_("Files of the type “.%(ending)s” are not accepted. %(limits)s") % {
            "ending": ending[:20], "limits": limits_text(),
        })  # fmt: skip
    check, media_type = known
    return check(data, ending), media_type


def _mismatch(ending: str) -> ValidationError:
    return ValidationError(
        _("The content of this file is not that of a sound “.%(ending)s” file.") % {"ending": ending}
    )


def _image(data: bytes, ending: str) -> bytes:
    """The picture drawn anew: no EXIF, no position, no second file behind it."""
    wanted = {"jpg": "JPEG", "jpeg": "JPEG", "png": "PNG", "gif": "GIF", "webp": "WEBP"}[ending]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data), formats=[wanted]) as probe:
                if probe.width * probe.height > PIXELS_MOST:
                    raise _too_many_pixels()
                probe.verify()
            with Image.open(io.BytesIO(data), formats=[wanted]) as image:
                upright = ImageOps.exif_transpose(image)
                fresh = Image.new(upright.mode, upright.size)
                if upright.mode == "P" and (palette := upright.getpalette()):
                    fresh.putpalette(palette)
                fresh.paste(upright)
                out = io.BytesIO()
                extra: dict[str, Any] = {"quality": 88} if wanted in {"JPEG", "WEBP"} else {}
                if wanted == "PNG" and "transparency" in upright.info:
                    extra["transparency"] = upright.info["transparency"]
                fresh.save(out, wanted, **extra)
                return out.getvalue()
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise _too_many_pixels() from None
    except ValidationError:
        raise
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError):
        raise _mismatch(ending) from None


def _too_many_pixels() -> ValidationError:
    return ValidationError(_("The picture has too many pixels. Make it smaller and try again."))


def _pdf(data: bytes, ending: str) -> bytes:
    if not data.startswith(_PDF) or b"%%EOF" not in data[-2048:]:
        raise _mismatch(ending)
    return data


def _text(data: bytes, ending: str) -> bytes:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ValidationError(_("This text is not in UTF-8. Save it as UTF-8 and try again.")) from None
    if any(ord(c) < 32 and c not in "\t\n\r\f" for c in text):
        raise _mismatch(ending)
    return data


_PARTS = {
    "docx": "word/document.xml", "xlsx": "xl/workbook.xml", "pptx": "ppt/presentation.xml",
    "odt": "content.xml", "ods": "content.xml", "odp": "content.xml",
}  # fmt: skip


def _document(data: bytes, ending: str) -> bytes:
    """A packed document: bounded, with the part that makes it what it says, without macros and odd paths."""
    if not data.startswith(_ZIP):
        raise _mismatch(ending)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            members = packed.infolist()
            names = {member.filename for member in members}
            _bounded(members, len(data), ending)
            if _PARTS[ending] not in names:
                raise _mismatch(ending)
            if any("vbaproject" in name.lower() or name.lower().startswith("basic/") for name in names):
                raise ValidationError(_("Documents with macros are not accepted."))
            _unpack(packed, members, ending)
    except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError, EOFError, ValueError):
        raise _mismatch(ending) from None
    return data


def _bounded(members: list[zipfile.ZipInfo], packed_size: int, ending: str) -> None:
    total = sum(member.file_size for member in members)
    if len(members) > MEMBERS_MOST or total > UNPACKED_MOST or total > packed_size * RATIO_MOST:
        raise ValidationError(_("This file unpacks to far more than it should and was refused."))
    for member in members:
        parts = PurePosixPath(member.filename.replace("\\", "/")).parts
        if member.filename.startswith("/") or ".." in parts or member.flag_bits & 0x1:
            raise _mismatch(ending)


def _unpack(packed: zipfile.ZipFile, members: list[zipfile.ZipInfo], ending: str) -> None:
    """Read every member to its end: its true size and checksum must be those that it states."""
    for member in members:
        left = member.file_size
        with packed.open(member) as stream:
            while piece := stream.read(65536):
                left -= len(piece)
                if left < 0:
                    raise _mismatch(ending)


_Check = Callable[[bytes, str], bytes]
_ACCEPTED: dict[str, tuple[_Check, str]] = {
    "jpg": (_image, "image/jpeg"),
    "jpeg": (_image, "image/jpeg"),
    "png": (_image, "image/png"),
    "gif": (_image, "image/gif"),
    "webp": (_image, "image/webp"),
    "pdf": (_pdf, "application/pdf"),
    "txt": (_text, "text/plain; charset=utf-8"),
    "csv": (_text, "text/csv; charset=utf-8"),
    "docx": (_document, f"{_OOXML}wordprocessingml.document"),
    "xlsx": (_document, f"{_OOXML}spreadsheetml.sheet"),
    "pptx": (_document, f"{_OOXML}presentationml.presentation"),
    "odt": (_document, "application/vnd.oasis.opendocument.text"),
    "ods": (_document, "application/vnd.oasis.opendocument.spreadsheet"),
    "odp": (_document, "application/vnd.oasis.opendocument.presentation"),
}
