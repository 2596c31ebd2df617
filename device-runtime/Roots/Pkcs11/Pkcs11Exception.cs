namespace TrustMesh.Roots.Pkcs11;

/// <summary>A call of the C interface that did not end with CKR_OK. Stays inside Roots: callers see a <see cref="RootException"/>.</summary>
/// <param name="function">Such as <c>C_Login</c>.</param>
public sealed class Pkcs11Exception(string function, CkRv rv) : Exception(Pkcs11ErrorText.Sentence(rv))
{
    public string Function { get; } = function;

    public CkRv Rv { get; } = rv;

    /// <summary>The session is gone, and a new one may work: the token was pulled out, another part of this process ended the module.</summary>
    public bool IsSessionLost => Rv is CkRv.SessionHandleInvalid or CkRv.SessionClosed or CkRv.DeviceRemoved or CkRv.TokenNotPresent or CkRv.TokenNotRecognized
        or CkRv.CryptokiNotInitialized or CkRv.UserNotLoggedIn or CkRv.KeyHandleInvalid or CkRv.ObjectHandleInvalid;

    /// <summary>The token did not take the PIN. It may count, so the same PIN is never given again.</summary>
    public bool IsPinRefused => Rv is CkRv.PinIncorrect or CkRv.PinInvalid or CkRv.PinLenRange;

    /// <summary>The token can not keep an object of this kind, now and later.</summary>
    public bool IsUnsupported => Rv is CkRv.FunctionNotSupported or CkRv.AttributeTypeInvalid or CkRv.AttributeValueInvalid or CkRv.AttributeReadOnly or CkRv.TemplateInconsistent
        or CkRv.TemplateIncomplete or CkRv.TokenWriteProtected or CkRv.SessionReadOnly or CkRv.DeviceMemory or CkRv.ActionProhibited;
}
