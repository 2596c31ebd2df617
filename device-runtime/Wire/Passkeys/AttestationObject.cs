using TrustMesh.Wire.Cbor;

namespace TrustMesh.Wire.Passkeys;

/// <summary>
/// How a new credential arrives (WebAuthn 3, 6.5.4): <c>{"fmt": "none", "attStmt": {}, "authData": bytes}</c>. Nothing else is asked for and nothing else is
/// accepted: who made an authenticator is not judged here.
/// </summary>
/// <param name="AuthenticatorData">As it came.</param>
public sealed record AttestationObject(ReadOnlyMemory<byte> AuthenticatorData)
{
    /// <summary>Throws <see cref="WireException"/>.</summary>
    public static AttestationObject Decode(ReadOnlyMemory<byte> bytes)
    {
        var reader = new StrictCborReader(bytes, "attestationObject", Caps.AttestationObject);
        var map = reader.ReadMap("attestationObject", 3);
        reader.Key(ref map, "fmt", "fmt");
        reader.ReadFixed("fmt", "none");
        reader.Key(ref map, "attStmt", "attStmt");
        var statement = reader.ReadMap("attStmt", 0);
        reader.EndMap(ref statement);
        reader.Key(ref map, "authData", "authData");
        var data = reader.ReadBytes("authData", 1, Caps.AuthenticatorData);
        reader.EndMap(ref map);
        reader.End("attestationObject");
        return new(data);
    }
}
