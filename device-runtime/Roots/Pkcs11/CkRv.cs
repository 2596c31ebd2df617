namespace TrustMesh.Roots.Pkcs11;

/// <summary>CK_RV (PKCS#11 3.0, 5.1): how a call of the C interface ended. Values that are not named here may come all the same.</summary>
public enum CkRv : ulong
{
    Ok = 0x0, Cancel = 0x1, HostMemory = 0x2, SlotIdInvalid = 0x3, GeneralError = 0x5, FunctionFailed = 0x6, ArgumentsBad = 0x7, CantLock = 0xa,
    AttributeReadOnly = 0x10, AttributeSensitive = 0x11, AttributeTypeInvalid = 0x12, AttributeValueInvalid = 0x13, ActionProhibited = 0x1b,
    DataInvalid = 0x20, DataLenRange = 0x21, DeviceError = 0x30, DeviceMemory = 0x31, DeviceRemoved = 0x32, FunctionCanceled = 0x50,
    FunctionNotSupported = 0x54, KeyHandleInvalid = 0x60, KeySizeRange = 0x62, KeyTypeInconsistent = 0x63, KeyFunctionNotPermitted = 0x68,
    MechanismInvalid = 0x70, MechanismParamInvalid = 0x71, ObjectHandleInvalid = 0x82, OperationActive = 0x90, OperationNotInitialized = 0x91,
    PinIncorrect = 0xa0, PinInvalid = 0xa1, PinLenRange = 0xa2, PinExpired = 0xa3, PinLocked = 0xa4, SessionClosed = 0xb0, SessionCount = 0xb1,
    SessionHandleInvalid = 0xb3, SessionReadOnly = 0xb5, TemplateIncomplete = 0xd0, TemplateInconsistent = 0xd1, TokenNotPresent = 0xe0,
    TokenNotRecognized = 0xe1, TokenWriteProtected = 0xe2, UserAlreadyLoggedIn = 0x100, UserNotLoggedIn = 0x101, UserPinNotInitialized = 0x102,
    UserTypeInvalid = 0x103, UserAnotherAlreadyLoggedIn = 0x104, UserTooManyTypes = 0x105, RandomNoRng = 0x121, DomainParamsInvalid = 0x130,
    CurveNotSupported = 0x140, BufferTooSmall = 0x150, CryptokiNotInitialized = 0x190, CryptokiAlreadyInitialized = 0x191,
}
