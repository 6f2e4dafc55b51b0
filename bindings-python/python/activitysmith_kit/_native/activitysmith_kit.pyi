"""What the package uses of the generated module's inside."""

import ctypes

_UniffiLib: ctypes.CDLL

class _UniffiRustCallStatus(ctypes.Structure):
    code: int

class _UniffiFfiConverterTypeNativeError: ...

def _uniffi_check_call_status(
    error_ffi_converter: type[_UniffiFfiConverterTypeNativeError], call_status: _UniffiRustCallStatus
) -> None: ...
