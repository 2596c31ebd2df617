namespace TrustMesh.Roots.Pkcs11;

/// <summary>The words for CK_RV: what each means and what an operator can do.</summary>
internal static class Pkcs11ErrorText
{
    /// <summary>Meaning, the standard's name, remedy.</summary>
    internal static string Sentence(CkRv rv) => $"{Meaning(rv)} ({Name(rv)}). {Remedy(rv)}";

    private static string Name(CkRv rv)
        => Enum.IsDefined(rv) ? $"CKR_{UpperSnake(rv.ToString())}, 0x{(ulong)rv:x}" : (ulong)rv >= 0x8000_0000 ? $"a vendor's code 0x{(ulong)rv:x}" : $"unknown code 0x{(ulong)rv:x}";

    private static string Meaning(CkRv rv) => rv switch
    {
        CkRv.PinIncorrect => "the PIN is wrong, and the token may have counted the attempt",
        CkRv.PinInvalid => "the PIN has characters the token does not take",
        CkRv.PinLenRange => "the PIN is too short or too long for the token",
        CkRv.PinExpired => "the PIN has expired",
        CkRv.PinLocked => "the token is locked because of too many wrong PINs",
        CkRv.UserPinNotInitialized => "the token has no user PIN yet",
        CkRv.UserNotLoggedIn => "the token wants its PIN first",
        CkRv.UserAnotherAlreadyLoggedIn or CkRv.UserTooManyTypes => "somebody else is logged in to the token in this process",
        CkRv.TokenNotPresent => "there is no token in the slot",
        CkRv.TokenNotRecognized => "the module does not know this token",
        CkRv.TokenWriteProtected or CkRv.SessionReadOnly => "the token is write-protected",
        CkRv.DeviceRemoved => "the token was pulled out",
        CkRv.DeviceError => "the token does not work properly",
        CkRv.DeviceMemory => "the token has no space left",
        CkRv.SessionHandleInvalid or CkRv.SessionClosed => "the session with the token is over",
        CkRv.SessionCount => "the token takes no further session",
        CkRv.SlotIdInvalid => "the slot is gone",
        CkRv.KeyHandleInvalid or CkRv.ObjectHandleInvalid => "the object is not in the token any more",
        CkRv.KeyFunctionNotPermitted => "the key may not sign",
        CkRv.KeyTypeInconsistent or CkRv.KeySizeRange => "the key is not of the kind that is needed",
        CkRv.MechanismInvalid or CkRv.MechanismParamInvalid => "the token does not know this algorithm",
        CkRv.CurveNotSupported or CkRv.DomainParamsInvalid => "the token does not know the curve P-256",
        CkRv.AttributeReadOnly or CkRv.AttributeTypeInvalid or CkRv.AttributeValueInvalid or CkRv.TemplateIncomplete or CkRv.TemplateInconsistent or CkRv.ActionProhibited
            => "the token does not make an object of this kind",
        CkRv.FunctionNotSupported => "the module does not have this function",
        CkRv.CantLock => "the module can not be used by several threads",
        CkRv.CryptokiNotInitialized => "the module was shut down",
        CkRv.HostMemory => "the module is out of memory",
        CkRv.RandomNoRng => "the token has no source of randomness",
        _ => "the module or the token failed",
    };

    private static string Remedy(CkRv rv) => rv switch
    {
        CkRv.PinIncorrect or CkRv.PinInvalid or CkRv.PinLenRange => "Put the right PIN where the settings say; it is not tried a second time.",
        CkRv.PinExpired => "Set a new one (pkcs11-tool --change-pin) and put it where the settings say.",
        CkRv.PinLocked => "Unlock it with its security officer's PIN (pkcs11-tool --unlock-pin), then put the right PIN where the settings say.",
        CkRv.UserPinNotInitialized => "Initialise it (pkcs11-tool --init-pin).",
        CkRv.TokenNotPresent or CkRv.DeviceRemoved or CkRv.SlotIdInvalid => "Put the token in.",
        CkRv.TokenNotRecognized => "Use the module of the token's maker.",
        CkRv.TokenWriteProtected or CkRv.SessionReadOnly => "Take the write protection off, or make the key with the maker's tools.",
        CkRv.DeviceMemory => "Delete objects that nobody needs.",
        CkRv.SessionCount => "End other programs that use the token.",
        CkRv.KeyHandleInvalid or CkRv.ObjectHandleInvalid or CkRv.SessionHandleInvalid or CkRv.SessionClosed or CkRv.UserNotLoggedIn or CkRv.CryptokiNotInitialized
            => "Start the agent again.",
        CkRv.KeyFunctionNotPermitted or CkRv.KeyTypeInconsistent or CkRv.KeySizeRange => "Let the agent make the key: choose a keyLabel that no object of the token has.",
        CkRv.MechanismInvalid or CkRv.MechanismParamInvalid or CkRv.CurveNotSupported or CkRv.DomainParamsInvalid or CkRv.FunctionNotSupported or CkRv.CantLock
            => "It needs a token and a module with CKM_EC_KEY_PAIR_GEN and CKM_ECDSA on P-256.",
        CkRv.UserAnotherAlreadyLoggedIn or CkRv.UserTooManyTypes => "Use the token for nothing else in this process.",
        _ => "Take the token out and put it in again; if it stays, report the code with the token's maker and firmware.",
    };

    /// <summary>PinIncorrect → PIN_INCORRECT.</summary>
    private static string UpperSnake(string name) => string.Concat(name.Select((c, at) => at > 0 && char.IsUpper(c) ? $"_{c}" : $"{char.ToUpperInvariant(c)}"));
}
