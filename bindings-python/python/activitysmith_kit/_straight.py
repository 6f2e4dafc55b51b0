"""An update's way into the native library: the only call that loops make without a pause, and that waits for nothing.

The generated module makes it in twice the time. This one knows what that module knows of the C interface between them
(UniFFI's, of one pinned version), and leaves failures to it.
"""

from __future__ import annotations

from ctypes import POINTER, Structure, byref, c_char_p, c_int8, c_int32, c_uint64

from ._native import activitysmith_kit as generated

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ._native import NativePublisher


class _Borrowed(Structure):
    """Bytes that the library reads during a call."""

    _fields_ = (("length", c_int32), ("start", c_char_p))


_Status = generated._UniffiRustCallStatus
_failed = generated._uniffi_check_call_status
_errors = generated._UniffiFfiConverterTypeNativeError

# By these lookups they are functions of this module's own, whose types are no concern of the generated one.
_share = generated._UniffiLib["uniffi_activitysmith_kit_fn_clone_nativepublisher"]
_share.argtypes = (c_uint64, POINTER(_Status))
_share.restype = c_uint64
_update = generated._UniffiLib["uniffi_activitysmith_kit_fn_method_nativepublisher_update"]
_update.argtypes = (c_uint64, _Borrowed, c_int8, POINTER(_Status))
_update.restype = c_int8


def update(publisher: NativePublisher, patch: bytes, urgent: bool) -> bool:
    """What `NativePublisher.update` does."""
    status = _Status()
    told = byref(status)
    # A call takes a share in what it is made on, and gives it back.
    news: int = _update(_share(publisher._handle, told), _Borrowed(len(patch), patch), urgent, told)
    if status.code:
        _failed(_errors, status)
    return news != 0
