namespace TrustMesh.Roots.Pkcs11;

/// <summary>
/// The part of the C interface of PKCS#11 that this project uses (v2.40 and 3.0, clause 5). Handles are as the module gives them. Every
/// member throws <see cref="Pkcs11Exception"/> for anything but CKR_OK. One caller at a time.
/// </summary>
public interface ICryptoki : IDisposable
{
    /// <summary>Path of the module.</summary>
    string Module { get; }

    /// <summary>C_GetSlotList: slots that hold a token.</summary>
    IReadOnlyList<nuint> Slots();

    /// <summary>C_GetSlotInfo and C_GetTokenInfo.</summary>
    TokenDescription Describe(nuint slot);

    /// <summary>C_OpenSession: the session.</summary>
    nuint OpenSession(nuint slot, bool writable);

    /// <summary>C_CloseSession.</summary>
    void CloseSession(nuint session);

    /// <summary>C_Login as the token's user; being logged in already is fine.</summary>
    void Login(nuint session, ReadOnlySpan<byte> pin);

    /// <summary>C_FindObjectsInit, C_FindObjects, C_FindObjectsFinal: at most <see cref="Cryptoki.MaxObjects"/>.</summary>
    IReadOnlyList<nuint> Find(nuint session, CkTemplate wanted);

    /// <summary>C_GetAttributeValue for one attribute. Null where the object does not have it or does not tell it.</summary>
    byte[]? Attribute(nuint session, nuint instance, CkAttribute attribute);

    /// <summary>C_GenerateKeyPair with CKM_EC_KEY_PAIR_GEN; the curve is in the public key's template. The private key.</summary>
    nuint GenerateKeyPair(nuint session, CkTemplate publicKey, CkTemplate privateKey);

    /// <summary>C_SignInit with CKM_ECDSA, C_Sign over a digest (32 bytes): r ‖ s.</summary>
    byte[] Sign(nuint session, nuint key, ReadOnlySpan<byte> digest);

    /// <summary>C_GenerateRandom.</summary>
    byte[] Random(nuint session, int count);

    /// <summary>C_CreateObject.</summary>
    nuint Create(nuint session, CkTemplate instance);

    /// <summary>C_DestroyObject.</summary>
    void Destroy(nuint session, nuint instance);
}
